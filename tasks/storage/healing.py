"""Tables of which no query can be answered, since a file that DuckDB looks at first is damaged: shown anew."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

from schemas.tables import TABLES
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import connect
from tasks.storage.locks import locked
from tasks.storage.objects import objects_of
from tasks.storage.opening import attach_catalog, reading
from tasks.storage.publish import publish_anew
from tasks.storage.trouble import is_from_store


def heal_views(root: Path) -> list[str]:
    """Publish the catalog anew where a table's view cannot be opened; a sentence for each table that can be now.

    Rows of damaged files stay unreadable, and a query that needs them says so. Does nothing where nothing can be
    written. Raises WrongUse when there is no warehouse.
    """
    with reading(root) as (warehouse, ledger):
        blind = find_blind_tables(warehouse, ledger)
        if not blind or not os.access(warehouse.root, os.W_OK):
            return []
        with locked(warehouse.tmp / "writer.lock"), closing(connect(warehouse)) as writer:
            publish_anew(warehouse, writer)
        still_blind = find_blind_tables(warehouse, ledger)
    return [
        f"{name}: no query of it was answered, since its first file is damaged or one is gone; queries that need other"
        " files are answered again. `newsmill maintain --repair` makes the lost rows again."
        for name in blind
        if name not in still_blind
    ]


def find_blind_tables(warehouse: Warehouse, ledger: sqlite3.Connection) -> list[str]:
    """The tables whose view in the catalog cannot be opened; none where the catalog is not in use."""
    with duckdb.connect() as connection:
        objects_of(warehouse).serve(connection)
        if not attach_catalog(connection, warehouse, ledger):
            return []
        return [name for name in TABLES if not can_be_opened(connection, name)]


def can_be_opened(connection: duckdb.DuckDBPyConnection, view: str) -> bool:
    """Whether DuckDB finds the columns of a view."""
    try:
        connection.execute(f"SELECT * FROM {view} LIMIT 0")  # noqa: S608
    except duckdb.Error as error:
        if is_from_store(error):
            raise
        return False
    return True
