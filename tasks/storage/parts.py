"""Parquet files of the store: written once under a final unique name, never changed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.arrow import arrow_schema
from schemas.errors import NewsmillError
from schemas.tables import TABLES, Table
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part
from tasks.storage.objects import objects_of
from tasks.storage.trouble import is_from_store

ZSTD_LEVEL = 3  # level 9 saved 4 % of size for twice the time on news text

# Of each column of a part that is read in batches; in a bucket each is a request.
BUFFER_BYTES = 1 << 18

# A row group is in memory while it is written: 20,000 articles of a newspaper are half of this, of a magazine twice it.
# Smaller ones are for readers to pay: groups of 9,000 articles made counts by day 15 % slower, of 2,600 70 %.
ROW_GROUP_BYTES = 64 << 20


def months(table: Table, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each month, `YYYY-MM`, in order of month."""
    month_of = pc.strftime(utc_day(rows[table.partitioned_by]).cast(pa.timestamp("s")), "%Y-%m")
    found = sorted(pc.unique(month_of).to_pylist())
    for month in found:
        # A copy of the rows only where they must be parted: joining parts of one month would hold them twice.
        yield month, rows if len(found) == 1 else rows.filter(pc.equal(month_of, month))


def utc_day(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The UTC day of dates or instants, by way of numbers: a zone look-up would need the system's zone files."""
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64()).cast(pa.timestamp("us"))
    return pc.floor_temporal(values, unit="day").cast(pa.date32())


def write_part(warehouse: Warehouse, table: Table, month: str, rows: pa.Table, name: str) -> Part:
    """Write the rows of one month, sorted, as one part; the caller settles its name."""
    distinct = {column: pc.count_distinct(rows[column]).as_py() for column in table.bloom_filters}
    return write_sorted(warehouse, table, month, [in_order(table, rows)], name, distinct=distinct)


def in_order(table: Table, rows: pa.Table) -> pa.Table:
    """The rows in the order inside a file."""
    return rows.sort_by([(column, "ascending") for column in table.order])


def write_sorted(
    warehouse: Warehouse,
    table: Table,
    month: str,
    blocks: Iterable[pa.Table],
    name: str,
    *,
    distinct: Mapping[str, int],
) -> Part:
    """Write the rows of one month, block after block, as one part; `distinct` counts the values to be looked up."""
    path = f"{table.name}/{table.partition}={month}/{name}.parquet"
    row_count = 0
    with objects_of(warehouse).new(in_store(path)) as handle:
        with pq.ParquetWriter(
            handle,
            arrow_schema(table.row),
            compression="zstd",
            compression_level=ZSTD_LEVEL,
            use_dictionary=repeated(table),
            write_page_checksum=True,
            bloom_filter_options={column: bloom_filter(distinct[column]) for column in table.bloom_filters},
        ) as writer:
            for rows in row_groups(blocks, table.row_group_rows):
                writer.write_table(rows, table.row_group_rows)
                row_count += rows.num_rows
                del rows
        size_bytes = handle.tell()
        handle.seek(0)
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    return Part(
        table_name=table.name,
        month=month,
        path=path,
        row_count=row_count,
        size_bytes=size_bytes,
        sha256=sha256,
    )


@cache
def repeated(table: Table) -> list[str]:
    """The columns of which a file keeps a dictionary, by the path that Parquet gives them, nested ones too."""
    sink = pa.BufferOutputStream()
    pq.write_table(arrow_schema(table.row).empty_table(), sink)
    schema = pq.ParquetFile(pa.BufferReader(sink.getvalue())).schema
    paths = [schema.column(number).path for number in range(len(schema.names))]
    return [path for path in paths if path not in table.seldom_repeated]


def row_groups(blocks: Iterable[pa.Table], row_count: int, most_bytes: int = ROW_GROUP_BYTES) -> Iterator[pa.Table]:
    """The rows of the blocks, so many at a time, or fewer with the block that brings them to so many bytes."""
    gathered: list[pa.Table] = []
    gathered_bytes = 0
    for block in blocks:
        gathered.append(block)
        gathered_bytes += block.nbytes
        while (total := sum(rows.num_rows for rows in gathered)) >= row_count:
            rows = pa.concat_tables(gathered)
            gathered = [rows.slice(row_count)] if total > row_count else []
            gathered_bytes = sum(left.nbytes for left in gathered)
            yield rows.slice(0, row_count)
            del rows
        if gathered_bytes >= most_bytes:
            yield pa.concat_tables(gathered)
            gathered, gathered_bytes = [], 0
    if gathered:
        yield pa.concat_tables(gathered)


def in_store(path: str) -> str:
    """A part's path in the warehouse."""
    return f"store/{path}"


def settle_parts(warehouse: Warehouse, parts: Iterable[Part]) -> None:
    """See that the names of new parts survive a power cut."""
    objects_of(warehouse).settle(in_store(part.path) for part in parts)


def delete_part(warehouse: Warehouse, path: str) -> None:
    """Delete a part that nobody is to see any more, under both its names."""
    (warehouse.tables / path).unlink(missing_ok=True)
    objects_of(warehouse).delete(in_store(path))


def discard_parts(warehouse: Warehouse, parts: Iterable[Part]) -> None:
    """Delete parts that the ledger does not name, if that can be done now: otherwise upkeep will."""
    for part in parts:
        with suppress(OSError):
            objects_of(warehouse).delete(in_store(part.path))


def part_row(part: Part) -> tuple[str, str, str, int, int, str, int]:
    """A part as the ledger keeps it."""
    return (
        part.table_name,
        part.month,
        part.path,
        part.row_count,
        part.size_bytes,
        part.sha256,
        part.schema_version,
    )


def bloom_filter(distinct: int) -> dict[str, float]:
    """Filter size for so many values; one look-up in a hundred reads a row group in vain."""
    return {"ndv": max(distinct, 1), "fpp": 0.01}


def file_hash(source: Path | pa.NativeFile) -> str:
    """sha256 of the bytes of what an object is read from."""
    with source.open("rb") if isinstance(source, Path) else source as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


class DamagedPart(NewsmillError):
    """A live part that is not there or cannot be read."""


Filters = list[tuple[str, str, Any]]


def read_part(
    warehouse: Warehouse, part: Part, columns: list[str] | None = None, filters: Filters | None = None
) -> pa.Table:
    """The rows of a part in today's schema, perhaps some columns of some rows alone.

    A column that an older newsmill did not write is null. Raises DamagedPart; pages are held against their checksums,
    so that damage is not copied into the part that takes this one's place.
    """
    schema = arrow_schema(TABLES[part.table_name].row)
    with damage_named(warehouse, part):
        table = pq.read_table(
            objects_of(warehouse).source(in_store(part.path)),
            columns=columns,
            filters=filters,
            partitioning=None,
            schema=schema,
            page_checksum_verification=True,
        )
    return table if columns else conform(table, schema)


def read_batches(
    warehouse: Warehouse, part: Part, batch_rows: int, columns: list[str] | None = None
) -> Iterator[pa.Table]:
    """The rows of a part in today's schema, so many at a time, perhaps some columns alone. Raises DamagedPart."""
    schema = arrow_schema(TABLES[part.table_name].row)
    if columns:
        schema = pa.schema([schema.field(column) for column in columns])
    with (
        damage_named(warehouse, part),
        # Read ahead, whole row groups would be in memory; checksums as in `read_part`.
        pq.ParquetFile(
            objects_of(warehouse).source(in_store(part.path)),
            pre_buffer=False,
            buffer_size=BUFFER_BYTES,
            page_checksum_verification=True,
        ) as file,
    ):
        for batch in file.iter_batches(batch_rows, columns=columns, use_threads=False):
            yield conform(pa.Table.from_batches([batch]), schema)


@contextmanager
def damage_named(warehouse: Warehouse, part: Part) -> Iterator[None]:
    """What cannot be read becomes DamagedPart, but for trouble that is not the part's own."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, MemoryError) or is_from_store(error):
            raise
        raise DamagedPart(
            f"{objects_of(warehouse).url(in_store(part.path))} cannot be read: {' '.join(str(error).split())}."
            " `newsmill maintain --repair` makes its rows again."
        ) from error


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with exactly the schema's columns, absent ones null."""
    arrays = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
