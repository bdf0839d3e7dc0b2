"""Commits of example rows, made as newsmill makes them."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from schemas.arrow import arrow_table
from schemas.tables import TABLES
from tasks.storage.commit import transaction
from tasks.storage.layout import locate
from tasks.storage.ledger import last_commit
from tasks.storage.opening import open_warehouse, writing


def table_of(name: str, rows: Sequence[Any]) -> pa.Table:
    """Rows of one table as Arrow."""
    return arrow_table(TABLES[name].row, rows)


def commit(root: Path, key: str | None = None, **rows: Sequence[Any]) -> int:
    """Add rows to some tables in one commit; gives its number."""
    with writing(root) as (warehouse, ledger):
        with transaction(warehouse, ledger, "ingest", "r1", key) as under_way:
            for name, of_table in rows.items():
                under_way.append(name, table_of(name, of_table))
        return last_commit(ledger)


def ask(root: Path, query: str, as_of: str | None = None) -> list[tuple[Any, ...]]:
    """The rows of a query, as a reader sees them."""
    with open_warehouse(root, as_of) as connection:
        return connection.execute(query).fetchall()


def headlines(root: Path, as_of: str | None = None) -> list[str]:
    """The headlines a reader sees, sorted."""
    return [headline for (headline,) in ask(root, "SELECT headline FROM articles ORDER BY headline", as_of)]


def parts_under(folder: Path) -> set[str]:
    """The Parquet files below a folder that hold rows, relative to it."""
    return {str(file.relative_to(folder)) for file in folder.rglob("*.parquet") if "=0000-00" not in str(file)}


def age_views(root: Path) -> None:
    """Leave the catalog as a newsmill did whose view `alarms` was another; 0.1 noted nothing of it."""
    catalog = locate(root).catalog
    catalog.chmod(0o644)
    with duckdb.connect(str(catalog)) as connection:
        connection.execute("CREATE OR REPLACE VIEW alarms AS SELECT 'input_silent' AS alarm")
    catalog.chmod(0o444)
    with closing(sqlite3.connect(root / "ledger.sqlite", isolation_level=None)) as ledger:
        ledger.execute("DELETE FROM meta WHERE key = 'published_views'")
