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
from tasks.storage.layout import Warehouse, gone_if_failed, scratch_mark
from tasks.storage.objects import Objects, objects_of
from tasks.storage.trouble import is_from_store

# Each file waits for the disk; several at once share one write of its journal. 400 files one by one 3.3 to 6.6 s,
# with eight threads 1.1 to 1.6 s.
WRITERS = 8
PIECE = 1 << 20


def raw_path(file_id: str) -> str:
    """Where in a warehouse the bytes with this sha256 lie."""
    return f"raw/{file_id[:2]}/{file_id}.zst"


def raw_file(warehouse: Warehouse, file_id: str) -> Path:
    """Where on the disk of a warehouse the bytes with this sha256 lie."""
    return warehouse.root / raw_path(file_id)


def has_raw(warehouse: Warehouse, file_id: str) -> bool:
    """Whether the bytes with this sha256 are kept."""
    return objects_of(warehouse).exists(raw_path(file_id))


def write_raw(warehouse: Warehouse, contents: Iterable[tuple[str, bytes]]) -> None:
    """Keep (file_id, bytes) pairs for good; what is already kept costs a look-up."""
    # The same bytes may come twice in a batch, and two writers must not meet at one scratch file.
    once, objects = dict(contents), objects_of(warehouse)
    with ThreadPoolExecutor(WRITERS) as writers:
        written = writers.map(lambda content: write_one(objects, *content), once.items())
        # Also of what was there: another program, dead or alive, may have given the name and not yet settled it.
        one_of_each_folder = {os.path.dirname(path): path for path in written}
        for _ in writers.map(lambda path: objects.settle([path]), one_of_each_folder.values()):
            pass


def write_one(objects: Objects, file_id: str, data: bytes) -> str:
    """Write one raw object, unless it is there; its name is to be settled in either case."""
    path = raw_path(file_id)
    # Bytes that no commit names are deleted by age, and these will be named soon.
    if not objects.renew(path):
        objects.put(path, pa.Codec("zstd").compress(data, asbytes=True))
    return path


def keep_stream(warehouse: Warehouse, file_id: str, source: BinaryIO) -> None:
    """Keep all bytes of a file for good, without holding them in memory."""
    objects, path = objects_of(warehouse), raw_path(file_id)
    if not objects.renew(path):
        half_made = warehouse.tmp / f"{file_id}.zst.{scratch_mark()}"
        source.seek(0)
        with gone_if_failed(half_made):
            with pa.CompressedOutputStream(str(half_made), "zstd") as sink:
                while data := source.read(PIECE):
                    sink.write(data)
            objects.adopt(half_made, path)
    objects.settle([path])


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
    objects, path = objects_of(warehouse), raw_path(file_id)
    try:
        # `pa.input_stream` would leave what is open already compressed.
        with pa.CompressedInputStream(objects.source(path), "zstd") as stream:
            yield stream
    except FileNotFoundError as error:
        raise NewsmillError(f"The raw bytes of file {file_id[:12]}… are not kept in {objects.url('raw')}.") from error
    except OSError as error:
        if is_from_store(error):
            raise
        raise NewsmillError(f"The raw bytes in {objects.url(path)} are damaged: {error}.") from error


def check_hash(warehouse: Warehouse, file_id: str, found: str) -> None:
    """Raise NewsmillError unless the kept bytes have their hash."""
    if found != file_id:
        place = objects_of(warehouse).url(raw_path(file_id))
        raise NewsmillError(f"The raw bytes in {place} are damaged: they are not those of {file_id[:12]}….")


def delete_raw(warehouse: Warehouse, file_id: str) -> None:
    """Delete the bytes with this sha256, if they are there."""
    objects_of(warehouse).erase(raw_path(file_id))
