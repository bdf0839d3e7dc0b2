"""A plain copy of every table for other tools: hive folders by month, in Parquet, CSV or JSON lines."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.arrow import SQL_TYPES, arrow_schema
from schemas.errors import WrongUse
from schemas.tables import SCHEMA_VERSION, TABLES, Table
from tasks.reporting.croissant import Provenance, find_provenance, write_croissant
from tasks.reporting.results import refuse_inside_warehouse, write_csv, write_json_lines
from tasks.storage.layout import scratch_mark

# Its presence says that a folder is an export and may be replaced by a newer one.
DESCRIPTION = "export.json"

README = """An export of a newsmill warehouse, made {made_at}.

One folder a table, one folder a month in it, in the form {form}; export.json describes every column,
croissant.json the data set, with the size and SHA-256 of every file (Croissant 1.0, JSON-LD).
Hive-partitioned: published_month and ingested_month are in the folders' names, not in the files.
{note}
"""
FORMULA_NOTE = """Text that a spreadsheet would run as a formula (beginning with = + - @, tab or line end) has an
apostrophe in front. Lists are JSON. An empty cell is null."""
NOTES = {"csv": FORMULA_NOTE, "jsonl": "One JSON object a line; dates and times are ISO 8601, UTC.", "parquet": ""}


class ExportFormat(StrEnum):
    """The forms an export can take."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


def export(
    connection: duckdb.DuckDBPyConnection,
    output: Path,
    form: ExportFormat,
    on_table: Callable[[str, int], None] | None = None,
    licence: str | None = None,
) -> dict[str, int]:
    """Copy every table of the warehouse as the connection shows it; rows by table.

    `licence` is that of the articles, a URL or its name, for the description; newsmill does not know it.
    The folder appears when it is whole, an earlier export at the same place stays until then. Memory is bounded by a
    row group. Raises WrongUse when the folder holds something else than an export or cannot be written.
    """
    refuse_occupied(output)
    connection.execute("SET TimeZone = 'UTC'")
    with whole_folder(output) as folder:
        rows: dict[str, int] = {}
        for name, table in TABLES.items():
            rows[name] = export_table(connection, table, folder / name, form)
            if on_table is not None:
                on_table(name, rows[name])
        describe(folder, form, rows, find_provenance(connection), licence)
    return rows


def refuse_occupied(output: Path) -> None:
    """Raise WrongUse unless the place is free, an empty folder or an earlier export, and outside of the warehouse."""
    refuse_inside_warehouse(output)
    if not output.exists() or is_export(output):
        return
    if not output.is_dir() or any(output.iterdir()):
        raise WrongUse(f"{output} is not empty and not an earlier export; choose another folder.")


def is_export(folder: Path) -> bool:
    """Whether an earlier export stands there."""
    return (folder / DESCRIPTION).is_file()


@contextmanager
def whole_folder(output: Path) -> Iterator[Path]:
    """A folder that takes its name, and the place of what stood there, only when the block ends well."""
    place = output.absolute()
    half_made = place.with_name(f".{place.name}.{scratch_mark()}.part")
    replaced = place.with_name(f".{place.name}.{scratch_mark()}.old")
    try:
        half_made.mkdir(parents=True)
        yield half_made
        if place.exists():
            place.rename(replaced)
        half_made.rename(place)
    except OSError as error:
        raise WrongUse(f"{output} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
        shutil.rmtree(replaced, ignore_errors=True)


def export_table(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, form: ExportFormat) -> int:
    """Write one file a month; the number of rows."""
    folder.mkdir()
    rows = connection.view(table.name)
    month = duckdb.ColumnExpression(table.partition)
    count = 0
    for (value,) in rows.select(month).distinct().order(table.partition).fetchall():
        of_month = rows.filter(month == duckdb.ConstantExpression(value))
        columns = of_month.select(duckdb.StarExpression(exclude=[table.partition])).order(", ".join(table.order))
        reader = columns.to_arrow_reader(table.row_group_rows)
        (folder / f"{table.partition}={value}").mkdir()
        count += write_month(reader, table, folder / f"{table.partition}={value}" / f"part-0.{form}", form)
    return count


def write_month(rows: pa.RecordBatchReader, table: Table, file: Path, form: ExportFormat) -> int:
    """Write one month of a table; the number of rows."""
    if form is ExportFormat.PARQUET:
        return write_parquet_month(rows, arrow_schema(table.row), file)
    write_text = write_csv if form is ExportFormat.CSV else write_json_lines
    with file.open("w", encoding="utf-8", newline="") as text:
        return write_text(rows, text)


def write_parquet_month(rows: pa.RecordBatchReader, schema: pa.Schema, file: Path) -> int:
    """Write one file with newsmill's own schema, meanings and nullability included; the number of rows."""
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))
            count += batch.num_rows
    return count


def describe(folder: Path, form: ExportFormat, rows: dict[str, int], came: Provenance, licence: str | None) -> None:
    """Put a README, a description of every column and one of the data set beside the tables."""
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    readme = README.format(made_at=made_at, form=form, note=NOTES[form]).rstrip()
    (folder / "README.txt").write_text(readme + "\n", encoding="utf-8")
    tables = {name: table_description(table, rows[name]) for name, table in TABLES.items()}
    description = {
        "made_by": "newsmill export",
        "made_at": made_at,
        "format": form,
        "schema_version": SCHEMA_VERSION,
        **came.as_json(),
    }
    write_croissant(folder, form, made_at, came, licence)
    dump = partial(json.dumps, indent=2, ensure_ascii=False)
    (folder / DESCRIPTION).write_text(dump(description | {"tables": tables}) + "\n", encoding="utf-8")


def table_description(table: Table, row_count: int) -> dict[str, object]:
    """One table's rows, partition and columns with type and meaning."""
    columns = [
        {
            "name": field.name,
            "type": SQL_TYPES[field.type],
            "nullable": field.nullable,
            "meaning": field.metadata[b"meaning"].decode(),
        }
        for field in arrow_schema(table.row)
    ]
    return {"row_count": row_count, "partition": table.partition, "columns": columns}
