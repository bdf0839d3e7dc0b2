"""The members of a tar archive, read forwards once.

The headers are taken apart by `tarfile`; walking is done here, because `tarfile` keeps every member it has met, holds
headers of any declared size in memory, and takes a cut between two members or data behind the end for a good end.
"""

import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemas.reasons import Reason
from tasks.reading.limits import Damaged, Meter
from tasks.reading.members import Member
from tasks.reading.streams import Readable

BLOCK = tarfile.BLOCKSIZE
# A name of 4 KiB is the longest that Linux takes; no header that describes a member needs more than this.
MOST_HEADER_BYTES = 1 << 20
PIECE = 256 * 1024

KINDS = {
    tarfile.SYMTYPE: "link to ",
    tarfile.LNKTYPE: "link to ",
    tarfile.CHRTYPE: "device",
    tarfile.BLKTYPE: "device",
    tarfile.FIFOTYPE: "pipe",
    tarfile.DIRTYPE: "folder",
}
SPARSE = "GNU.sparse"
PAX_RECORD = re.compile(rb"(\d{1,8}) ([^=\n]{1,200})=")


def is_tar(head: bytes) -> bool:
    """Whether a file that begins so is a tar archive."""
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


@dataclass(slots=True)
class Tape:
    """A tar archive while it is wound forwards."""

    source: Readable
    at: int = 0

    def exactly(self, size: int) -> bytes:
        """The next bytes. Raises `Damaged` when there are fewer."""
        data = self.source.read(size)
        self.at += len(data)
        if len(data) < size:
            raise Damaged(f"cut short after {self.at:,} unpacked bytes")
        return data

    def skip(self, size: int) -> None:
        """Wind on."""
        while size > 0:
            size -= len(self.exactly(min(size, PIECE)))

    def header_data(self, size: int) -> bytes:
        """The data of a header that describes the next one."""
        if size > MOST_HEADER_BYTES:
            raise Damaged(f"a header of {size:,} bytes at {self.at:,}")
        return self.exactly(padded(size))[:size]

    def check_end(self) -> None:
        """Read on to the end. Raises `Damaged` when something lies behind the mark of the end."""
        while data := self.source.read(PIECE):
            if data.strip(b"\0"):
                raise Damaged(f"data behind the mark of the end at {self.at:,}")
            self.at += len(data)


@dataclass(slots=True)
class Contents:
    """The data of one member; what is left unread is wound over."""

    tape: Tape
    left: int

    def read(self, size: int, /) -> bytes:
        data = self.tape.exactly(min(size, self.left))
        self.left -= len(data)
        return data


@dataclass(slots=True)
class Described:
    """What headers before a member's own say about it."""

    of_all: dict[str, str] = field(default_factory=dict)
    of_next: dict[str, str] = field(default_factory=dict)
    damage: str | None = None

    def values(self) -> Mapping[str, str]:
        return {**self.of_all, **self.of_next}


def find_tar_members(source: Readable, meter: Meter) -> Iterator[Member]:
    """Every member but folders, each to be read before the next is asked for. Raises `ArchiveRefused`."""
    tape, described = Tape(source), Described()
    while True:
        block = tape.source.read(BLOCK)
        if not block:
            raise Damaged(f"ends at {tape.at:,} without the mark of the end")
        tape.at += len(block)
        if not block.strip(b"\0"):
            tape.check_end()
            return
        meter.add_member()  # headers that only describe count too: there could be millions
        header = parse_header(block, tape.at - len(block))
        if not describe(tape, header, described):
            data = Contents(tape, size_of(header, described.values()))
            padding = padded(data.left) - data.left
            if header.type == tarfile.GNUTYPE_SPARSE:
                skip_sparse_headers(tape, block)
            yield from member(header, described, data)
            tape.skip(data.left + padding)
            described = Described(of_all=described.of_all)


def parse_header(block: bytes, at: int) -> tarfile.TarInfo:
    """One header. Raises `Damaged` when it is none."""
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        raise Damaged(f"no member where one must begin, at {at:,} ({error})") from error
    if header.size < 0:
        raise Damaged(f"a member of a negative size at {at:,}")
    return header


def describe(tape: Tape, header: tarfile.TarInfo, described: Described) -> bool:
    """Take in a header that describes the next member or all; False for a member's own."""
    if header.type in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
        key = "path" if header.type == tarfile.GNUTYPE_LONGNAME else "linkpath"
        described.of_next[key] = os.fsdecode(tape.header_data(header.size).rstrip(b"\0"))
        return True
    if header.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE):
        records = parse_records(tape.header_data(header.size))
        if records is None:
            described.damage = f"the header at {tape.at:,} that describes it cannot be read"
        elif header.type == tarfile.XGLTYPE:
            described.of_all |= records
        else:
            described.of_next |= records
        return True
    return False


def parse_records(data: bytes) -> dict[str, str] | None:
    """The records `LENGTH KEY=VALUE` of a pax header that are of use; None when they are not in that form."""
    found: dict[str, str] = {}
    at = 0
    while at < len(data) and data[at]:
        record = PAX_RECORD.match(data, at)
        end = at + int(record[1]) if record else 0
        if record is None or end <= record.end() or data[end - 1 : end] != b"\n":
            return None
        key = record[2].decode("utf-8", "replace")
        if key.startswith(SPARSE):
            key = SPARSE  # that there is one says all; a header may hold 40,000, and they are copied for each member
        if key in ("path", "linkpath", "size", "mtime", SPARSE):
            found[key] = os.fsdecode(data[record.end() : end - 1])
        at = end
    return found


def size_of(header: tarfile.TarInfo, described: Mapping[str, str]) -> int:
    """The bytes of data behind a header; links, devices and folders have none, whatever they say."""
    if header.type in KINDS:
        return 0
    size = described.get("size", "")
    return int(size) if size.isascii() and size.isdigit() and len(size) < 20 else header.size


def member(header: tarfile.TarInfo, described: Described, data: Contents) -> Iterator[Member]:
    """The member that a header begins; nothing for a folder."""
    values = described.values()
    kind = kind_of(header, values)
    if kind == "folder":
        return
    problem = None
    if described.damage:
        problem = (Reason.DAMAGED_ARCHIVE, described.damage)
    elif kind:
        problem = (Reason.NOT_REGULAR_FILE, kind)
    yield Member(
        name=values.get("path", header.name),
        size_bytes=data.left,
        modified_s=seconds(values.get("mtime"), header.mtime),
        open=None if problem else lambda: data,
        problem=problem,
    )


def kind_of(header: tarfile.TarInfo, described: Mapping[str, str]) -> str | None:
    """What a member is that is no plain file; None when it is one."""
    if header.type in KINDS:
        kind = KINDS[header.type]
        return kind + described.get("linkpath", header.linkname) if kind.endswith(" ") else kind
    if header.type == tarfile.GNUTYPE_SPARSE or SPARSE in described:
        return "sparse file"
    plain = header.type in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
    return None if plain else f"kind {header.type!r}"


def skip_sparse_headers(tape: Tape, block: bytes) -> None:
    """Wind over the lists of holes that follow an old sparse member's header."""
    is_followed = block[482]
    while is_followed:
        is_followed = tape.exactly(BLOCK)[504]


def seconds(described: str | None, own: float) -> float | None:
    """The time of a member in seconds since 1970."""
    try:
        return float(described) if described else float(own)
    except (ValueError, OverflowError):
        return None


def padded(size: int) -> int:
    """The bytes that data of this size takes."""
    return -(-size // BLOCK) * BLOCK
