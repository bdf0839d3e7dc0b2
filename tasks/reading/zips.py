"""The members of a zip archive, found in its directory and unpacked within bounds.

`zipfile` reads the directory; unpacking is done here, because `zipfile` unpacks bzip2 and LZMA members without a bound
on memory. A zip that was cut has no directory: its members are then read one behind the other from the beginning.
"""

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from schemas.reasons import Reason
from tasks.reading.limits import ArchiveRefused, Damaged, Meter
from tasks.reading.members import Member
from tasks.reading.streams import Readable, Window, unpacked

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
LOCAL_SIGNATURE, DIRECTORY_SIGNATURE = b"PK\x03\x04", b"PK\x01\x02"
CODECS = {zipfile.ZIP_STORED: "stored", zipfile.ZIP_DEFLATED: "deflate", zipfile.ZIP_BZIP2: "bz2", 93: "zst"}
ENCRYPTED, SIZES_FOLLOW, IS_UTF8 = 0x1, 0x8, 0x800
# The longest directory entry that is taken for real; most are under 150 bytes.
MOST_ENTRY_BYTES = 512


class Directory(io.RawIOBase):
    """The file as `zipfile` may see it: a directory of more entries than the limit is never held in memory."""

    def __init__(self, file: BinaryIO, size: int, meter: Meter) -> None:
        self.file = file
        self.size = size
        self.meter = meter

    def read(self, size: int = -1, /) -> bytes:
        most = self.meter.limits.max_members * MOST_ENTRY_BYTES
        # Never more than there is: a read makes room for all that it asks for.
        left = max(0, self.size - self.file.tell())
        data = self.file.read(min(left, most + 1, size if size >= 0 else left))
        if len(data) > most:
            raise ArchiveRefused(Reason.TOO_LARGE, f"a directory of more than {most:,} bytes")
        if data.count(DIRECTORY_SIGNATURE) > self.meter.limits.max_members:
            raise ArchiveRefused(Reason.TOO_LARGE, f"more than {self.meter.limits.max_members:,} members")
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True


def find_zip_members(file: BinaryIO, size: int, meter: Meter) -> Iterator[Member]:
    """Every member but folders, in the order in which they lie in the file. Raises `ArchiveRefused`."""
    try:
        with zipfile.ZipFile(Directory(file, size, meter)) as directory:
            entries = sorted(directory.infolist(), key=lambda entry: entry.header_offset)
            end = directory.start_dir
    # What `zipfile` raises for a directory that makes no sense; OSError is a position before the file's beginning.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, 22):
            raise
        yield from find_members_in_order(file, size, meter)
        raise Damaged(f"its directory cannot be read ({error}); the members were read from the beginning") from error
    meter.add_members(len(entries))
    check_overlaps(entries, end)
    for entry in entries:
        if not is_folder(entry):
            yield member(file, entry, meter)


def check_overlaps(entries: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Refuse an archive whose members share bytes: that is how a small one unpacks to terabytes."""
    starts = [*(entry.header_offset for entry in entries), end][1:]
    for entry, start in zip(entries, starts, strict=True):
        if entry.header_offset < 0 or entry.header_offset + LOCAL_HEADER.size + entry.compress_size > start:
            raise ArchiveRefused(Reason.UNSAFE_ARCHIVE, f"entries overlap at byte {entry.header_offset:,}")


def is_folder(entry: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder, as Windows may write it too."""
    return name_of(entry).endswith("/")


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name as its bytes have it: most programs write UTF-8, whether they say so or not."""
    encoded = entry.orig_filename.encode("utf-8" if entry.flag_bits & IS_UTF8 else "cp437", "surrogateescape")
    return with_slashes(os.fsdecode(encoded))


def with_slashes(name: str) -> str:
    """The name with the separators that the format wants; old programs of Windows wrote their own."""
    return name if "/" in name else name.replace("\\", "/")


def member(file: BinaryIO, entry: zipfile.ZipInfo, meter: Meter) -> Member:
    """One member of the directory."""
    problem = problem_of(entry)
    return Member(
        name=name_of(entry),
        size_bytes=entry.file_size,
        modified_s=seconds(entry),
        open=None if problem else lambda: opened(file, entry, meter),
        problem=problem,
    )


def problem_of(entry: zipfile.ZipInfo) -> tuple[Reason, str] | None:
    """Why a member cannot be read."""
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return Reason.NOT_REGULAR_FILE, "link" if stat.S_ISLNK(mode) else "device or pipe"
    if entry.flag_bits & ENCRYPTED:
        return Reason.ENCRYPTED, "needs a password"
    if entry.compress_type not in CODECS:
        return Reason.UNSUPPORTED_TYPE, f"packed by method {entry.compress_type} of the zip format"
    return None


def opened(file: BinaryIO, entry: zipfile.ZipInfo, meter: Meter) -> Readable:
    """The unpacked bytes of a member. Raises `Damaged` when its own header is not what the directory says."""
    file.seek(entry.header_offset)
    header = file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(LOCAL_SIGNATURE):
        raise Damaged(f"no member at byte {entry.header_offset:,}")
    name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)[-2:]
    start = entry.header_offset + LOCAL_HEADER.size + name_bytes + extra_bytes
    packed = Window(file, start, entry.compress_size)
    return Checked(unpacked(CODECS[entry.compress_type], packed, meter), entry.file_size, entry.CRC)


class Checked:
    """A member's bytes with their number and checksum compared at the end."""

    def __init__(self, stream: Readable, size: int, crc: int) -> None:
        self.stream = stream
        self.size_left = size
        self.wanted = crc
        self.crc = 0

    def read(self, size: int, /) -> bytes:
        data = self.stream.read(size)
        self.crc = zlib.crc32(data, self.crc)
        self.size_left -= len(data)
        if len(data) < size and (self.size_left or self.crc != self.wanted):
            raise Damaged("its size or checksum is wrong")
        return data


UNIX_TIME = re.compile(rb"UT(.)\x00(.)(....)", re.DOTALL)


def seconds(entry: zipfile.ZipInfo) -> float | None:
    """The time of a member in seconds since 1970: the exact one where there is one, else the clock's, taken as UTC."""
    exact = UNIX_TIME.match(entry.extra)
    if exact and exact[1][0] >= 5 and exact[2][0] & 1:
        return float(struct.unpack("<l", exact[3])[0])
    try:
        return datetime(*entry.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def find_members_in_order(file: BinaryIO, size: int, meter: Meter) -> Iterator[Member]:
    """The members from the beginning on, by their own headers, as far as these tell their sizes."""
    at = 0
    while at + LOCAL_HEADER.size <= size:
        file.seek(at)
        signature, _, flags, method, time, day, crc, packed_bytes, size_bytes, name_length, extra_length = (
            LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
        )
        if signature != LOCAL_SIGNATURE or flags & SIZES_FOLLOW:
            return
        name = file.read(name_length)
        entry = zipfile.ZipInfo(os.fsdecode(name) or "?", dos_time(day, time))
        entry.orig_filename = name.decode("utf-8" if flags & IS_UTF8 else "cp437", "surrogateescape")
        entry.flag_bits, entry.compress_type, entry.header_offset = flags, method, at
        entry.CRC, entry.compress_size, entry.file_size = crc, packed_bytes, size_bytes
        at += LOCAL_HEADER.size + name_length + extra_length + packed_bytes
        meter.add_member()
        if at > size:
            raise Damaged(f"cut short in '{name_of(entry)}'")
        if not is_folder(entry):
            yield member(file, entry, meter)


def dos_time(day: int, time: int) -> tuple[int, int, int, int, int, int]:
    """A date and time as the format packs them."""
    return (
        1980 + (day >> 9),
        day >> 5 & 0xF,
        day & 0x1F,
        time >> 11,
        time >> 5 & 0x3F,
        (time & 0x1F) * 2,
    )
