"""Taking rows out of superseded parts: what must not be kept goes from snapshots, which stay readable without it."""

import sqlite3
import uuid
from collections.abc import Callable, Collection

import pyarrow as pa

from schemas.tables import TABLES
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import PART_COLUMNS, Part, in_one_step, part_of
from tasks.storage.locks import locked
from tasks.storage.objects import objects_of
from tasks.storage.parts import (
    DamagedPart,
    delete_part,
    file_hash,
    in_store,
    part_row,
    read_part,
    settle_parts,
    write_part,
)
from tasks.storage.publish import LOST
from tasks.storage.retention import delete_unknown

Holds = Callable[[pa.Table], bool]
Clean = Callable[[pa.Table], pa.Table]


def purge_parts(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    tables: Collection[str],
    *,
    columns: list[str],
    holds: Holds,
    clean: Clean,
) -> int:
    """Put cleaned parts in the place of the superseded parts of these tables whose columns `holds` says yes to.

    Parts that no commit knows go, too, and so does all of a part that is damaged, as one that a repair replaced is.
    Gives the number of parts that were cleaned. Doing it again does nothing.
    """
    objects = objects_of(warehouse)
    with locked(warehouse.tmp / "writer.lock"):
        delete_unknown(warehouse, ledger)
        query = f"SELECT {PART_COLUMNS}, added_by, removed_by FROM parts WHERE removed_by IS NOT NULL"  # noqa: S608
        purged = 0
        for *values, added_by, removed_by in ledger.execute(query).fetchall():
            part = part_of(tuple(values))
            if part.table_name not in tables or not objects.exists(in_store(part.path)):
                continue
            try:
                if holds(read_part(warehouse, part, columns)):
                    replace_part(warehouse, ledger, part, clean(read_part(warehouse, part)), (added_by, removed_by))
                    purged += 1
            except DamagedPart:
                # As it was committed, and unreadable all the same: the machine is in trouble, not the file.
                if file_hash(objects.source(in_store(part.path))) == part.sha256:
                    raise
                blot_out(warehouse, part)
    return purged


def replace_part(
    warehouse: Warehouse, ledger: sqlite3.Connection, part: Part, rows: pa.Table, life: tuple[int, int]
) -> None:
    """Let a part hold other rows from now on, in the same snapshots as before; `life` are its first and last commit."""
    written = []
    if rows.num_rows:
        name = f"{uuid.uuid4().hex[:12]}-0000"
        written.append(write_part(warehouse, TABLES[part.table_name], part.month, rows, name))
        settle_parts(warehouse, written)
    with in_one_step(ledger):
        ledger.execute("DELETE FROM parts WHERE path = ?", (part.path,))
        ledger.executemany(
            f"INSERT INTO parts ({PART_COLUMNS}, added_by, removed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(*part_row(new), *life) for new in written],
        )
    delete_part(warehouse, part.path)


def blot_out(warehouse: Warehouse, part: Part) -> None:
    """Leave nothing of a superseded part that cannot be read: a repair took its place, and who knows what is in it."""
    # Something stays under the name, so that the other tables of its snapshots can still be read.
    objects_of(warehouse).put(in_store(part.path), LOST)
    settle_parts(warehouse, [part])
