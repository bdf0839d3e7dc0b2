"""What a warehouse is held against: the same rows in one sorted Parquet file a table, asked through the same views."""

from pathlib import Path

import duckdb

from schemas.arrow import arrow_schema
from schemas.tables import TABLES, Table
from tasks.aliases.files import load_shipped
from tasks.storage.catalog import create_alias_rows, quoted
from tasks.storage.opening import open_warehouse
from tasks.storage.parts import ZSTD_LEVEL
from warehouse import load_views

SORTING_MEMORY = "4GB"


def write_ideal(warehouse: Path, folder: Path) -> None:
    """Let DuckDB copy every table into one file, with the order, the codec and the row groups of the table's parts."""
    folder.mkdir()
    with open_warehouse(warehouse) as connection:
        connection.execute(f"SET memory_limit = '{SORTING_MEMORY}'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = {quoted(str(folder / 'spill'))}")
        for name, table in TABLES.items():
            connection.execute(f"""
                COPY (SELECT * FROM {name} ORDER BY {", ".join(table.order)})
                TO {quoted(str(file_of(folder, table)))} (
                    FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {ZSTD_LEVEL},
                    ROW_GROUP_SIZE {table.row_group_rows}
                )
            """)


def file_of(folder: Path, table: Table) -> Path:
    """The one file of a table."""
    return folder / f"{table.name}.parquet"


def open_ideal(folder: Path) -> duckdb.DuckDBPyConnection:
    """A fresh connection in memory with every table and view of a warehouse, over the ideal files."""
    connection = duckdb.connect()
    # As the warehouse's readers do.
    connection.execute("SET parquet_metadata_cache = true")
    for name, table in TABLES.items():
        columns = ", ".join([*arrow_schema(table.row).names, table.partition])
        source = f"read_parquet({quoted(str(file_of(folder, table)))})"
        connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM {source}")
    create_alias_rows(connection, load_shipped())
    for view in load_views().values():
        connection.execute(f"CREATE VIEW {view.name} AS {view.sql}")
    return connection
