"""The one way to change a warehouse: a transaction over all tables that readers see whole or not at all.

Order of events: writer lock, ledger transaction, parts written and synced, ledger COMMIT (the commit point), publish.
Parts are only ever written under the lock, so a part that the ledger does not know is left over from a crash.
"""

import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import TABLES
from tasks.storage.faults import fault_point
from tasks.storage.heap import blocks_given_back
from tasks.storage.holder import hold_on, show_holder
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import PART_COLUMNS, Part, live_parts, microseconds
from tasks.storage.locks import locked
from tasks.storage.merging import count_distinct, merged
from tasks.storage.parts import (
    DamagedPart,
    discard_parts,
    months,
    part_row,
    read_batches,
    read_part,
    settle_parts,
    write_part,
    write_sorted,
)
from tasks.storage.publish import publish
from tasks.storage.verifying import damage

Change = Callable[[pa.Table], pa.Table]

# What is rewritten is read and changed so many times a row group: whole parts were in memory three times over.
BATCHES_IN_A_ROW_GROUP = 16


class AlreadyCommitted(RuntimeError):
    """A commit of this key is in the ledger; there is nothing left to do."""


@dataclass(slots=True)
class Transaction:
    """What one commit adds and removes; made by `transaction`."""

    warehouse: Warehouse
    ledger: sqlite3.Connection
    commit_id: int
    name: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    added: list[Part] = field(default_factory=list)
    removed: list[Part] = field(default_factory=list)
    # What is to go need not be read where nobody can: its repair will find that it is gone.
    passes_damage: bool = False

    def append(self, table_name: str, rows: pa.Table) -> None:
        """Add rows to a table, one part a month."""
        table = TABLES[table_name]
        for month, of_month in months(table, rows):
            self.added.append(write_part(self.warehouse, table, month, of_month, self.next_name()))
            fault_point("part_written")

    def join(self, parts: Sequence[Part]) -> None:
        """Put one part in the place of several of one table and month; raises DamagedPart, and then changes nothing."""
        table, month = TABLES[parts[0].table_name], parts[0].month
        distinct = {column: count_distinct(self.warehouse, table, parts, column) for column in table.bloom_filters}
        rows = merged(self.warehouse, table, parts)
        joined = write_sorted(self.warehouse, table, month, rows, self.next_name(), distinct=distinct)
        self.added.append(joined)
        if joined.row_count != (expected := sum(part.row_count for part in parts)):
            raise RuntimeError(f"{expected} rows of {table.name} were to be joined, {joined.row_count} were written")
        self.removed.extend(parts)
        give_back()
        fault_point("part_written")

    def rewrite(self, table_name: str, month: str, key: str, values: Collection[str | None], change: Change) -> None:
        """Apply `change` to every live part of a month in which `key` has one of the values.

        It sees some rows at a time, and leaves their month and their order as they are.
        """
        wanted = pa.array(list(values), pa.string())
        for part in self.live(table_name, month):
            try:
                present = read_part(self.warehouse, part, [key])[key]
                if pc.any(pc.is_in(present, wanted)).as_py():
                    self.replace(part, change)
            except DamagedPart:
                # Trouble of the moment is no damage: then the rows must not stay behind.
                if not self.passes_damage or damage(self.warehouse, part) is None:
                    raise

    def replace(self, part: Part, change: Change) -> None:
        """Put a part's changed rows in its place; where none are left it goes. Raises DamagedPart as `join` does."""
        table = TABLES[part.table_name]
        distinct = {column: count_distinct(self.warehouse, table, [part], column) for column in table.bloom_filters}
        blocks = map(change, read_batches(self.warehouse, part, table.row_group_rows // BATCHES_IN_A_ROW_GROUP))
        changed = write_sorted(self.warehouse, table, part.month, blocks, self.next_name(), distinct=distinct)
        if changed.row_count:
            self.added.append(changed)
        else:
            discard_parts(self.warehouse, [changed])
        self.removed.append(part)
        give_back()
        fault_point("part_written")

    def next_name(self) -> str:
        """Of the next part to be added."""
        return f"{self.name}-{len(self.added):04d}"

    def live(self, table_name: str, month: str) -> list[Part]:
        """Parts of a month as this transaction will leave them."""
        removed = {part.path for part in self.removed}
        before = live_parts(self.ledger, table_name, month)
        mine = [part for part in self.added if (part.table_name, part.month) == (table_name, month)]
        return [part for part in [*before, *mine] if part.path not in removed]

    def record(self) -> None:
        """Enter the parts in the ledger, once their bytes and names are on the disk."""
        settle_parts(self.warehouse, self.added)
        fault_point("parts_synced")
        removed = {part.path for part in self.removed}
        kept = [part for part in self.added if part.path not in removed]
        self.ledger.executemany(
            f"INSERT INTO parts ({PART_COLUMNS}, added_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(*part_row(part), self.commit_id) for part in kept],
        )
        own = {part.path for part in self.added}
        for part in self.removed:
            if part.path not in own:
                self.ledger.execute("UPDATE parts SET removed_by = ? WHERE path = ?", (self.commit_id, part.path))

    def drop_files(self) -> None:
        """Delete what this transaction wrote, when it does not come to its commit."""
        discard_parts(self.warehouse, self.added)


@contextmanager
def transaction(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    kind: str,
    run_id: str,
    key: str | None = None,
    *,
    publishes: bool = True,
) -> Iterator[Transaction]:
    """One commit, from lock to publish; an exception inside leaves the warehouse as it was.

    Without `publishes` readers see it with the next commit, or when the next program opens the warehouse. Raises
    AlreadyCommitted when a commit with this key is there.
    """
    with locked(warehouse.tmp / "writer.lock"), blocks_given_back():
        under_way = Transaction(warehouse, ledger, 0)
        try:
            ledger.execute("BEGIN IMMEDIATE")
            under_way.commit_id = enter_commit(ledger, kind, run_id, key)
            yield under_way
            under_way.record()
            holder = hold_on(warehouse, ledger)
            fault_point("before_commit")
            ledger.execute("COMMIT")
        except BaseException:
            # Ctrl-C may arrive when COMMIT has taken effect: then the parts are the warehouse's.
            if ledger.in_transaction:
                ledger.execute("ROLLBACK")
                under_way.drop_files()
            raise
        fault_point("after_commit")
        show_holder(warehouse, holder)
        drop_intermediate(under_way)
        if publishes:
            publish(warehouse, ledger)
    give_back()


def give_back() -> None:
    """Return what was freed to the system: 5 MB after a batch, 10 MB after each part that was joined or rewritten."""
    pa.default_memory_pool().release_unused()


def enter_commit(ledger: sqlite3.Connection, kind: str, run_id: str, key: str | None) -> int:
    """Number a new commit; raises AlreadyCommitted when its key was used."""
    if key and ledger.execute("SELECT 1 FROM commits WHERE commit_key = ?", (key,)).fetchone():
        raise AlreadyCommitted(key)
    cursor = ledger.execute(
        "INSERT INTO commits (committed_us, kind, run_id, commit_key) VALUES (?, ?, ?, ?)",
        (microseconds(datetime.now(UTC)), kind, run_id, key),
    )
    return int(cursor.lastrowid or 0)


def drop_intermediate(done: Transaction) -> None:
    """Delete parts that were written and replaced inside one commit."""
    removed = {part.path for part in done.removed}
    discard_parts(done.warehouse, [part for part in done.added if part.path in removed])
