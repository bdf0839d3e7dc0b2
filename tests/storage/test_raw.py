"""Raw bytes: kept once under their hash, given back as they were."""

from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.errors import NewsmillError
from tasks.storage.layout import Warehouse, create_folders, locate
from tasks.storage.raw import delete_raw, raw_file, read_raw, write_raw

CONTENTS = [b"", b"date 2025-12-01 Flood", bytes(range(256)) * 5000]
BY_ID = {sha256(data).hexdigest(): data for data in CONTENTS}


@pytest.fixture
def warehouse(root: Path) -> Warehouse:
    """A warehouse with its folders and nothing in them."""
    create_folders(locate(root))
    return locate(root)


def test_bytes_come_back_as_they_were(warehouse: Warehouse) -> None:
    write_raw(warehouse, BY_ID.items())
    assert {file_id: read_raw(warehouse, file_id) for file_id in BY_ID} == BY_ID


def test_bytes_that_are_kept_are_not_written_again(warehouse: Warehouse) -> None:
    write_raw(warehouse, BY_ID.items())
    before = {file_id: raw_file(warehouse, file_id).stat().st_ino for file_id in BY_ID}
    write_raw(warehouse, BY_ID.items())
    assert {file_id: raw_file(warehouse, file_id).stat().st_ino for file_id in BY_ID} == before


def test_the_same_bytes_many_times_in_a_batch_are_kept_once(warehouse: Warehouse) -> None:
    write_raw(warehouse, [*BY_ID.items()] * 50)
    assert len([file for file in warehouse.raw.rglob("*") if file.is_file()]) == len(BY_ID)
    assert list(warehouse.tmp.iterdir()) == []


@pytest.mark.parametrize("harm", [b"", b"no zstd", pa.Codec("zstd").compress(b"other bytes", asbytes=True)])
def test_damaged_bytes_are_not_given_back(warehouse: Warehouse, harm: bytes) -> None:
    write_raw(warehouse, BY_ID.items())
    file_id = sha256(CONTENTS[1]).hexdigest()
    raw_file(warehouse, file_id).write_bytes(harm)
    with pytest.raises(NewsmillError, match="damaged"):
        read_raw(warehouse, file_id)


def test_deleted_bytes_are_missed_in_a_sentence(warehouse: Warehouse) -> None:
    write_raw(warehouse, BY_ID.items())
    file_id = next(iter(BY_ID))
    delete_raw(warehouse, file_id)
    delete_raw(warehouse, file_id)
    with pytest.raises(NewsmillError, match="not kept"):
        read_raw(warehouse, file_id)
