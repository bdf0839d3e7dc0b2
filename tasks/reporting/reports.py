"""The reports of warehouse/reports: each a question with its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from schemas.errors import WrongUse
from warehouse import Query, load_queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report's question, the SQL behind it, and its rows."""

    query: Query
    rows: pa.Table

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows as Python values by column."""
        return list(self.rows.to_pylist())

    @property
    def numeric(self) -> set[str]:
        """The columns that hold numbers."""
        numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
        return {field.name for field in self.rows.schema if any(is_number(field.type) for is_number in numbers)}


def run_report(connection: duckdb.DuckDBPyConnection, name: str) -> Report:
    """One report by the stem of its file, times in UTC; raises WrongUse when there is none of that name."""
    queries = load_queries("reports")
    if name not in queries:
        raise WrongUse(f"There is no report {name!r}; there are {', '.join(queries)}.")
    connection.execute("SET TimeZone = 'UTC'")
    return Report(query=queries[name], rows=connection.sql(queries[name].sql).to_arrow_table())


# What several reports read, and what takes longest in them.
SHARED_VIEWS = ("name_trends", "place_trends")


@contextmanager
def shared_views(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within the block these views are computed once: temporary views of their rows stand before them."""
    for name in SHARED_VIEWS:
        connection.register(name, connection.view(name).to_arrow_table())
    try:
        yield
    finally:
        for name in SHARED_VIEWS:
            connection.unregister(name)


class Reports(dict[str, Report]):
    """Reports by name, each run when it is first asked for."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__()
        self.connection = connection

    def __missing__(self, name: str) -> Report:
        self[name] = run_report(self.connection, name)
        return self[name]
