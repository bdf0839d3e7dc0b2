"""The ledger's connection and what the storage room itself asks of it: commits, parts, what was published."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from schemas.errors import NewsmillError
from schemas.tables import SCHEMA_VERSION
from tasks.storage.address import claim_store
from tasks.storage.layout import Warehouse, create_folders
from tasks.storage.locks import locked
from tasks.storage.objects import objects_of
from tasks.storage.readonly import WAIT_SECONDS, is_prepared

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A UTC instant as the ledger keeps it."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def instant(us: int) -> datetime:
    """The instant that `microseconds` made a number of."""
    return datetime.fromtimestamp(us // 1_000_000, UTC).replace(microsecond=us % 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One immutable Parquet file, as the ledger knows it; `path` is relative to the store."""

    table_name: str
    month: str
    path: str
    row_count: int
    size_bytes: int
    sha256: str
    schema_version: int = SCHEMA_VERSION


# A constant, so it may be put into a statement.
PART_COLUMNS = "table_name, month, path, row_count, size_bytes, sha256, schema_version"


def connect(warehouse: Warehouse) -> sqlite3.Connection:
    """Open the ledger for reading and writing, making the warehouse when there is none."""
    create_folders(warehouse)
    if not warehouse.ledger.exists():
        refuse_lost_ledger(warehouse)
    try:
        # Two programs may meet at a new warehouse; the second finds it made.
        with locked(warehouse.tmp / "create.lock"):
            ledger = sqlite3.connect(warehouse.ledger, timeout=WAIT_SECONDS, isolation_level=None)
            ledger.execute("PRAGMA journal_mode=WAL")
            ledger.execute("PRAGMA synchronous=FULL")
            # What is deleted is overwritten: a takedown leaves no headline in free pages.
            ledger.execute("PRAGMA secure_delete=ON")
            # The default of 2 MB cost identity 15 to 40 % more processor time; 32 MB saved nothing over 8.
            ledger.execute("PRAGMA cache_size=-8192")
            if not is_prepared(ledger):
                refuse_lost_ledger(warehouse)
            prepare(warehouse, ledger)
    except sqlite3.DatabaseError as error:
        raise NewsmillError(f"The ledger {warehouse.ledger} cannot be opened: {error}.") from error
    return ledger


DIGEST = "SELECT value FROM meta WHERE key = 'ledger_digest'"


def refuse_lost_ledger(warehouse: Warehouse) -> None:
    """Raise NewsmillError when there are files of a ledger that is gone.

    A new ledger would know none of them, and the next upkeep would delete them.
    """
    # The files that type empty tables are made anew; no real month comes before theirs.
    objects = objects_of(warehouse)
    if any(path.endswith(".parquet") and "=0000-00/" not in path for path, _ in objects.listed("store")):
        store = objects.url("store")
        raise NewsmillError(
            f"{warehouse.ledger} is lost, and {store} holds files that only it knows. Put it back from a backup."
            f" Without one, rename {warehouse.root} and ingest the input folder into a new warehouse; every file ever"
            " read is in the old one's raw/."
            if warehouse.is_local
            else f"{store} holds files that only the ledger of another warehouse knows: give a new one another --store."
            f" If it was the one in {warehouse.root} that is lost, put it back from a backup."
        )


def prepare(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Make the ledger's tables or bring them up to date, and refuse a warehouse written by a later newsmill."""
    version = schema_version(ledger) if is_prepared(ledger) else SCHEMA_VERSION
    if version > SCHEMA_VERSION:
        raise NewsmillError(f"This warehouse has schema version {version}; this newsmill knows up to {SCHEMA_VERSION}.")
    digest = hashlib.sha256(script("ledger").encode()).hexdigest()
    # A later newsmill may bring a table or an index that needs no other columns in the Parquet files.
    if not is_prepared(ledger) or ledger.execute(DIGEST).fetchone() != (digest,):
        steps = ["ledger_0_2_before", "ledger", "ledger_0_2_after"] if is_of_0_2(ledger) else ["ledger"]
        # In one transaction: a ledger with some of its tables would be taken for a whole one.
        ledger.executescript("\n".join(["BEGIN IMMEDIATE;", *map(script, steps), "COMMIT;"]))
        ledger.execute("INSERT OR REPLACE INTO meta VALUES ('ledger_digest', ?)", (digest,))
        if not is_prepared(ledger):
            claim_store(warehouse, ledger)
        ledger.execute("INSERT OR IGNORE INTO meta VALUES ('schema_version', ?)", (str(SCHEMA_VERSION),))
    if version < SCHEMA_VERSION:
        upgrade(ledger)


def script(name: str) -> str:
    """One of the ledger's SQL files."""
    return (files("tasks.storage") / f"{name}.sql").read_text()


def is_of_0_2(ledger: sqlite3.Connection) -> bool:
    """Whether the ledger has versions without a number, as those of newsmill 0.2 and before."""
    columns = [name for (name,) in ledger.execute("SELECT name FROM pragma_table_info('versions')")]
    return bool(columns) and "version_id" not in columns


def schema_version(ledger: sqlite3.Connection) -> int:
    """The version of the newsmill that last wrote here; a ledger without one is not prepared."""
    return int(ledger.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()[0])


def is_current(ledger: sqlite3.Connection) -> bool:
    """Whether the ledger and what is published from it have today's tables and columns."""
    return schema_version(ledger) >= SCHEMA_VERSION


def upgrade(ledger: sqlite3.Connection) -> None:
    """Take over a warehouse of an earlier schema; the catalog is published anew, with the new columns."""
    version = f"UPDATE meta SET value = '{SCHEMA_VERSION}' WHERE key = 'schema_version'"  # noqa: S608
    ledger.executescript(f"BEGIN IMMEDIATE;\n{version};\nDELETE FROM published;\nCOMMIT;")


@contextmanager
def opened(warehouse: Warehouse) -> Iterator[sqlite3.Connection]:
    """The ledger for the length of a block."""
    ledger = connect(warehouse)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def in_one_step(ledger: sqlite3.Connection) -> Iterator[None]:
    """All changes of the block or, when it raises, none; what comes after can begin a step of its own."""
    try:
        ledger.execute("BEGIN IMMEDIATE")
        yield
        ledger.execute("COMMIT")
    except BaseException:
        if ledger.in_transaction:
            ledger.execute("ROLLBACK")
        raise


def empty_log(ledger: sqlite3.Connection) -> None:
    """Write the ledger's log into its file and cut it to nothing, unless another program is just reading it."""
    ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def last_commit(ledger: sqlite3.Connection) -> int:
    """Number of the newest commit, 0 in an empty warehouse."""
    return int(ledger.execute("SELECT coalesce(max(commit_id), 0) FROM commits").fetchone()[0])


def newest_commits(ledger: sqlite3.Connection, limit: int) -> list[tuple[int, datetime, str]]:
    """Number, time and kind of the newest commits that can still be read, newest first."""
    rows = ledger.execute(
        "SELECT commit_id, committed_us, kind FROM commits WHERE commit_id >= ? ORDER BY commit_id DESC LIMIT ?",
        (oldest_snapshot(ledger), limit),
    )
    return [(commit_id, instant(committed_us), kind) for commit_id, committed_us, kind in rows]


def oldest_snapshot(ledger: sqlite3.Connection) -> int:
    """The oldest commit whose parts are all still kept."""
    row = ledger.execute("SELECT value FROM meta WHERE key = 'oldest_snapshot'").fetchone()
    return int(row[0]) if row else 1


def set_oldest_snapshot(ledger: sqlite3.Connection, commit_id: int) -> None:
    """Note that parts which only commits before this one showed are gone."""
    ledger.execute(
        "INSERT INTO meta VALUES ('oldest_snapshot', ?1) ON CONFLICT DO UPDATE SET value = ?1"
        " WHERE CAST(value AS INTEGER) < CAST(?1 AS INTEGER)",
        (str(commit_id),),
    )


def live_parts(ledger: sqlite3.Connection, table_name: str | None = None, month: str | None = None) -> list[Part]:
    """Parts that readers see now, of one table and month or of all."""
    rows = ledger.execute(
        f"SELECT {PART_COLUMNS} FROM parts WHERE removed_by IS NULL"  # noqa: S608
        " AND (?1 IS NULL OR table_name = ?1) AND (?2 IS NULL OR month = ?2) ORDER BY table_name, month, part_id",
        (table_name, month),
    )
    return [part_of(row) for row in rows]


def parts_at(ledger: sqlite3.Connection, commit_id: int) -> list[Part]:
    """Parts that readers saw after that commit."""
    rows = ledger.execute(
        f"SELECT {PART_COLUMNS} FROM parts WHERE added_by <= ?1 AND (removed_by IS NULL OR removed_by > ?1)"  # noqa: S608
        " ORDER BY table_name, month, part_id",
        (commit_id,),
    )
    return [part_of(row) for row in rows]


def part_of(row: tuple[str, str, str, int, int, str, int]) -> Part:
    table_name, month, path, row_count, size_bytes, sha256, schema_version = row
    return Part(
        table_name=table_name,
        month=month,
        path=path,
        row_count=row_count,
        size_bytes=size_bytes,
        sha256=sha256,
        schema_version=schema_version,
    )
