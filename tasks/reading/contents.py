"""The bytes of one found file, or why they are not taken in."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas.reasons import FileOutcome, Reason
from tasks.reading.discovery import FoundFile, kind_of
from tasks.reading.links import LinkTarget, follow_link
from tasks.reading.names import ending, is_archive
from tasks.reading.opening import READ_FILE, opened_below, standing_below
from tasks.reading.settings import ReadingSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """One file read whole, unchanged while it was read."""

    path: str
    file_id: str  # sha256 of data, hexadecimal
    data: bytes
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefusal:
    """One path that is skipped, refused or deferred; file_id and data are None when it was not read."""

    path: str
    outcome: FileOutcome
    reason: Reason
    detail: str | None
    size_bytes: int
    modified_at: datetime
    file_id: str | None = None
    data: bytes | None = None


def read_contents(
    input_folder: Path, found: FoundFile, settings: ReadingSettings
) -> Iterator[FileContent | FileRefusal]:
    """What one found path holds; one item, whatever becomes of it. Never raises for the state of the file."""
    if found.skip is not None:
        yield refusal(found, found.skip.outcome, found.skip.reason, found.skip.detail)
        return
    if found.size_bytes > settings.max_file_bytes:
        yield too_large(found, settings)
        return
    try:
        data = read_unchanged(os.path.realpath(input_folder), found, settings.max_file_bytes)
    except OSError as error:
        yield could_not_read(found, error)
        return
    yield from [data] if isinstance(data, FileRefusal) else [content(found, data)]


def content(found: FoundFile, data: bytes) -> FileContent | FileRefusal:
    """The bytes as content; an archive is refused with its bytes, so that a later version can read it."""
    file_id = hashlib.sha256(data).hexdigest()
    if is_archive(found.path):
        detail = f"a .{ending(found.path)} archive; unpack it into the input folder"
        return refusal(found, FileOutcome.REFUSED, Reason.UNSUPPORTED_TYPE, detail, file_id=file_id, data=data)
    return FileContent(
        path=found.path, file_id=file_id, data=data, size_bytes=len(data), modified_at=instant(found.modified_ns)
    )


def read_unchanged(root: str, found: FoundFile, max_bytes: int) -> bytes | FileRefusal:
    """All bytes of a regular file whose size and time are those of the listing before and after. Raises `OSError`."""
    path = own_path(root, found)
    with opened_below(root, path, READ_FILE) as descriptor:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            return refusal(found, FileOutcome.SKIPPED, Reason.NOT_REGULAR_FILE, kind_of(before))
        data = read_at_most(descriptor, max_bytes + 1)
        after = os.fstat(descriptor)
    # The last one is whatever has the name now: the file may have been replaced by renaming another over it.
    standings = {(s.st_ino, s.st_size, s.st_mtime_ns) for s in (before, after, standing_below(root, path))}
    if standings != {(before.st_ino, found.size_bytes, found.modified_ns)} or len(data) != found.size_bytes:
        return refusal(found, FileOutcome.DEFERRED, Reason.CHANGED_WHILE_READING)
    return data


def own_path(root: str, found: FoundFile) -> str:
    """The path free of links that a link leads to; any other path as it is. Raises `OSError`."""
    if not stat.S_ISLNK(standing_below(root, found.path).st_mode):
        return found.path
    target = follow_link(root, found.path)
    if isinstance(target, LinkTarget):
        return target.path
    raise FileNotFoundError(f"the link now leads elsewhere ({target})")


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


def too_large(found: FoundFile, settings: ReadingSettings) -> FileRefusal:
    """Refused by the size in the listing, unread."""
    detail = f"{found.size_bytes:,} bytes; the limit is {settings.max_file_bytes:,}"
    return refusal(found, FileOutcome.REFUSED, Reason.TOO_LARGE, detail)


def refusal(
    found: FoundFile,
    outcome: FileOutcome,
    reason: Reason,
    detail: str | None = None,
    *,
    file_id: str | None = None,
    data: bytes | None = None,
) -> FileRefusal:
    """A refusal of a found path."""
    return FileRefusal(
        path=found.path,
        outcome=outcome,
        reason=reason,
        detail=detail,
        size_bytes=found.size_bytes,
        modified_at=instant(found.modified_ns),
        file_id=file_id,
        data=data,
    )


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(modified_ns: int) -> datetime:
    """Nanoseconds since 1970 as a UTC time; a file's clock may show years that a calendar lacks."""
    try:
        return EPOCH + timedelta(microseconds=modified_ns // 1000)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if modified_ns > 0 else datetime.min.replace(tzinfo=UTC)
