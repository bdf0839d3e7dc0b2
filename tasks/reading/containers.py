"""Archives and compressed files, read member by member without writing anything under a member's name.

The bytes lie in an unnamed temporary file, so what is walked is what was hashed and nothing changes it meanwhile. The
first bytes, not the ending, say what kind of archive it is; the ending says that it is one.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from schemas.reasons import FileOutcome, Reason
from tasks.reading.filebytes import EPOCH, FileContent, FileRefusal
from tasks.reading.limits import ArchiveRefused, Damaged, Meter, TooLarge
from tasks.reading.members import Member
from tasks.reading.names import (
    ending,
    is_archive,
    is_unpacked,
    is_unsafe_member,
    member_path,
    member_reason,
    says_tar,
    without_ending,
)
from tasks.reading.refusals import WholeRefusal
from tasks.reading.settings import ReadingSettings
from tasks.reading.streams import Peeked, Readable, Window, unpacked
from tasks.reading.tars import BLOCK, find_tar_members, is_tar
from tasks.reading.zips import find_zip_members

PIECE = 1 << 20
MOST_NAME = 4096  # the longest path that Linux takes
MOST_DETAIL = 200  # the target of a link may be a megabyte, a name in a zip 64 KiB
MOST_SIZE = 2**63 - 1  # what a column holds; a header may say more
CODECS = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}
# A zstd file may begin with frames to be skipped; parallel packers write one.
SKIPPED_FRAMES = tuple(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60))
ZIP_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(slots=True, kw_only=True)
class Archive:
    """One archive with its bytes; `members` walks it once, after which `refusal` and `has_unread` are right."""

    path: str
    file_id: str  # sha256 of its bytes, hexadecimal
    size_bytes: int
    modified_at: datetime
    file: BinaryIO
    settings: ReadingSettings
    scratch: Path | None
    meter: Meter
    depth: int = 1
    refusal: WholeRefusal | None = None
    has_unread: bool = False  # a member was refused without its bytes, so only the archive's keep it

    def members(self) -> Iterator["FileContent | FileRefusal | Archive"]:
        """Every member but folders, as a file of the input would be; never raises for the state of the archive.

        A nested archive comes as one of its own, to be walked, or not, before the next member is asked for.
        """
        is_empty = True
        try:
            for member in self.find_members():
                is_empty = False
                yield self.item(member)
        except ArchiveRefused as refused:
            self.refusal = WholeRefusal(reason=refused.reason, detail=refused.detail[:MOST_DETAIL])
        if is_empty and self.refusal is None:
            self.refusal = WholeRefusal(reason=Reason.EMPTY, detail="no member")

    def find_members(self) -> Iterator[Member]:
        """The members by the kind of archive that its first bytes show. Raises `ArchiveRefused`."""
        head = Window(self.file, 0, BLOCK).read(BLOCK)
        if not head:
            raise ArchiveRefused(Reason.EMPTY, "no bytes")
        whole = Window(self.file, 0, self.size_bytes)
        if head.startswith(ZIP_BEGINNINGS):
            return find_zip_members(self.file, self.size_bytes, self.meter)
        codec = codec_of(head)
        if codec is None:
            return find_tar_members(whole, self.meter) if self.is_tar(head) else self.refuse_unknown()
        stream = Peeked(unpacked(codec, whole, self.meter), BLOCK)
        if self.is_tar(stream.head):
            return find_tar_members(stream, self.meter)
        return iter([self.only_member(stream, head if codec == "gz" else b"")])

    def is_tar(self, head: bytes) -> bool:
        """Whether it is to be read as tar: so it looks, or so its name promises (then it is damaged or has nothing)."""
        return is_tar(head) or (says_tar(os.path.basename(self.path)) and ending(self.path) != "zip")

    def refuse_unknown(self) -> Iterator[Member]:
        raise Damaged(f"it does not begin as a .{ending(self.path)} or any other archive does")

    def only_member(self, stream: Readable, head: bytes) -> Member:
        """The one stream of a compressed file, named without the ending; gzip may know its time."""
        name = without_ending(os.path.basename(self.path).rpartition("!")[2])
        modified_s = float(int.from_bytes(head[4:8], "little"))
        return Member(name=name, size_bytes=0, modified_s=modified_s, open=lambda: stream, is_alone=True)

    def item(self, member: Member) -> "FileContent | FileRefusal | Archive":
        """What becomes of one member. Raises `ArchiveRefused` when the archive cannot be walked on."""
        path = member_path(self.path, member.name[:MOST_NAME])
        name = path[len(self.path) + 1 :]
        size_bytes = min(member.size_bytes, MOST_SIZE)
        at = Place(path=path, size_bytes=size_bytes, modified_at=plausible(member.modified_s, self.modified_at))
        if len(member.name) > MOST_NAME:
            return self.refused(at, Reason.UNSAFE_ARCHIVE, f"a name of {len(member.name):,} characters")
        if member.problem:
            return self.refused(at, *member.problem)
        reason = member_reason(name)
        if reason and reason is not Reason.UNSAFE_ARCHIVE:
            return at.refused(
                reason, f".{ending(name)}" if reason is Reason.UNSUPPORTED_TYPE else None, is_skipped=True
            )
        assert member.open is not None
        try:
            return self.read(at, member.open(), is_archive=reason is None and is_unpacked(name))
        except TooLarge as limit:
            if member.is_alone:
                raise
            return self.refused(at, limit.reason, limit.detail)
        except Damaged as damage:
            if member.is_alone:
                raise
            return self.refused(at, damage.reason, damage.detail)

    def read(self, at: "Place", stream: Readable, *, is_archive: bool) -> "FileContent | FileRefusal | Archive":
        """The bytes of a member: a file's in memory, an archive's in a temporary file of its own."""
        limits = self.settings.archives
        if not is_archive:
            return member_content(at.path, read_whole(stream, self.settings.max_file_bytes), at.modified_at)
        if self.depth >= limits.max_depth:
            return self.refused(at, Reason.UNSAFE_ARCHIVE, f"archives more than {limits.max_depth} deep")
        file, file_id, size_bytes = temporary_copy(stream, self.scratch, limits.max_archive_bytes)
        return replace(
            self,
            path=at.path,
            file_id=file_id,
            size_bytes=size_bytes,
            modified_at=at.modified_at,
            file=file,
            depth=self.depth + 1,
            refusal=None,
            has_unread=False,
        )

    def refused(self, at: "Place", reason: Reason, detail: str) -> FileRefusal:
        """A member whose bytes cannot be had; a link or device has none, and a damaged one damages the archive."""
        is_skipped = reason is Reason.NOT_REGULAR_FILE
        if reason is Reason.DAMAGED_ARCHIVE and self.refusal is None:
            self.refusal = WholeRefusal(reason=reason, detail=f"{at.path[len(self.path) + 1 :][:80]}: {detail}")
        self.has_unread |= not is_skipped
        return at.refused(reason, detail[:MOST_DETAIL], is_skipped=is_skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One member by its full path."""

    path: str
    size_bytes: int
    modified_at: datetime

    def refused(self, reason: Reason, detail: str | None, *, is_skipped: bool) -> FileRefusal:
        return FileRefusal(
            path=self.path,
            outcome=FileOutcome.SKIPPED if is_skipped else FileOutcome.REFUSED,
            reason=reason,
            detail=detail,
            size_bytes=self.size_bytes,
            modified_at=self.modified_at,
        )


def member_content(path: str, data: bytes, modified_at: datetime) -> FileContent | FileRefusal:
    """The bytes of a member; one whose name leads out is refused with them."""
    if is_unsafe_member(path):
        return refused_content(path, data, modified_at, Reason.UNSAFE_ARCHIVE, "its name leads out of the folder")
    return content(path, data, modified_at)


def content(path: str, data: bytes, modified_at: datetime) -> FileContent | FileRefusal:
    """The bytes of a file; an archive that is not unpacked is refused with them, so that a later version can."""
    if is_archive(path):
        detail = f"a .{ending(path)} archive; unpack it into the input folder"
        return refused_content(path, data, modified_at, Reason.UNSUPPORTED_TYPE, detail)
    file_id = hashlib.sha256(data).hexdigest()
    return FileContent(path=path, file_id=file_id, data=data, size_bytes=len(data), modified_at=modified_at)


def refused_content(path: str, data: bytes, modified_at: datetime, reason: Reason, detail: str) -> FileRefusal:
    """Bytes that are kept, but not read."""
    return FileRefusal(
        path=path,
        outcome=FileOutcome.REFUSED,
        reason=reason,
        detail=detail,
        size_bytes=len(data),
        modified_at=modified_at,
        file_id=hashlib.sha256(data).hexdigest(),
        data=data,
    )


def open_archive(
    path: str,
    file: BinaryIO,
    file_id: str,
    size_bytes: int,
    *,
    modified_at: datetime,
    settings: ReadingSettings,
    scratch: Path | None,
) -> Archive:
    """An archive whose bytes lie in a file that nothing else changes; nested ones are put in files in `scratch`."""
    meter = Meter(limits=settings.archives, archive_bytes=size_bytes)
    return Archive(
        path=path,
        file_id=file_id,
        size_bytes=size_bytes,
        modified_at=modified_at,
        file=file,
        settings=settings,
        scratch=scratch,
        meter=meter,
    )


def temporary_copy(source: Readable, folder: Path | None, limit: int) -> tuple[BinaryIO, str, int]:
    """All bytes in a file without a name, with their sha256 and number. Raises `TooLarge` above the limit."""
    file = temporary_file(folder)
    try:
        return file, *copy_into(file, source, limit)
    except BaseException:
        file.close()
        raise


def temporary_file(folder: Path | None) -> BinaryIO:
    """A file without a name, gone when it is closed."""
    return tempfile.TemporaryFile(dir=folder)


def copy_into(file: BinaryIO, source: Readable, limit: int) -> tuple[str, int]:
    """Copy and hash: sha256 and size. Raises `TooLarge` above the limit."""
    digest, size = hashlib.sha256(), 0
    while data := source.read(PIECE):
        size += len(data)
        if size > limit:
            raise TooLarge(limit)
        digest.update(data)
        file.write(data)
    file.flush()
    return digest.hexdigest(), size


def read_whole(source: Readable, limit: int) -> bytes:
    """All bytes. Raises `TooLarge` above the limit."""
    pieces: list[bytes] = []
    left = limit
    while data := source.read(min(PIECE, left + 1)):
        left -= len(data)
        if left < 0:
            raise TooLarge(limit)
        pieces.append(data)
    return b"".join(pieces)


def codec_of(head: bytes) -> str | None:
    """How a file that begins so is compressed."""
    if head.startswith(SKIPPED_FRAMES):
        return "zst"
    return next((codec for beginning, codec in CODECS.items() if head.startswith(beginning)), None)


# The zip format counts from here, so members without a time have it; a member is not younger than its archive, but
# a zip's clock may be that of another zone.
NO_TIME = 315_532_800 + 86_400
CLOCKS_APART = timedelta(days=1)


def plausible(modified_s: float | None, archive_modified_at: datetime) -> datetime:
    """The member's own time where it can be true, else its archive's."""
    if modified_s is None or not NO_TIME <= modified_s < 2**40:
        return archive_modified_at
    modified_at = EPOCH + timedelta(microseconds=int(modified_s * 1e6))
    return modified_at if modified_at <= archive_modified_at + CLOCKS_APART else archive_modified_at
