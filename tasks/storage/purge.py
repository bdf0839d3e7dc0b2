"""Deleting superseded parts that hold what must not be kept: the grace of snapshots does not count for it."""

import sqlite3
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from tasks.storage.layout import Warehouse
from tasks.storage.ledger import PART_COLUMNS, part_of, set_oldest_snapshot
from tasks.storage.locks import locked
from tasks.storage.parts import read_part


def purge_parts(
    warehouse: Warehouse, ledger: sqlite3.Connection, tables: Collection[str], key: str, values: Collection[str]
) -> int:
    """Delete the superseded parts of these tables in which `key` has one of the values; gives their number."""
    wanted = pa.array(list(values), pa.string())
    purged = 0
    with locked(warehouse.tmp / "writer.lock"):
        rows = ledger.execute(f"SELECT {PART_COLUMNS}, removed_by FROM parts WHERE removed_by IS NOT NULL").fetchall()  # noqa: S608
        for *columns, removed_by in rows:
            part = part_of(tuple(columns))
            file = warehouse.store / part.path
            if part.table_name not in tables or not file.exists():
                continue
            if pc.any(pc.is_in(read_part(warehouse, part, [key])[key], wanted)).as_py():
                set_oldest_snapshot(ledger, removed_by)
                file.unlink()
                (warehouse.tables / part.path).unlink(missing_ok=True)
                ledger.execute("DELETE FROM parts WHERE path = ?", (part.path,))
                purged += 1
    return purged
