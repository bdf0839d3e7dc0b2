"""Arrow schemas, Arrow tables and the data dictionary, all derived from the row classes."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

import pyarrow as pa

from schemas.columns import NoiseSpan, Storage
from schemas.reasons import REASON_SENTENCES, Flag, NoiseKind, Reason
from schemas.tables import TABLES, Table

NOISE_SPAN = pa.struct({"start_char": pa.int32(), "end_char": pa.int32(), "kind": pa.string()})

ARROW_TYPES: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int32(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
    list[str]: pa.list_(pa.string()),
    list[NoiseSpan]: pa.list_(NOISE_SPAN),
    Storage.BIGINT: pa.int64(),
}


def column(name: str, annotation: Any) -> pa.Field:
    """One Arrow field of `Annotated[type, meaning, *marks]`; only `type | None` is nullable."""
    kind, meaning, *marks = get_args(annotation)
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    (base,) = (k for k in kinds if k is not NoneType)
    if isinstance(base, type) and issubclass(base, StrEnum):
        base = str
    arrow_type = ARROW_TYPES[marks[0] if marks else base]
    return pa.field(name, arrow_type, nullable=NoneType in kinds, metadata={"meaning": meaning})


@cache
def arrow_schema(row: type) -> pa.Schema:
    """The Arrow schema of a row class, meanings in the field metadata."""
    hints = get_type_hints(row, include_extras=True)
    return pa.schema([column(field.name, hints[field.name]) for field in fields(row)])


def arrow_column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Values as an array of a type; raises `pa.ArrowInvalid` where `pa.array` would silently cut 1.5 to 1."""
    if not pa.types.is_integer(kind):
        return pa.array(values, kind)
    found = pa.array(values)
    if not (pa.types.is_integer(found.type) or pa.types.is_null(found.type)):
        raise pa.ArrowInvalid(f"{found.type} values in a column of {kind}")
    return found.cast(kind)


def arrow_table(row: type, rows: Iterable[Any]) -> pa.Table:
    """Rows of one class as an Arrow table; raises `pa.ArrowInvalid` on a value of the wrong type or a null too many."""
    schema = arrow_schema(row)
    kept = list(rows)
    columns = [arrow_column([getattr(r, field.name) for r in kept], field.type) for field in schema]
    table = pa.Table.from_arrays(columns, schema=schema)
    table.validate()
    for field, values in zip(schema, table.columns, strict=True):
        if not field.nullable and values.null_count:
            raise pa.ArrowInvalid(f"{row.__name__}.{field.name} has a null and may not")
    return table


SQL_TYPES: dict[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
    pa.list_(pa.string()): "VARCHAR[]",
    pa.list_(NOISE_SPAN): "STRUCT(start_char INTEGER, end_char INTEGER, kind VARCHAR)[]",
}


def accepted_values(row: type, name: str) -> str:
    """The end of a column's meaning: which values it takes, where that is a closed list."""
    kind = get_args(get_type_hints(row, include_extras=True)[name])[0]
    for lists in get_args(kind) or (kind,):
        if lists is Reason:
            return " One of the [reasons](#reasons)."
        if issubclass(lists, StrEnum):
            return f" One of {', '.join(f'`{value}`' for value in lists)}."
    return ""


def dictionary_rows(table: Table) -> list[str]:
    """The Markdown rows of one table's columns, its partition column last."""
    rows = [
        f"| `{f.name}` | {SQL_TYPES[f.type]} | {'yes' if f.nullable else 'no'} "
        f"| {f.metadata[b'meaning'].decode()}{accepted_values(table.row, f.name)} |"
        for f in arrow_schema(table.row)
    ]
    month = f"Month of `{table.partitioned_by}`, `YYYY-MM`; the folder the row lies in."
    return [*rows, f"| `{table.partition}` | VARCHAR | no | {month} |"]


def dictionary() -> str:
    """The data dictionary of all tables, in Markdown."""
    parts = ["# Data dictionary", "", "Generated from `schemas/` by `make dictionary`; a test keeps it true.", ""]
    for table in TABLES.values():
        parts += [f"## {table.name}", "", (table.row.__doc__ or "").strip(), ""]
        parts += ["| column | type | null | meaning |", "| --- | --- | --- | --- |", *dictionary_rows(table), ""]
    parts += ["## Reasons", "", "| reason | a file or article block has it because |", "| --- | --- |"]
    parts += [f"| `{reason}` | {sentence} |" for reason, sentence in REASON_SENTENCES.items()]
    parts += ["", "## Flags and kinds of noise", "", "[docs/input.md](../docs/input.md) tells when each is given.", ""]
    parts += [f"- `flags`: {', '.join(f'`{flag}`' for flag in Flag)}"]
    parts += [f"- `kind` of `noise`: {', '.join(f'`{kind}`' for kind in NoiseKind)}", ""]
    return "\n".join(parts)
