"""Comparing the ledger with the disk: its own pages, and every live part with its link."""

import sqlite3
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, live_parts
from tasks.storage.linking import find_strangers, link_damage
from tasks.storage.parts import file_hash


def find_damaged_parts(warehouse: Warehouse, ledger: sqlite3.Connection) -> list[Part]:
    """The live parts that are not what was committed."""
    return [part for part in live_parts(ledger) if damage(warehouse, part)]


def find_damage(warehouse: Warehouse, ledger: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each thing that is not as it was committed."""
    for (sentence,) in ledger.execute("PRAGMA quick_check").fetchall():
        if sentence != "ok":
            yield f"ledger.sqlite: {sentence}"
    for part in live_parts(ledger):
        fault = damage(warehouse, part) or link_damage(warehouse, part)
        if fault:
            yield f"{part.path}: {fault}"
    for path in find_strangers(warehouse, ledger):
        yield f"tables/{path}: no live file of this warehouse"


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
