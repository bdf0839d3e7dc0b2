"""Full-text search over the articles, ranked, with filters."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import pyarrow as pa

from schemas.errors import WrongUse
from tasks.reporting.querying import BATCH_ROWS, Limits, interruptible, lock
from tasks.storage.opening import open_warehouse
from warehouse import load_query

# As in the macro.
TOKEN = re.compile(r'-?"[^"]+"|\S+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; null lets everything pass."""

    words: Annotated[str, "As the macro search_articles takes them: words, phrases in quotes, -unwanted, begin*."]
    first_day: date = date.min
    last_day: date = date.max
    source: str | None = None
    name: Annotated[str | None, "Person, organisation …, as printed or in full; case and accents do not matter."] = None
    place: Annotated[str | None, "Place on the map, or its division or country; likewise."] = None
    most: int = 10


@contextmanager
def search(warehouse: Path, wanted: Search, as_of: str | None = None) -> Iterator[pa.RecordBatchReader]:
    """The articles found, best first, one row each; raises WrongUse when there is no word or no day to look for."""
    if not is_answerable(wanted.words):
        raise WrongUse("Give at least one word to look for, such as: newsmill search bridge")
    if wanted.first_day > wanted.last_day:
        raise WrongUse(f"The first day, {wanted.first_day}, is after the last, {wanted.last_day}.")
    with open_warehouse(warehouse, as_of) as connection:
        lock(connection, warehouse, Limits())
        with interruptible(connection):
            yield found_by(connection, wanted)


def is_answerable(words: str) -> bool:
    """Whether there is a word that articles should hold."""
    return any(not token.startswith("-") and re.search(r"[^\W_]", token) for token in TOKEN.findall(words))


def nothing_found(wanted: Search) -> str:
    """What to say when no article was found: what was asked of it, and what might find one."""
    filters = (wanted.source, wanted.name, wanted.place, wanted.first_day > date.min, wanted.last_day < date.max)
    those = " that passes the filters" if any(filters) else ""
    hint = " Without its quotes, the words of a phrase may stand apart." if '"' in wanted.words else ""
    return f"No article{those} holds all of these words.{hint}"


def found_by(connection: duckdb.DuckDBPyConnection, wanted: Search) -> pa.RecordBatchReader:
    """The rows of warehouse/search.sql."""
    return connection.sql(load_query("search").sql, params=asdict(wanted)).to_arrow_reader(BATCH_ROWS)
