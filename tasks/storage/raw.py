"""The raw layer: the compressed bytes of every file read, named by their hash."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from schemas.errors import NewsmillError
from tasks.storage.layout import Warehouse, make_folder, sync_folders, write_file


def raw_file(warehouse: Warehouse, file_id: str) -> Path:
    """Where the bytes with this sha256 lie."""
    return warehouse.raw / file_id[:2] / f"{file_id}.zst"


def write_raw(warehouse: Warehouse, contents: Iterable[tuple[str, bytes]]) -> None:
    """Keep (file_id, bytes) pairs for good; what is already kept costs a look-up."""
    written = [file for file_id, data in contents if (file := write_one(warehouse, file_id, data))]
    sync_folders(written)


def write_one(warehouse: Warehouse, file_id: str, data: bytes) -> Path | None:
    """Write one raw file beside and rename it; None when it was there already."""
    file = raw_file(warehouse, file_id)
    if file.exists():
        return None
    make_folder(file.parent)
    write_file(file, pa.Codec("zstd").compress(data, asbytes=True), warehouse.tmp)
    return file


def read_raw(warehouse: Warehouse, file_id: str) -> bytes:
    """The bytes with this sha256; raises NewsmillError when they are not kept."""
    file = raw_file(warehouse, file_id)
    if not file.exists():
        raise NewsmillError(f"The raw bytes of file {file_id[:12]}… are not kept in {warehouse.raw}.")
    with pa.input_stream(str(file), compression="zstd") as stream:
        return bytes(stream.read())


def delete_raw(warehouse: Warehouse, file_id: str) -> None:
    """Delete the bytes with this sha256, if they are there."""
    file = raw_file(warehouse, file_id)
    file.unlink(missing_ok=True)
    if file.parent.is_dir():
        sync_folders([file])
