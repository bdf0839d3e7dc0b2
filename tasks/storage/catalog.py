"""The catalog: a DuckDB file of views over explicit lists of Parquet files, derived and read-only."""

import errno
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.arrow import arrow_schema
from schemas.tables import SCHEMA_VERSION, TABLES, Table
from tasks.aliases.files import SHIPPED, load_aliases, load_shipped, read_own
from tasks.aliases.resolving import Aliases, alias_rows
from tasks.storage.layout import Warehouse, sync_file
from tasks.storage.ledger import Part
from tasks.storage.objects import Objects, objects_of
from tasks.storage.parts import in_store
from tasks.storage.trouble import is_from_store
from warehouse import load_queries, load_views

# Month of the empty part that gives a table its columns when it has no rows yet; no real month comes before it.
NO_MONTH = "0000-00"

# Readable by every DuckDB since 1.0.
STORAGE_VERSION = "v1.0.0"


def write_catalog(file: Path, warehouse: Warehouse, parts: Iterable[Part], commit_id: int) -> None:
    """Write a new catalog whose views show exactly these parts."""
    listed = list(parts)
    try:
        fill_catalog(file, warehouse, listed, commit_id)
    except duckdb.Error as error:
        if is_from_store(error):
            raise
        # The blank catalog may be damaged; any other error comes again with a new one.
        blank_catalog(warehouse).unlink()
        fill_catalog(file, warehouse, listed, commit_id)


def fill_catalog(file: Path, warehouse: Warehouse, parts: Iterable[Part], commit_id: int) -> None:
    """Copy the blank catalog and let its tables show these parts."""
    shutil.copyfile(blank_catalog(warehouse), file)
    with writing_catalog(file) as connection:
        objects_of(warehouse).serve(connection)
        create_table_views(connection, warehouse, parts)
        if read_own(warehouse.root) is not None:
            create_alias_rows(connection, load_aliases(warehouse.root))
        connection.execute(
            "CREATE TABLE snapshot AS SELECT $1::BIGINT AS commit_id, $2::TIMESTAMPTZ AS published_at",
            [commit_id, datetime.now(UTC)],
        )


def blank_catalog(warehouse: Warehouse) -> Path:
    """A catalog with every view and no part, kept in tmp/; made when missing. The caller holds the writer lock.

    Views other than the tables', and newsmill's own aliases, stay the same from commit to commit, and making them is
    most of a publish.
    """
    blank = warehouse.tmp / f"blank-{duckdb.__version__}-{views_mark()}.duckdb"
    if not blank.exists():
        half_made = blank.with_suffix(".half")
        half_made.unlink(missing_ok=True)
        with writing_catalog(half_made) as connection:
            create_views(connection, load_shipped())
        # An empty file would be a valid catalog, without views.
        sync_file(half_made)
        half_made.replace(blank)
    return blank


@cache
def views_mark() -> str:
    """Differs when the views would that this newsmill gives every catalog: by the columns, the SQL and the aliases."""
    columns = [str(arrow_schema(table.row)) for table in TABLES.values()]
    views = [view.sql for view in (load_views() | load_queries("macros")).values()]
    aliases = SHIPPED.read_text("utf-8")
    return blake2b("\n".join([*columns, *views, aliases]).encode(), digest_size=8).hexdigest()


@contextmanager
def writing_catalog(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Change a catalog, or make it, in one transaction that is in the file itself when the block ends.

    Closing would write DuckDB's log into the file too, but on a full disk it leaves it beside without a word: a catalog
    that lacks the newest views, or all of them. An explicit checkpoint raises.
    """
    log = Path(f"{file}.wal")
    log.unlink(missing_ok=True)
    try:
        with duckdb.connect(
            str(file), config={"threads": 1, "storage_compatibility_version": STORAGE_VERSION}
        ) as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        if log.exists():
            raise OSError(errno.EIO, "the catalog was not written to its end", str(file))
    finally:
        log.unlink(missing_ok=True)


def create_views(connection: duckdb.DuckDBPyConnection, aliases: Aliases) -> None:
    """Tables without rows, for `create_table_views` to replace, the views of warehouse/views, and their macros.

    A view is bound when it is made, with all that it reads: with parts below, a store on S3 was read 114 times.
    """
    for table in TABLES.values():
        columns = ", ".join(f"NULL::{sql_type} AS {name}" for name, sql_type in sql_columns(connection, table).items())
        connection.execute(f"CREATE VIEW {table.name} AS SELECT {columns} WHERE false")
    create_alias_rows(connection, aliases)
    for view in load_views().values():
        connection.execute(f"CREATE VIEW {view.name} AS {view.sql.rstrip().rstrip(';')}")
    for macro in load_queries("macros").values():
        connection.execute(macro.sql)


def sql_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    """The columns of a table with the types that DuckDB reads from its parts."""
    relation = connection.from_arrow(arrow_schema(table.row).empty_table())
    return dict(zip(relation.columns, map(str, relation.types), strict=True)) | {table.partition: "VARCHAR"}


def create_alias_rows(connection: duckdb.DuckDBPyConnection, aliases: Aliases) -> None:
    """The table that the view name_aliases reads."""
    rows = pa.Table.from_pylist(list(alias_rows(aliases)))
    connection.register("rows_to_write", rows)
    connection.execute("CREATE OR REPLACE TABLE alias_rows AS SELECT * FROM rows_to_write")
    connection.unregister("rows_to_write")


def create_table_views(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, parts: Iterable[Part]) -> None:
    """One view a table, in the place of what showed other parts."""
    listed: dict[str, list[Part]] = {name: [] for name in TABLES}
    for part in parts:
        listed[part.table_name].append(part)
    for name, table in TABLES.items():
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS {table_query(warehouse, table, listed[name])}")


def table_query(warehouse: Warehouse, table: Table, parts: list[Part]) -> str:
    """The query that reads a table's parts; parts of an older schema are matched by column name.

    The columns are named: a folder above the warehouse may itself be called `a=b`, which reads as one more partition.
    """
    columns = [*arrow_schema(table.row).names, table.partition]
    objects = objects_of(warehouse)
    schema_part = empty_part(objects, table)
    paths = [in_store(part.path) for part in parts]
    # DuckDB takes the columns from the first file, and guesses from its rows how many the others have: with the empty
    # part first it took every table for empty, and joins held the large side in memory, for 1.5 times the CPU time.
    # It has to be first where the first cannot be read, or nobody could read the others.
    paths.insert(len(paths) if paths and is_parquet(objects, paths[0]) else 0, schema_part)
    by_name = any(part.schema_version != SCHEMA_VERSION for part in parts)
    return (
        f"SELECT {', '.join(columns)} FROM read_parquet([{', '.join(quoted(objects.url(path)) for path in paths)}], "  # noqa: S608
        f"hive_partitioning = true, hive_types_autocast = false, hive_types = {{'{table.partition}': VARCHAR}}, "
        f"union_by_name = {str(by_name).lower()})"
    )


def quoted(text: str) -> str:
    """A SQL string literal; view definitions cannot take parameters."""
    return "'" + text.replace("'", "''") + "'"


def empty_part(objects: Objects, table: Table) -> str:
    """The part without rows that types an empty table; made when missing or damaged."""
    path = in_store(f"{table.name}/{table.partition}={NO_MONTH}/schema-{SCHEMA_VERSION}.parquet")
    if not is_parquet(objects, path):
        sink = pa.BufferOutputStream()
        pq.write_table(arrow_schema(table.row).empty_table(), sink)
        # Whole or not at all: half of it, left by a crash, would break every view for good.
        objects.put(path, sink.getvalue().to_pybytes())
        objects.settle([path])
    return path


def is_parquet(objects: Objects, path: str) -> bool:
    """Whether a file is there and begins and ends as Parquet does; every view reads these, and no commit names them."""
    try:
        pq.read_schema(objects.source(path))
    except (OSError, pa.ArrowInvalid) as error:
        if is_from_store(error):
            raise
        return False
    return True
