"""A warehouse in memory, made of example rows, with every view."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from schemas.arrow import arrow_table
from schemas.tables import TABLES, Table
from tasks.aliases.files import load_shipped
from tasks.storage.catalog import create_alias_rows
from tasks.storage.commit import transaction
from tasks.storage.opening import writing
from warehouse import load_queries, load_views


def month(value: date | datetime) -> str:
    return f"{value:%Y-%m}"


def table_of(table: Table, rows: Sequence[Any]) -> pa.Table:
    """The rows as the catalog shows them: partition column last."""
    months = [month(getattr(row, table.partitioned_by)) for row in rows]
    return arrow_table(table.row, rows).append_column(table.partition, pa.array(months, pa.string()))


def memory_warehouse(**rows: Iterable[Any]) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory with every table (empty unless its rows are given) and every view and macro of warehouse/."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name, table in TABLES.items():
        connection.register("example_rows", table_of(table, list(rows.get(name, ()))))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM example_rows")
        connection.unregister("example_rows")
    create_alias_rows(connection, load_shipped())
    connection.execute("CREATE TABLE snapshot AS SELECT 1::BIGINT AS commit_id, now() AS published_at")
    for name, view in load_views().items():
        connection.execute(f"CREATE VIEW {name} AS {view.sql}")
    for macro in load_queries("macros").values():
        connection.execute(macro.sql)
    return connection


def disk_warehouse(root: Path, **rows: Iterable[Any]) -> Path:
    """The folder of a warehouse with these rows in its only commit, made as newsmill makes them."""
    with writing(root) as (warehouse, ledger), transaction(warehouse, ledger, "ingest", "r1") as commit:
        for name, table_rows in rows.items():
            commit.append(name, arrow_table(TABLES[name].row, list(table_rows)))
    return root
