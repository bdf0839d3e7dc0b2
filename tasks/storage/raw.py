"""The raw layer: the compressed bytes of every file read, named by their hash."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from schemas.errors import NewsmillError
from tasks.storage.layout import (
    Warehouse,
    gone_if_failed,
    make_folder,
    sync_file,
    sync_folder,
    sync_folders,
    write_file,
)

# Each file waits for the disk; several at once share one write of its journal. 400 files one by one 3.3 to 6.6 s,
# with eight threads 1.1 to 1.6 s.
WRITERS = 8
PIECE = 1 << 20


def raw_file(warehouse: Warehouse, file_id: str) -> Path:
    """Where the bytes with this sha256 lie."""
    return warehouse.raw / file_id[:2] / f"{file_id}.zst"


def write_raw(warehouse: Warehouse, contents: Iterable[tuple[str, bytes]]) -> None:
    """Keep (file_id, bytes) pairs for good; what is already kept costs a look-up."""
    # The same bytes may come twice in a batch, and two writers must not meet at one scratch file.
    once = dict(contents)
    with ThreadPoolExecutor(WRITERS) as writers:
        written = writers.map(lambda content: write_one(warehouse, *content), once.items())
        for _ in writers.map(sync_folder, {file.parent for file in written}):
            pass


def write_one(warehouse: Warehouse, file_id: str, data: bytes) -> Path:
    """Write one raw file beside and rename it, unless it is there; its folder is to be synced in either case.

    Another program, dead or alive, may have given the name and not yet synced the folder.
    """
    file = raw_file(warehouse, file_id)
    if file.exists():
        file.touch()  # bytes that no commit names are deleted by age, and these will be named soon
        return file
    make_folder(file.parent)
    write_file(file, pa.Codec("zstd").compress(data, asbytes=True), warehouse.tmp)
    return file


def keep_stream(warehouse: Warehouse, file_id: str, source: BinaryIO) -> None:
    """Keep all bytes of a file for good, without holding them in memory."""
    file = raw_file(warehouse, file_id)
    if file.exists():
        file.touch()
        sync_folder(file.parent)
        return
    make_folder(file.parent)
    half_made = warehouse.tmp / f"{file.name}.{os.getpid()}"
    source.seek(0)
    with gone_if_failed(half_made):
        with pa.CompressedOutputStream(str(half_made), "zstd") as sink:
            while data := source.read(PIECE):
                sink.write(data)
        sync_file(half_made)
        half_made.replace(file)
    sync_folder(file.parent)


def copy_raw(warehouse: Warehouse, file_id: str, sink: BinaryIO) -> int:
    """Copy the bytes with this sha256 into a file; gives their number, raises NewsmillError as `read_raw` does."""
    digest, size = hashlib.sha256(), 0
    with opened_raw(warehouse, file_id) as stream:
        while data := stream.read(PIECE):
            digest.update(data)
            size += sink.write(data)
    check_hash(warehouse, file_id, digest.hexdigest())
    sink.flush()
    return size


def read_raw(warehouse: Warehouse, file_id: str) -> bytes:
    """The bytes with this sha256; raises NewsmillError when they are not kept, or no longer as they were."""
    with opened_raw(warehouse, file_id) as stream:
        data = bytes(stream.read())
    check_hash(warehouse, file_id, hashlib.sha256(data).hexdigest())
    return data


@contextmanager
def opened_raw(warehouse: Warehouse, file_id: str) -> Iterator[pa.NativeFile]:
    """The kept bytes as a stream; what is damaged in them raises NewsmillError."""
    file = raw_file(warehouse, file_id)
    if not file.exists():
        raise NewsmillError(f"The raw bytes of file {file_id[:12]}… are not kept in {warehouse.raw}.")
    try:
        with pa.input_stream(str(file), compression="zstd") as stream:
            yield stream
    except OSError as error:
        raise NewsmillError(f"The raw bytes in {file} are damaged: {error}.") from error


def check_hash(warehouse: Warehouse, file_id: str, found: str) -> None:
    """Raise NewsmillError unless the kept bytes have their hash."""
    if found != file_id:
        file = raw_file(warehouse, file_id)
        raise NewsmillError(f"The raw bytes in {file} are damaged: they are not those of {file_id[:12]}….")


def delete_raw(warehouse: Warehouse, file_id: str) -> None:
    """Delete the bytes with this sha256, if they are there."""
    file = raw_file(warehouse, file_id)
    file.unlink(missing_ok=True)
    if file.parent.is_dir():
        sync_folders([file])
