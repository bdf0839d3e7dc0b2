"""The catalog: a DuckDB file of views over explicit lists of Parquet files, derived and read-only."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from schemas.arrow import arrow_schema
from schemas.tables import SCHEMA_VERSION, TABLES, Table
from tasks.storage.layout import Warehouse, make_folder
from tasks.storage.ledger import Part
from warehouse import load_views

# Month of the empty part that gives a table its columns when it has no rows yet; no real month comes before it.
NO_MONTH = "0000-00"

# Readable by every DuckDB since 1.0.
STORAGE_VERSION = "v1.0.0"


def write_catalog(file: Path, warehouse: Warehouse, parts: Iterable[Part], commit_id: int) -> None:
    """Write a new catalog whose views show exactly these parts."""
    with duckdb.connect(
        str(file), config={"threads": 1, "storage_compatibility_version": STORAGE_VERSION}
    ) as connection:
        connection.execute("BEGIN")
        create_views(connection, warehouse, parts)
        connection.execute(
            "CREATE TABLE snapshot AS SELECT $1::BIGINT AS commit_id, $2::TIMESTAMPTZ AS published_at",
            [commit_id, datetime.now(UTC)],
        )
        connection.execute("COMMIT")


def create_views(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, parts: Iterable[Part]) -> None:
    """One view a table, then those of warehouse/views."""
    listed: dict[str, list[Part]] = {name: [] for name in TABLES}
    for part in parts:
        listed[part.table_name].append(part)
    for name, table in TABLES.items():
        connection.execute(f"CREATE VIEW {name} AS {table_query(warehouse, table, listed[name])}")
    for view in load_views().values():
        connection.execute(f"CREATE VIEW {view.name} AS {view.sql.rstrip().rstrip(';')}")


def table_query(warehouse: Warehouse, table: Table, parts: list[Part]) -> str:
    """The query that reads a table's parts; parts of an older schema are matched by column name.

    The columns are named: a folder above the warehouse may itself be called `a=b`, which reads as one more partition.
    """
    columns = [*arrow_schema(table.row).names, table.partition]
    schema_part = empty_part(warehouse, table)
    paths = [schema_part, *(warehouse.store / part.path for part in parts)]
    by_name = any(part.schema_version != SCHEMA_VERSION for part in parts)
    return (
        f"SELECT {', '.join(columns)} FROM read_parquet([{', '.join(quoted(str(path)) for path in paths)}], "  # noqa: S608
        f"hive_partitioning = true, hive_types_autocast = false, hive_types = {{'{table.partition}': VARCHAR}}, "
        f"union_by_name = {str(by_name).lower()})"
    )


def quoted(text: str) -> str:
    """A SQL string literal; view definitions cannot take parameters."""
    return "'" + text.replace("'", "''") + "'"


def empty_part(warehouse: Warehouse, table: Table) -> Path:
    """The part without rows that types an empty table; made when missing."""
    file = warehouse.store / table.name / f"{table.partition}={NO_MONTH}" / f"schema-{SCHEMA_VERSION}.parquet"
    if not file.exists():
        make_folder(file.parent)
        pq.write_table(arrow_schema(table.row).empty_table(), file)
    return file
