"""The parts of one store on S3 as files that DuckDB reads: its own way there, httpfs, is a download."""

import os
import threading
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from fsspec import AbstractFileSystem
from pyarrow.fs import S3FileSystem

NEVER_CHANGED = datetime(1970, 1, 1, tzinfo=UTC)


class PartHandle:
    """One open part. DuckDB's threads share it, and each moves to a place and then reads from there.

    So each has a place of its own: with one for all, as fsspec's wrapper for Arrow has it, every other query over a few
    large parts failed or read the wrong bytes.
    """

    def __init__(self, path: str, file: pa.NativeFile) -> None:
        self.path = path
        self.file = file
        self.places: dict[int, int] = {}

    def seek(self, place: int, _whence: int = os.SEEK_SET) -> int:
        self.places[threading.get_ident()] = place
        return place

    def tell(self) -> int:
        return self.places.get(threading.get_ident(), 0)

    def read(self, size: int) -> bytes:
        place = self.tell()
        data: bytes = self.file.read_at(size, place)
        self.seek(place + len(data))
        return data

    def close(self) -> None:
        """The file stays open for the next handle."""


class S3ForDuckDB(AbstractFileSystem):  # type: ignore[misc]
    """What lies below one address, for reading only, file by file: hostile SQL finds no other bucket and no list."""

    protocol = "s3"
    cachable = False

    def __init__(self, s3: S3FileSystem, below: str) -> None:
        super().__init__()
        self.s3 = s3
        self.below = below
        # A query opens each part several times, and to open one is a request. They never change.
        self.files: dict[str, pa.NativeFile] = {}

    def key(self, path: str) -> str:
        """Bucket and key of a part; raises PermissionError for anything else."""
        if not path.startswith(self.below) or {"", ".", ".."} & {*path.removeprefix(self.below).split("/")}:
            raise PermissionError(f"{path} is no file of the store.")
        return path.removeprefix("s3://")

    def open(self, path: str, mode: str = "rb", **_: Any) -> PartHandle:
        if mode != "rb":
            raise PermissionError(f"{path} can only be read.")
        key = self.key(path)
        if path not in self.files:
            self.files[path] = self.s3.open_input_file(key)
        return PartHandle(path, self.files[path])

    def glob(self, path: str, **_: Any) -> list[str]:
        """The path itself: views name their files one by one, and to look for each would be a request."""
        return [path]

    def size(self, path: str) -> int:
        return int(self.files[path].size())

    def modified(self, path: str) -> datetime:  # noqa: ARG002
        return NEVER_CHANGED
