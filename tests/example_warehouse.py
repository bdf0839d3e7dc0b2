"""A warehouse in memory, made of example rows, with every view."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from schemas.arrow import arrow_table
from schemas.tables import TABLES, Table
from warehouse import load_queries


def month(value: date | datetime) -> str:
    return f"{value:%Y-%m}"


def table_of(table: Table, rows: Sequence[Any]) -> pa.Table:
    """The rows as the catalog shows them: partition column last."""
    months = [month(getattr(row, table.partitioned_by)) for row in rows]
    return arrow_table(table.row, rows).append_column(table.partition, pa.array(months, pa.string()))


def memory_warehouse(**rows: Iterable[Any]) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory with every table (empty unless its rows are given) and every view of warehouse/views."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name, table in TABLES.items():
        connection.register("example_rows", table_of(table, list(rows.get(name, ()))))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM example_rows")
        connection.unregister("example_rows")
    waiting = {name: query.sql for name, query in load_queries("views").items()}
    while waiting:
        created = [name for name, sql in waiting.items() if create_view(connection, name, sql)]
        assert created, f"views that cannot be created: {sorted(waiting)}"
        waiting = {name: sql for name, sql in waiting.items() if name not in created}
    return connection


def create_view(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> bool:
    """Whether the view could be created already; one that needs another view waits for it."""
    try:
        connection.execute(f"CREATE VIEW {name} AS {sql}")
    except duckdb.CatalogException:
        return False
    return True
