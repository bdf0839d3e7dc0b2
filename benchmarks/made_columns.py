"""Columns made of numbers: ids, texts, choices, by the hundred thousand a second."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.made_names import Chance
from benchmarks.news import headlines_and_paragraphs
from schemas.arrow import NOISE_SPAN, arrow_schema
from schemas.tables import TABLES


def hexadecimals(count: int, digits: int, chance: Chance) -> pa.Array:
    """Ids that nobody has twice."""
    written = chance.bytes(count * digits // 2).hex().encode()
    return pa.array(np.frombuffer(written, f"S{digits}")).cast(pa.string())


def drawn(values: Sequence[Any], shares: Sequence[float], count: int, chance: Chance) -> pa.Array:
    """Values, each as often as its share says."""
    return pa.array(values).take(pa.array(chance.choice(len(values), count, p=np.array(shares) / sum(shares))))


def some(values: pa.Array, share: float, chance: Chance) -> pa.Array:
    """The values, of which that share is kept and the others are null."""
    return pc.if_else(pa.array(chance.random(len(values)) < share), values, pa.scalar(None, values.type))


def lists(values: pa.Array, share: float, chance: Chance) -> pa.Array:
    """A list a row: of one value in that share of the rows, empty in the others."""
    has_one = chance.random(len(values)) < share
    ends = np.concatenate([[0], np.cumsum(has_one)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), values.filter(pa.array(has_one)))


def noise_spans(count: int) -> pa.Array:
    """A byline behind every headline."""
    numbers = pa.array(np.full(count, 60, np.int32))
    kinds = pa.array(["byline"]).take(pa.array(np.zeros(count, np.int32)))
    return pa.StructArray.from_arrays([numbers, pc.add(numbers, 20).cast(pa.int32()), kinds], fields=list(NOISE_SPAN))


@cache
def vocabulary() -> pa.Array:
    """Every word of the seeds as often as it stands there."""
    return pa.array(" ".join(headlines_and_paragraphs()[1]).split())


def sentences(lengths: Any, chance: Chance) -> pa.Array:
    """Texts of so many words, in an order that nobody wrote."""
    words = vocabulary().take(pa.array(chance.integers(0, len(vocabulary()), int(lengths.sum()), dtype=np.int32)))
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), words), " ")


def days(moments: Any) -> pa.Array:
    """The day of each moment, `YYYY-MM-DD`."""
    return pa.array(np.datetime_as_string(moments.astype("datetime64[D]")).astype(str))


def table(name: str, columns: dict[str, Any]) -> pa.Table:
    """Columns as rows of a table of the warehouse; one not given is null, a single value stands in every row."""
    schema = arrow_schema(TABLES[name].row)
    count = next(len(values) for values in columns.values() if not isinstance(values, str | int | None))
    every = pa.array(np.zeros(count, np.int32))

    def array(field: pa.Field) -> Any:
        values = columns.get(field.name)
        if values is None or isinstance(values, str | int):
            return pa.array([values], field.type).take(every)
        return (values if isinstance(values, pa.ChunkedArray) else pa.array(values)).cast(field.type)

    return pa.Table.from_arrays([array(field) for field in schema], schema=schema)
