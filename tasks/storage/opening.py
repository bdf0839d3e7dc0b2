"""Opening a warehouse: for readers, also as it stood at an earlier commit; for writers, mended after a crash."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from schemas.errors import NewsmillError, WrongUse
from tasks.aliases.files import load_aliases
from tasks.storage.address import check_address
from tasks.storage.catalog import create_table_views, create_views, quoted
from tasks.storage.holder import hold_store, take_store
from tasks.storage.layout import Warehouse, locate
from tasks.storage.ledger import (
    connect,
    instant,
    is_current,
    last_commit,
    microseconds,
    oldest_snapshot,
    parts_at,
    refuse_lost_ledger,
)
from tasks.storage.locks import is_locked, locked, locked_if_free
from tasks.storage.objects import objects_of
from tasks.storage.publish import is_published, publish, shows_views
from tasks.storage.readonly import connect_readonly, is_prepared
from tasks.storage.trouble import disk_told, is_machines


@contextmanager
def writing(
    root: Path, store: str | None = None, *, takes_store: bool = False
) -> Iterator[tuple[Warehouse, sqlite3.Connection]]:
    """The warehouse and its ledger for a program that will change it; made when missing, mended when cut off.

    A new one keeps its objects at `store`, when that is given, and so for ever: WrongUse when they lie elsewhere.
    NewsmillError when a copy of the folder has gone on with the store, unless this one takes it.
    """
    with disk_told(Path(os.path.abspath(root))):
        warehouse = locate(root, store)
        ledger = connect(warehouse)
        try:
            check_address(warehouse, ledger, store)
            (take_store if takes_store else hold_store)(warehouse, ledger)
            if not is_published(warehouse, ledger):
                with locked(warehouse.tmp / "writer.lock"):
                    publish(warehouse, ledger)
            yield warehouse, ledger
        finally:
            ledger.close()


@contextmanager
def reading(root: Path) -> Iterator[tuple[Warehouse, sqlite3.Connection]]:
    """The warehouse and its ledger, for reading only; raises WrongUse when there is no warehouse."""
    warehouse = locate(root)
    missing = WrongUse(f"There is no warehouse at {warehouse.root}. `newsmill ingest` makes one.")
    if not warehouse.ledger.exists():
        refuse_lost_ledger(warehouse)
        raise missing
    ledger = connect_readonly(warehouse.ledger)
    try:
        if not is_prepared(ledger):
            refuse_lost_ledger(warehouse)
            raise missing
        yield warehouse, ledger
    finally:
        ledger.close()


def open_warehouse(root: Path, as_of: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in which every table and view can be queried: now, or as of a snapshot number or time.

    Raises WrongUse when there is no warehouse or no such snapshot, NewsmillError when the snapshot has expired.
    """
    with reading(root) as (warehouse, ledger), disk_told(warehouse.root):
        is_shown = mend(warehouse, ledger)
        # A second connect() to the same path would give the instance cached in this process, so always a fresh one.
        connection = duckdb.connect()
        objects_of(warehouse).serve(connection)
        # Parts never change, so their footers need to be read once a connection: reports took a quarter less.
        connection.execute("SET parquet_metadata_cache = true")
        if as_of is None and is_shown and attach_catalog(connection, warehouse, ledger):
            return connection
        commit_id = last_commit(ledger) if as_of is None else find_snapshot(ledger, as_of)
        if as_of is not None and commit_id < oldest_snapshot(ledger):
            raise NewsmillError(f"Snapshot {commit_id} has expired; the oldest kept is {oldest_snapshot(ledger)}.")
        create_views(connection, load_aliases(warehouse.root))
        create_table_views(connection, warehouse, parts_at(ledger, commit_id))
        create_snapshot(connection, ledger, commit_id)
        return connection


def create_snapshot(connection: duckdb.DuckDBPyConnection, ledger: sqlite3.Connection, commit_id: int) -> None:
    """The table that names the commit which a connection without a catalog shows."""
    row = ledger.execute("SELECT committed_us FROM commits WHERE commit_id = ?", (commit_id,)).fetchone()
    query = "CREATE TABLE snapshot AS SELECT $1::BIGINT AS commit_id, $2::TIMESTAMPTZ AS published_at"
    connection.execute(query, [commit_id, instant(row[0]) if row else None])


def mend(warehouse: Warehouse, ledger: sqlite3.Connection) -> bool:
    """Finish a publish that a crash, a move or an upgrade left to do, unless a writer is about to.

    Gives whether the catalog serves: not where nothing can be written, as on a full or read-only disk.
    """
    if is_published(warehouse, ledger):
        return True
    lock = warehouse.tmp / "writer.lock"
    with locked_if_free(lock) as held:
        if not held:
            return is_locked(lock)
        try:
            with closing(connect(warehouse)) as writer:
                publish(warehouse, writer)
        except Exception as error:
            if not is_machines(error):
                raise
            return False
    return True


def attach_catalog(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, ledger: sqlite3.Connection) -> bool:
    """Use the catalog, of the newest commit or, while that is published, the one before; False where it is no use."""
    shown = ledger.execute("SELECT root FROM published").fetchone()
    is_todays = is_current(ledger) and shows_views(ledger)
    if shown != (str(warehouse.root),) or not is_todays or not warehouse.catalog.exists():
        return False
    try:
        connection.execute(f"ATTACH {quoted(str(warehouse.catalog))} AS newsmill (READ_ONLY)")
    except duckdb.Error:
        return False
    connection.execute("USE newsmill")
    return True


def find_snapshot(ledger: sqlite3.Connection, as_of: str) -> int:
    """The commit that a number or a time names: of a time, the newest not after it."""
    if as_of.isascii() and as_of.isdigit():
        # As text: the number may have more digits than a database's integer.
        known = ledger.execute("SELECT count(*) FROM commits WHERE CAST(commit_id AS TEXT) = ?", (as_of,)).fetchone()[0]
        if not known:
            raise WrongUse(f"There is no snapshot {as_of}; `newsmill status` lists the newest.")
        return int(as_of)
    time = moment(as_of)
    if time is None:
        raise WrongUse(f"--as-of takes a snapshot number or a time such as 2025-12-01T10:15, not {as_of!r}.")
    (commit_id,) = ledger.execute(
        "SELECT max(commit_id) FROM commits WHERE committed_us <= ?", (microseconds(time),)
    ).fetchone()
    if commit_id is None:
        first = ledger.execute("SELECT min(committed_us) FROM commits").fetchone()[0]
        since = f"begins {instant(first):%Y-%m-%d %H:%M} UTC" if first else "is empty"
        raise WrongUse(f"The warehouse {since}; there is nothing to read as of {as_of}.")
    return int(commit_id)


def moment(text: str) -> datetime | None:
    """An ISO date or date-time, UTC unless it says otherwise; a bare date means the end of that day."""
    try:
        if len(text) == len("2025-12-01"):
            return datetime.combine(date.fromisoformat(text), datetime.max.time(), UTC)
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
