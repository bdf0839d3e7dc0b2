"""Parquet files of the store: written once under a final unique name, never changed."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
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
    path = f"{table.name}/{table.partition}={month}/{name}.parquet"
    ordered = rows.sort_by([(column, "ascending") for column in table.order])
    with objects_of(warehouse).new(in_store(path)) as handle:
        pq.write_table(
            ordered,
            handle,
            compression="zstd",
            compression_level=ZSTD_LEVEL,
            row_group_size=table.row_group_rows,
            write_page_checksum=True,
            bloom_filter_options={column: bloom_filter(rows[column]) for column in table.bloom_filters},
        )
        size_bytes = handle.tell()
        handle.seek(0)
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    return Part(
        table_name=table.name,
        month=month,
        path=path,
        row_count=rows.num_rows,
        size_bytes=size_bytes,
        sha256=sha256,
    )


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


def bloom_filter(values: pa.ChunkedArray) -> dict[str, float]:
    """Filter size for these values; one look-up in a hundred reads a row group in vain."""
    return {"ndv": max(pc.count_distinct(values).as_py(), 1), "fpp": 0.01}


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
    objects, path = objects_of(warehouse), in_store(part.path)
    try:
        table = pq.read_table(
            objects.source(path),
            columns=columns,
            filters=filters,
            partitioning=None,
            schema=schema,
            page_checksum_verification=True,
        )
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, MemoryError) or is_from_store(error):
            raise
        raise DamagedPart(
            f"{objects.url(path)} cannot be read: {' '.join(str(error).split())}. `newsmill maintain --repair` makes"
            " its rows again."
        ) from error
    return table if columns else conform(table, schema)


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with exactly the schema's columns, absent ones null."""
    arrays = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
