"""Comparing the ledger with the disk: sizes, checksums and row counts of every live part."""

import sqlite3
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, live_parts
from tasks.storage.parts import file_hash


def find_damage(warehouse: Warehouse, ledger: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each live part that is not what was committed."""
    for part in live_parts(ledger):
        fault = damage(warehouse, part)
        if fault:
            yield f"{part.path}: {fault}"


def damage(warehouse: Warehouse, part: Part) -> str | None:
    """What is wrong with one part; None when it is whole."""
    file = warehouse.store / part.path
    if not file.exists():
        return "missing"
    if file.stat().st_size != part.size_bytes:
        return f"{file.stat().st_size} bytes, committed were {part.size_bytes}"
    if file_hash(file) != part.sha256:
        return "its bytes have changed since the commit"
    try:
        row_count = pq.read_metadata(file).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        return f"unreadable ({error})"
    return None if row_count == part.row_count else f"{row_count} rows, committed were {part.row_count}"
