"""A query's rows for people and programs: a table, JSON, CSV or Parquet, on stdout or in a file that appears whole."""

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import WrongUse
from tasks.reporting.result_values import csv_cell, json_value, printable, shown_value
from tasks.storage.layout import scratch_mark

if TYPE_CHECKING:
    from rich.console import Group

# A table is for looking at; more rows than this are counted, not shown.
TABLE_ROWS = 200
TABLE_COLUMN_WIDTH = 60
# Rich shares the width out; without a terminal nothing is lost by being wide.
WIDTH_WITHOUT_TERMINAL = 250


class Format(StrEnum):
    """The forms a result can take."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def write_result(rows: pa.RecordBatchReader, form: Format, output: Path | None = None) -> None:
    """Write rows to `output`, which appears only when it is whole, or to stdout.

    Raises WrongUse for an output that cannot be written, Parquet on a terminal included.
    """
    if form is Format.PARQUET:
        write_parquet(rows, output)
    elif output is None:
        write_text(rows, form, sys.stdout)
        sys.stdout.flush()
    else:
        with whole_file(output) as raw, open(raw.fileno(), "w", encoding="utf-8", newline="", closefd=False) as text:
            write_text(rows, form, text)


def write_text(rows: pa.RecordBatchReader, form: Format, out: TextIO) -> None:
    """Write rows as a table, JSON or CSV."""
    if form is Format.TABLE:
        write_table(rows, out)
        return
    writer = {Format.JSON: write_json, Format.CSV: write_csv}[form]
    writer(rows, ForTerminal(out) if out.isatty() else out)


class Writable(Protocol):
    """What takes text."""

    def write(self, text: str, /) -> int: ...


class ForTerminal:
    r"""Spells out what could command a terminal, such as \x1b; where a program reads, its bytes go out as they are."""

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, text: str, /) -> int:
        return self.out.write("\n".join(map(printable, text.split("\n"))))


def write_json(rows: pa.RecordBatchReader, out: Writable) -> int:
    """An array of objects, an object a line; dates and times ISO 8601, NaN and infinity null; the number of rows."""
    separator, count = "[", 0
    for row in records(rows):
        out.write(f"{separator}\n{json_object(row)}")
        separator = ","
        count += 1
    out.write("\n]\n" if count else "[]\n")
    return count


def write_json_lines(rows: pa.RecordBatchReader, out: Writable) -> int:
    """A JSON object a line; the number of rows."""
    count = 0
    for row in records(rows):
        out.write(json_object(row) + "\n")
        count += 1
    return count


def json_object(row: dict[str, Any]) -> str:
    """One row as a JSON object."""
    return json.dumps({name: json_value(value) for name, value in row.items()}, ensure_ascii=False, allow_nan=False)


class RowsByLineFeed:
    """Ends rows with a line feed alone; the csv module quotes a carriage return only while rows end with one."""

    def __init__(self, out: Writable) -> None:
        self.out = out

    def write(self, row: str) -> int:
        return self.out.write(row.removesuffix("\r\n") + "\n")


def write_csv(rows: pa.RecordBatchReader, out: Writable) -> int:
    """CSV with a header; text that a spreadsheet would run as a formula begins with an apostrophe."""
    writer = csv.writer(RowsByLineFeed(out))
    writer.writerow(csv_cell(name) for name in rows.schema.names)
    count = 0
    for row in records(rows):
        writer.writerow(csv_cell(value) for value in row.values())
        count += 1
    return count


def write_table(rows: pa.RecordBatchReader, out: TextIO) -> int:
    """A table for people: long values shortened, control characters spelled out, the number of rows below."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False)
    for field in rows.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
        table.add_column(
            Text(shown_value(field.name)),
            justify="right" if number else "left",
            no_wrap=True,
            overflow="ellipsis",
            max_width=TABLE_COLUMN_WIDTH,
        )
    count, shown = 0, list[dict[str, Any]]()
    for count, row in enumerate(records(rows), start=1):
        if count <= TABLE_ROWS:
            shown.append(row)
            table.add_row(*(Text(shown_value(value)) for value in row.values()))
    console = Console(file=out, width=None if out.isatty() else WIDTH_WITHOUT_TERMINAL)
    if is_too_wide(rows.schema.names, console.width):
        console.print(records_view(shown), highlight=False)
    else:
        console.print(table)
    console.print(row_count(count), highlight=False)
    return count


# Narrower than this a column shows nothing; each has three characters of frame beside it.
LEAST_COLUMN_WIDTH = 8
FRAME_WIDTH = 3


def is_too_wide(names: list[str], width: int) -> bool:
    """Whether there are more columns than a line has room for."""
    return len(names) * (LEAST_COLUMN_WIDTH + FRAME_WIDTH) > width


def records_view(shown: "list[dict[str, Any]]") -> "Group":
    """Row after row, a line a column: no column is hidden, however many there are."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[Any] = []
    for number, row in enumerate(shown, start=1):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True, min_width=max(map(len, row)))
        grid.add_column(overflow="ellipsis", no_wrap=True)
        for name, value in row.items():
            grid.add_row(Text(shown_value(name), style="bold"), Text(shown_value(value)))
        parts += [f"── row {number} ──", grid]
    return Group(*parts)


def row_count(count: int) -> str:
    """The line below a table."""
    if count <= TABLE_ROWS:
        return "1 row" if count == 1 else f"{count:,} rows"
    return f"{count:,} rows, of which the first {TABLE_ROWS} are shown; --format csv gives them all."


def write_parquet(rows: pa.RecordBatchReader, output: Path | None) -> None:
    """Write rows as one Parquet file; on stdout only where it leads into a pipe or file."""
    if output is not None:
        with whole_file(output) as out:
            write_parquet_to(rows, out)
        return
    if sys.stdout.isatty():
        raise WrongUse("Parquet is not for a terminal: give --output FILE or send it into a file.")
    # A pipe cannot be asked where it stands, which Parquet's footer needs.
    whole = BytesIO()
    write_parquet_to(rows, whole)
    sys.stdout.buffer.write(whole.getbuffer())
    sys.stdout.flush()


def write_parquet_to(rows: pa.RecordBatchReader, out: BinaryIO) -> None:
    """Stream batches into one Parquet file."""
    with pq.ParquetWriter(out, rows.schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch)


@contextmanager
def whole_file(output: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when the block ends well; what stood there before stays until then."""
    refuse_inside_warehouse(output)
    half_made = output.with_name(f".{output.name}.{scratch_mark()}.part")
    try:
        with half_made.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        half_made.replace(output)
    except OSError as error:
        raise WrongUse(f"{output} cannot be written: {error.strerror or error}.") from error
    finally:
        half_made.unlink(missing_ok=True)


def refuse_inside_warehouse(output: Path) -> None:
    """Raise WrongUse for a place inside a warehouse: its folders hold nothing but committed files."""
    for folder in output.absolute().resolve().parents:
        if (folder / "ledger.sqlite").exists():
            raise WrongUse(f"{output} lies inside the warehouse {folder}; choose a place outside.")


def records(rows: Iterable[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    """The rows as Python values by column."""
    for batch in rows:
        columns = [python_values(column) for column in batch.columns]
        for values in zip(*columns, strict=True):
            yield dict(zip(batch.schema.names, values, strict=True))


def python_values(column: pa.Array) -> list[Any]:
    """A column's values; nanoseconds, which Python's times do not hold, are cut to microseconds."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return list(column.to_pylist())
