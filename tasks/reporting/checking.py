"""The warehouse's promises, checked: each query of warehouse/checks returns the rows that break one."""

from dataclasses import dataclass
from typing import Annotated, Any

import duckdb

from tasks.reporting.result_values import shown_value
from warehouse import Query, load_queries

ROWS_SHOWN = 5
ROWS_FETCHED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPromise:
    """One check that returned rows."""

    name: Annotated[str, "Stem of the check's file."]
    promise: Annotated[str, "What should hold, in a sentence."]
    row_count: Annotated[int, "Rows that break it."]
    columns: Annotated[tuple[str, ...], "What the rows say."]
    rows: Annotated[tuple[tuple[Any, ...], ...], "The first of them."]

    def __str__(self) -> str:
        first = ", ".join(
            f"{name}={shown_value(value)}" for name, value in zip(self.columns, self.rows[0], strict=True)
        )
        rows = "1 row breaks" if self.row_count == 1 else f"{self.row_count:,} rows break"
        return f"{self.name}: {rows} the promise '{self.promise}' First: {first}"


def run_checks(connection: duckdb.DuckDBPyConnection) -> list[BrokenPromise]:
    """The promises that do not hold, by name; an empty list when all do."""
    checked = (run_check(connection, check) for check in load_queries("checks").values())
    return [broken for broken in checked if broken is not None]


def run_check(connection: duckdb.DuckDBPyConnection, check: Query) -> BrokenPromise | None:
    """The promise with the first rows that break it; None when it holds."""
    result = connection.execute(check.sql)
    columns = tuple(column[0] for column in result.description or ())
    rows = result.fetchmany(ROWS_SHOWN)
    if not rows:
        return None
    count = len(rows)
    while more := result.fetchmany(ROWS_FETCHED):
        count += len(more)
    return BrokenPromise(name=check.name, promise=check.question, row_count=count, columns=columns, rows=tuple(rows))
