"""Where everything lies in a warehouse, and how bytes reach the disk for good."""

import os
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from schemas.errors import NewsmillError, WrongUse
from tasks.storage.readonly import kept_address

# What DuckDB takes for a pattern or a partition is left out, and what no bucket may be called.
ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]+[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*/?")


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The folders and files of one warehouse; `root` is absolute, and `address` where its objects lie if elsewhere."""

    root: Path
    address: str | None = None

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.sqlite"

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.duckdb"

    @property
    def manifest(self) -> Path:
        return self.root / "manifest.json"

    @property
    def tables(self) -> Path:
        return self.root / "tables"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def is_local(self) -> bool:
        """Whether the objects lie in the warehouse folder, where tables/ has them under another name."""
        return self.address is None

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"


def locate(root: Path | str, store: str | None = None) -> Warehouse:
    """The warehouse at `root`, whether or not it exists; the objects of a new one are to lie at `store`."""
    warehouse = Warehouse(Path(os.path.abspath(root)))
    return replace(warehouse, address=kept_address(warehouse.ledger, store))


def parse_address(text: str) -> str:
    """`s3://bucket/prefix` without a slash at its end; raises WrongUse."""
    if not ADDRESS.fullmatch(text):
        raise WrongUse(
            f"The store is given as s3://bucket/prefix, in letters, digits, '-', '_' and '.', not {text!r}; without it"
            " everything lies in the warehouse folder."
        )
    return text.rstrip("/")


def create_folders(warehouse: Warehouse) -> None:
    """Make the warehouse's own folders; raises NewsmillError when that cannot be."""
    if "?" in str(warehouse.root):
        raise WrongUse(
            f"DuckDB opens no file below a folder with '?' in its name; choose another than {warehouse.root}."
        )
    try:
        for folder in (warehouse.store, warehouse.raw, warehouse.tmp) if warehouse.is_local else (warehouse.tmp,):
            make_folder(folder)
    except OSError as error:
        raise NewsmillError(f"The warehouse cannot be made at {warehouse.root}: {error.strerror}.") from error


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that a power cut does not take them back."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folders(files: Iterable[Path]) -> None:
    """Make the names of these files survive a power cut, each folder once."""
    for folder in {file.parent for file in files}:
        sync_folder(folder)


def sync_file(file: Path) -> None:
    """Make the bytes of a file survive a power cut."""
    with file.open("rb") as handle:
        os.fsync(handle.fileno())


def write_file(file: Path, data: bytes, scratch: Path) -> None:
    """Put bytes under a name in one step: written and synced beside, then renamed."""
    half_made = scratch / f"{file.name}.{scratch_mark()}"
    with gone_if_failed(half_made):
        with half_made.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        half_made.replace(file)


def scratch_mark() -> str:
    """What the name of no other half-made file has.

    The number of the process would not do: in containers, or on machines that share tmp/, several have the same.
    """
    return uuid.uuid4().hex[:16]


@contextmanager
def gone_if_failed(half_made: Path) -> Iterator[None]:
    """Delete a half-made file when the block raises: on a full disk it would hold the room that is missing."""
    try:
        yield
    except BaseException:
        half_made.unlink(missing_ok=True)
        raise
