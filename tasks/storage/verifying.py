"""Comparing the ledger with the disk: its own pages, and every live part with its link."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, live_parts
from tasks.storage.linking import find_strangers, link_damage
from tasks.storage.locks import locked
from tasks.storage.objects import objects_of
from tasks.storage.parts import file_hash, in_store
from tasks.storage.trouble import is_from_store


def find_damaged_parts(warehouse: Warehouse, ledger: sqlite3.Connection) -> list[Part]:
    """The live parts that are not what was committed."""
    return [part for part in live_parts(ledger) if damage(warehouse, part)]


def find_damage(warehouse: Warehouse, ledger: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each thing that is not as it was committed."""
    for (sentence,) in ledger.execute("PRAGMA quick_check").fetchall():
        if sentence != "ok":
            yield f"ledger.sqlite: {sentence}"
    suspects = {part.path for part in live_parts(ledger) if damage(warehouse, part) or link_damage(warehouse, part)}
    if suspects or find_strangers(warehouse, ledger):
        # What another program has replaced since, or not shown yet, is no damage: asked again while nobody commits.
        with nobody_writing(warehouse):
            yield from list(find_wrong_files(warehouse, ledger, suspects))


def find_wrong_files(warehouse: Warehouse, ledger: sqlite3.Connection, suspects: set[str]) -> Iterator[str]:
    """A sentence for each of these parts that is live and damaged or not shown, and for each file that is none."""
    for part in live_parts(ledger):
        fault = part.path in suspects and (damage(warehouse, part) or link_damage(warehouse, part))
        if fault:
            yield f"{part.path}: {fault}"
    for path in find_strangers(warehouse, ledger):
        yield f"tables/{path}: no live file of this warehouse"


def nobody_writing(warehouse: Warehouse) -> AbstractContextManager[None]:
    """The writer lock; nothing where it cannot be taken, since nobody can write there."""
    is_writable = os.access(warehouse.tmp, os.W_OK)
    return locked(warehouse.tmp / "writer.lock") if is_writable else nullcontext()


def damage(warehouse: Warehouse, part: Part) -> str | None:
    """What is wrong with one part; None when it is whole."""
    try:
        return difference(warehouse, part)
    except FileNotFoundError:
        return "missing"


def difference(warehouse: Warehouse, part: Part) -> str | None:
    """What a file has other than its part; None when it is the same. Raises FileNotFoundError."""
    objects, path = objects_of(warehouse), in_store(part.path)
    size_bytes = objects.size(path)
    if size_bytes != part.size_bytes:
        return f"{size_bytes} bytes, committed were {part.size_bytes}"
    if file_hash(objects.source(path)) != part.sha256:
        return "its bytes have changed since the commit"
    try:
        row_count = pq.read_metadata(objects.source(path)).num_rows
    except FileNotFoundError:
        raise
    except (pa.ArrowInvalid, OSError) as error:
        if is_from_store(error):
            raise
        return f"unreadable ({error})"
    return None if row_count == part.row_count else f"{row_count} rows, committed were {part.row_count}"
