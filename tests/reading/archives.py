"""Real archives, made in memory; and what reading makes of one."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from tasks.reading.containers import Archive
from tasks.reading.contents import FileContent, FileRefusal, read_contents
from tasks.reading.discovery import find_files
from tasks.reading.limits import ArchiveLimits
from tasks.reading.settings import MAX_FILE_BYTES, ReadingSettings

WHEN = 1_764_583_200  # 2025-12-01 10:00 UTC
THREE = {"a.txt": b"first", "sub/b.txt": b"second", "c": b"third"}

Files = Mapping[str, bytes]


def zip_of(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive; its members' times are in its directory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (2025, 12, 1, 10, 0, 0))
            entry.compress_type = method
            archive.writestr(entry, data)
    return packed.getvalue()


def tar_of(files: Files, form: int = tarfile.PAX_FORMAT, **changes: object) -> bytes:
    """A tar archive; `changes` go to each member's header."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for name, data in files.items():
            header = tarfile.TarInfo(name)
            header.size, header.mtime = len(data), WHEN
            for key, value in changes.items():
                setattr(header, key, value)
            archive.addfile(header, io.BytesIO(data))
    return packed.getvalue()


def zst(data: bytes) -> bytes:
    """One frame, as `zstd` writes it: with a checksum only if the library does."""
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def gz(data: bytes) -> bytes:
    """One frame with a time."""
    return gzip.compress(data, mtime=WHEN)


PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gz, "zst": zst, "bz2": bz2.compress, "xz": lzma.compress}

ARCHIVES: dict[str, Callable[[Files], bytes]] = {
    "zip": zip_of,
    "tar": tar_of,
    **{f"tar.{codec}": lambda files, pack=pack: pack(tar_of(files)) for codec, pack in PACKERS.items()},  # type: ignore[misc]
    **{short: lambda files, pack=PACKERS[codec]: pack(tar_of(files)) for short, codec in  # type: ignore[misc]
       {"tgz": "gz", "tzst": "zst", "tbz2": "bz2", "tbz": "bz2", "txz": "xz"}.items()},
}  # fmt: skip

Item = FileContent | FileRefusal | Archive


def limits(max_file_bytes: int = MAX_FILE_BYTES, **changes: int) -> ReadingSettings:
    """Settings with other limits; `max_file_bytes` is the one of a member."""
    return ReadingSettings(archives=ArchiveLimits(**changes), max_file_bytes=max_file_bytes)


def walk(item: Item) -> Iterator[Item]:
    """A file as it is; of an archive its members, walked too, and then itself."""
    if isinstance(item, Archive):
        with item.file:
            for member in item.members():
                yield from walk(member)
    yield item


def unpack(folder: Path, name: str, data: bytes, settings: ReadingSettings | None = None) -> list[Item]:
    """Everything that reading finds in one file with these bytes."""
    (folder / name).write_bytes(data)
    (found,) = (file for file in find_files(folder) if file.path == name)
    return list(walk(read_contents(folder, found, settings or ReadingSettings(), folder.parent)))


def fates(items: list[Item]) -> dict[str, str]:
    """What became of each path: its text, or the reason why it has none; an archive that was walked whole is `read`."""
    return {item.path: fate(item) for item in items}


def fate(item: Item) -> str:
    if isinstance(item, FileContent):
        return item.data.decode("latin-1")
    if isinstance(item, FileRefusal):
        return item.reason.value
    return item.refusal.reason.value if item.refusal else "read"
