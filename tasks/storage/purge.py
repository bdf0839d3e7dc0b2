"""Deleting superseded parts that hold what must not be kept: the grace of snapshots does not count for it."""

import sqlite3
from collections.abc import Callable, Collection

import pyarrow as pa

from tasks.storage.layout import Warehouse
from tasks.storage.ledger import PART_COLUMNS, part_of, set_oldest_snapshot
from tasks.storage.locks import locked
from tasks.storage.parts import read_part
from tasks.storage.retention import delete_unknown

Holds = Callable[[pa.Table], bool]


def purge_parts(
    warehouse: Warehouse, ledger: sqlite3.Connection, tables: Collection[str], columns: list[str], holds: Holds
) -> int:
    """Delete the superseded parts of these tables whose columns `holds` says yes to, and parts no commit knows.

    Gives the number of superseded parts deleted; snapshots that showed them have expired then.
    """
    purged = 0
    with locked(warehouse.tmp / "writer.lock"):
        delete_unknown(warehouse, ledger)
        rows = ledger.execute(f"SELECT {PART_COLUMNS}, removed_by FROM parts WHERE removed_by IS NOT NULL").fetchall()  # noqa: S608
        for *values, removed_by in rows:
            part = part_of(tuple(values))
            kept = part.table_name in tables and (warehouse.store / part.path).exists()
            if kept and holds(read_part(warehouse, part, columns)):
                set_oldest_snapshot(ledger, removed_by)
                (warehouse.tables / part.path).unlink(missing_ok=True)
                (warehouse.store / part.path).unlink()
                ledger.execute("DELETE FROM parts WHERE path = ?", (part.path,))
                purged += 1
    return purged
