"""Objects on a disk and in a bucket: the same habits of both."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pytest

from schemas.errors import WrongUse
from tasks.storage import on_s3
from tasks.storage.layout import Warehouse, create_folders, parse_address
from tasks.storage.objects import Objects, objects_of
from tests.storage.interrupting import is_interrupted

PART, RAW = "store/articles/published_month=2025-12/a-0000.parquet", "raw/ab/abc.zst"
LARGE = bytes(range(256)) * 80_000  # more than one part of an upload


@pytest.fixture(params=["disk", "s3"])
def warehouse(request: pytest.FixtureRequest, root: Path) -> Warehouse:
    """A warehouse with nothing in it, wherever its objects lie."""
    made = Warehouse(root, None if request.param == "disk" else request.getfixturevalue("s3_store"))
    create_folders(made)
    return made


@pytest.fixture
def objects(warehouse: Warehouse) -> Objects:
    return objects_of(warehouse)


def read(objects: Objects, path: str) -> bytes:
    with pa.input_stream(objects.source(path), compression=None) as stream:
        return bytes(stream.read())


def write_new(objects: Objects, warehouse: Warehouse, data: bytes) -> None:
    with objects.new(RAW) as handle:
        handle.write(data)


def put(objects: Objects, warehouse: Warehouse, data: bytes) -> None:
    objects.put(RAW, data)


def adopt(objects: Objects, warehouse: Warehouse, data: bytes) -> None:
    half_made = warehouse.tmp / "half-made"
    half_made.write_bytes(data)
    objects.adopt(half_made, RAW)


WAYS = pytest.mark.parametrize("write", [write_new, put, adopt])


@WAYS
@pytest.mark.parametrize("data", [b"", b"some bytes", LARGE], ids=["empty", "small", "large"])
def test_an_object_is_what_was_written_and_nothing_is_left_beside_it(
    objects: Objects, warehouse: Warehouse, write: Callable[[Objects, Warehouse, bytes], None], data: bytes
) -> None:
    write(objects, warehouse, data)
    objects.settle([RAW])
    assert (read(objects, RAW), objects.size(RAW), objects.exists(RAW)) == (data, len(data), True)
    assert list(warehouse.tmp.iterdir()) == []


def test_a_new_object_can_be_read_again_while_it_is_written(objects: Objects) -> None:
    with objects.new(PART) as handle:
        handle.write(b"first ")
        handle.write(b"second")
        assert handle.tell() == len(b"first second")
        handle.seek(0)
        assert handle.read() == b"first second"
    assert read(objects, PART) == b"first second"


def fail_in_writing(objects: Objects) -> None:
    with objects.new(PART) as handle:
        handle.write(LARGE)
        raise InterruptedError


def test_in_a_bucket_an_object_that_was_not_finished_is_not_there(root: Path, s3_store: str) -> None:
    warehouse = Warehouse(root, s3_store)
    create_folders(warehouse)
    objects = objects_of(warehouse)
    with pytest.raises(InterruptedError):
        fail_in_writing(objects)
    assert not objects.exists(PART)
    assert list(warehouse.tmp.iterdir()) == []


def interrupt_in_the_middle(pipe: Path, data: bytes) -> None:
    with suppress(BrokenPipeError), pipe.open("wb", buffering=0) as sink:
        sink.write(data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
        sink.write(data[len(data) // 2 :])


def test_an_upload_that_is_interrupted_leaves_a_whole_object_where_one_was(root: Path, s3_store: str) -> None:
    warehouse = Warehouse(root, s3_store)
    create_folders(warehouse)
    objects = objects_of(warehouse)
    adopt(objects, warehouse, LARGE)
    pipe = warehouse.tmp / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=interrupt_in_the_middle, args=(pipe, LARGE))
    writer.start()
    with pytest.raises(KeyboardInterrupt):
        objects.adopt(pipe, RAW)
    writer.join()
    assert read(objects, RAW) == LARGE


def test_a_small_object_is_the_old_or_the_new_one_wherever_ctrl_c_comes(root: Path, s3_store: str) -> None:
    objects = objects_of(Warehouse(root, s3_store))
    objects.put(RAW, b"old")
    for line in count():
        if not is_interrupted(lambda: objects.put(RAW, b"new"), [on_s3], line):
            break
        assert read(objects, RAW) in {b"old", b"new"}
    assert line > 1
    assert read(objects, RAW) == b"new"


def test_what_is_listed_is_what_is_there_with_its_age(objects: Objects) -> None:
    assert list(objects.listed("store")) == []
    for path in (PART, RAW, "store/articles/published_month=2026-01/b-0000.parquet"):
        objects.put(path, b"bytes")
    listed = dict(objects.listed("store"))
    assert sorted(listed) == [PART, "store/articles/published_month=2026-01/b-0000.parquet"]
    assert all(abs(written - time.time()) < 60 for written in listed.values())


@pytest.mark.parametrize("delete", ["delete", "erase"])
def test_a_deleted_object_is_missing_and_may_be_deleted_again(objects: Objects, delete: str) -> None:
    objects.put(RAW, b"bytes")
    for _ in range(2):
        getattr(objects, delete)(RAW)
        assert not objects.exists(RAW)
        assert list(objects.listed("raw")) == []
    with pytest.raises(FileNotFoundError):
        objects.size(RAW)
    with pytest.raises(FileNotFoundError):
        read(objects, RAW)


@pytest.mark.parametrize("text", ["s3://news", "s3://news/first", "s3://my.bucket-1/a/b_c/d.e/"])
def test_an_address_is_a_bucket_and_perhaps_a_prefix(text: str) -> None:
    assert parse_address(text) == text.rstrip("/")


@pytest.mark.parametrize(
    "text",
    [
        *("/srv/store", "s3:", "s3://", "s3://B/x", "s3://news//x", "s3://news/../x", "s3://news/a*", "s3://news/a=b"),
        *("gs://news/x", "s3://news/a b", "s3://news/x?region=eu", "s3://key:secret@news/x", "s3://news/x\n"),
    ],
)
def test_what_is_no_address_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse, match="s3://bucket/prefix"):
        parse_address(text)
