"""The immutable objects, Parquet parts and raw bytes, wherever they lie: beside the ledger or in a bucket.

An object is named by its path in the warehouse, `store/…` or `raw/…`. Nobody sees it before the ledger names it.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from io import BufferedRandom
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from tasks.storage.layout import Warehouse
from tasks.storage.on_disk import OnDisk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Objects(Protocol):
    """What can be done with objects. One that is not there is a FileNotFoundError, other trouble another OSError."""

    def url(self, path: str) -> str:
        """The address under which DuckDB and other programs know an object or a folder of them."""

    def new(self, path: str) -> AbstractContextManager[BufferedRandom]:
        """A file to write a new object into and to read it again; when the block ends, the bytes are there for good."""

    def put(self, path: str, data: bytes) -> None:
        """Write an object, whole or not at all, in the place of an earlier one if need be."""

    def adopt(self, half_made: Path, path: str) -> None:
        """Make a file in tmp/ an object, whole or not at all; the file is gone then."""

    def settle(self, paths: Iterable[str]) -> None:
        """See that the names of objects that were written are there for good."""

    def renew(self, path: str) -> bool:
        """Make an object young, since garbage goes by age; False where it has to be written to be so."""

    def source(self, path: str) -> Path | pa.NativeFile:
        """What Arrow reads an object from."""

    def size(self, path: str) -> int:
        """The number of its bytes."""

    def exists(self, path: str) -> bool:
        """Whether it is there."""

    def delete(self, path: str) -> None:
        """See that it is gone."""

    def erase(self, path: str) -> None:
        """See that it is gone for good, after a power cut too."""

    def listed(self, folder: str) -> Iterator[tuple[str, float]]:
        """Path and time of writing, in seconds since 1970, of all objects in a folder."""

    def serve(self, connection: "DuckDBPyConnection") -> None:
        """Let a connection read the objects under their addresses."""


def objects_of(warehouse: Warehouse) -> Objects:
    """The objects of a warehouse."""
    if warehouse.address is None:
        return OnDisk(warehouse.root)
    from tasks.storage.on_s3 import OnS3

    return OnS3(warehouse.address, warehouse.tmp)
