"""The bytes of one found file, or why they are not taken in."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from schemas.reasons import FileOutcome, Reason
from tasks.reading.containers import Archive, content, open_archive, temporary_copy
from tasks.reading.discovery import FoundFile, kind_of
from tasks.reading.filebytes import FileContent, FileRefusal, instant
from tasks.reading.limits import TooLarge
from tasks.reading.links import LinkTarget, follow_link
from tasks.reading.names import is_unpacked
from tasks.reading.opening import READ_FILE, READ_FOLDER, opened_below
from tasks.reading.settings import ReadingSettings

__all__ = ["Archive", "FileContent", "FileRefusal", "content", "instant", "read_contents"]


# The machine's own trouble, such as no room for the copy of an archive, is nothing to refuse a file for.
NOT_THE_FILES = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def read_contents(
    input_folder: Path, found: FoundFile, settings: ReadingSettings, scratch: Path | None = None
) -> FileContent | FileRefusal | Archive:
    """What one found path holds, an archive in a file in `scratch`; the input folder is named without links.

    Never raises for the state of the file; raises `OSError` when the machine has no room left for it.
    """
    if found.skip is not None:
        return refusal(found, found.skip.outcome, found.skip.reason, found.skip.detail)
    root = str(input_folder)
    read = read_archive if is_unpacked(found.path) else read_content
    try:
        return read(root, found, settings, scratch)
    except OSError as error:
        if error.errno in NOT_THE_FILES:
            raise
        return could_not_read(found, error)


def read_content(root: str, found: FoundFile, settings: ReadingSettings, _: Path | None) -> FileContent | FileRefusal:
    """A file in memory. Raises `OSError`."""
    if found.size_bytes > settings.max_file_bytes:
        return too_large(found, settings.max_file_bytes)
    pieces: list[bytes] = []

    def take(descriptor: int) -> int:
        pieces.append(read_at_most(descriptor, settings.max_file_bytes + 1))
        return len(pieces[0])

    return read_unchanged(root, found, take) or content(found.path, pieces[0], instant(found.modified_ns))


def read_archive(root: str, found: FoundFile, settings: ReadingSettings, scratch: Path | None) -> Archive | FileRefusal:
    """A copy of an archive, hashed. Raises `OSError`."""
    limit = settings.archives.max_archive_bytes
    if found.size_bytes > limit:
        return too_large(found, limit)
    copies: list[tuple[BinaryIO, str, int]] = []

    def take(descriptor: int) -> int:
        with open(descriptor, "rb", buffering=0, closefd=False) as source:
            copies.append(temporary_copy(source, scratch, limit))
        return copies[0][2]

    try:
        refused = read_unchanged(root, found, take)
    except TooLarge:  # it has grown since it was listed
        refused = refusal(found, FileOutcome.DEFERRED, Reason.CHANGED_WHILE_READING)
    if refused:
        for file, _, _ in copies:
            file.close()
        return refused
    ((file, file_id, size_bytes),) = copies
    modified_at = instant(found.modified_ns)
    return open_archive(
        found.path, file, file_id, size_bytes, modified_at=modified_at, settings=settings, scratch=scratch
    )


def read_unchanged(root: str, found: FoundFile, take: Callable[[int], int]) -> FileRefusal | None:
    """Let `take` read a regular file; a refusal unless size and time are as listed all along. Raises `OSError`."""
    with opened_folder(root, found.path) as (folder, name), opened_at(folder, name) as descriptor:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            return refusal(found, FileOutcome.SKIPPED, Reason.NOT_REGULAR_FILE, kind_of(before))
        size = take(descriptor)
        # The last one is whatever has the name now: the file may have been replaced by renaming another over it.
        all_along = (before, os.fstat(descriptor), os.stat(name, dir_fd=folder, follow_symlinks=False))
    standings = {(s.st_ino, s.st_size, s.st_mtime_ns) for s in all_along}
    if standings != {(before.st_ino, found.size_bytes, found.modified_ns)} or size != found.size_bytes:
        return refusal(found, FileOutcome.DEFERRED, Reason.CHANGED_WHILE_READING)
    return None


@contextmanager
def opened_folder(root: str, path: str) -> Iterator[tuple[int, str]]:
    """The folder that a file lies in, opened, and its name there; of a link, those of the file it leads to.

    Raises `OSError`.
    """
    folder, _, name = path.rpartition("/")
    with opened_below(root, folder, READ_FOLDER) as above:
        if not stat.S_ISLNK(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode):
            yield above, name
            return
    target = follow_link(root, path)
    if not isinstance(target, LinkTarget):
        raise FileNotFoundError(f"the link now leads elsewhere ({target})")
    folder, _, name = target.path.rpartition("/")
    with opened_below(root, folder, READ_FOLDER) as above:
        yield above, name


@contextmanager
def opened_at(folder: int, name: str) -> Iterator[int]:
    """A file of an open folder, never by way of a link. Raises `OSError`."""
    descriptor = os.open(name, READ_FILE, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read_at_most(descriptor: int, limit: int) -> bytes:
    """Up to `limit` bytes; a file growing meanwhile must not be read for ever."""
    parts = []
    while limit > 0 and (part := os.read(descriptor, min(limit, 8 * 1024 * 1024))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def could_not_read(found: FoundFile, error: OSError) -> FileRefusal:
    """Gone since the listing: next time. Anything else the system says is a refusal with its own words."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return refusal(found, FileOutcome.DEFERRED, Reason.VANISHED)
    if error.errno in (errno.ELOOP, errno.ENXIO):
        return refusal(found, FileOutcome.DEFERRED, Reason.CHANGED_WHILE_READING, "a link or socket took its place")
    return refusal(found, FileOutcome.REFUSED, Reason.UNREADABLE, error.strerror or str(error))


def too_large(found: FoundFile, limit: int) -> FileRefusal:
    """Refused by the size in the listing, unread."""
    return refusal(found, FileOutcome.REFUSED, Reason.TOO_LARGE, f"{found.size_bytes:,} bytes; the limit is {limit:,}")


def refusal(found: FoundFile, outcome: FileOutcome, reason: Reason, detail: str | None = None) -> FileRefusal:
    """A refusal of a found path, unread."""
    return FileRefusal(
        path=found.path,
        outcome=outcome,
        reason=reason,
        detail=detail,
        size_bytes=found.size_bytes,
        modified_at=instant(found.modified_ns),
    )
