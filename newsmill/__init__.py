"""The warehouse from Python: `from newsmill import open_warehouse`.

Everything here reads; what changes a warehouse are the commands and the flows.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from schemas.errors import NewsmillError, WrongUse
from schemas.tables import TABLES
from tasks.reporting.days import as_day, between_days
from tasks.reporting.query_grammar import parse_query
from tasks.reporting.querying import Limits, as_user_error, explained, lock
from tasks.settings import warehouse_folder
from tasks.storage import opening
from warehouse import load_queries

__all__ = ["NewsmillError", "Warehouse", "WrongUse", "open_warehouse"]


def open_warehouse(
    folder: str | Path | None = None, *, as_of: str | int | date | None = None, memory: str = "2GB"
) -> "Warehouse":
    """The warehouse in a folder, for reading, as it is now or was; close it, or use it in a `with` block.

    Args:
        folder: As `--warehouse`: when None, NEWSMILL_WAREHOUSE or `warehouse/data`.
        as_of: A snapshot's number or a time, UTC unless it says otherwise; a day means its end. None: now.
        memory: What DuckDB may hold before it spills to the warehouse's `tmp/`.

    Raises:
        WrongUse: There is no warehouse, or no such snapshot.
        NewsmillError: The snapshot has expired, or a file is damaged.
    """
    root = warehouse_folder(folder)
    moment = as_of.isoformat() if isinstance(as_of, date) else as_of
    connection = opening.open_warehouse(root, None if moment is None else str(moment))
    lock(connection, root, Limits(memory=memory))
    return Warehouse(connection)


class Warehouse:
    """A warehouse as it stood when it was opened: what a run commits meanwhile is seen by opening it anew.

    It stands still for seven days at least. After that upkeep, and a takedown at once, may delete files that it shows;
    then asking raises an error and never gives fewer rows.
    Its answers are DuckDB relations: lazy until they are fetched (`fetchall()`, `df()`, `pl()`, `to_arrow_table()`),
    and gone when the warehouse is closed. No query changes anything in here or reads another file. A relation's own
    `write_…` reaches nothing but the store, which is not for writing: write from Arrow or a data frame. One thread at
    a time.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._limited: list[duckdb.DuckDBPyConnection] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file; relations are of no use from now on."""
        for connection in [*self._limited, self._connection]:
            connection.close()

    @property
    def snapshot(self) -> int:
        """The number of the commit that is shown; `open_warehouse(as_of=...)` takes it."""
        (row,) = self._connection.sql("FROM snapshot").fetchall()
        return int(row[0])

    @property
    def tables(self) -> list[str]:
        """What is stored, by name."""
        return list(TABLES)

    @property
    def views(self) -> list[str]:
        """What is derived from the tables, by name."""
        return sorted(load_queries("views"))

    @property
    def reports(self) -> dict[str, str]:
        """The question that each report answers, by its name."""
        return {name: query.question for name, query in load_queries("reports").items()}

    def sql(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> duckdb.DuckDBPyRelation:
        """The rows of one SELECT; `?` and `$name` stand for parameters.

        Raises WrongUse when it is anything else than one query that reads, or DuckDB finds fault with it.
        """
        return self._run(parse_query(query), parameters)

    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """All rows of a table or a view; raises WrongUse when there is none of that name."""
        return self._connection.table(known(name, [*self.tables, *self.views], "table or view"))

    def report(
        self, name: str, *, start: date | str | None = None, end: date | str | None = None
    ) -> duckdb.DuckDBPyRelation:
        """The rows of a report, of all time or as if only the articles published from `start` to `end` were stored.

        Both days are included, either may be left out. Raises WrongUse when there is no such report, or when days of
        publication mean nothing to it, as to the runs.
        """
        query = load_queries("reports")[known(name, list(self.reports), "report")]
        if start is None and end is None:
            return self._run(query.sql, None)
        limited = same_catalog(self._connection)
        self._limited.append(limited)
        between_days(limited, query, as_day(start) or date.min, as_day(end) or date.max)
        return limited.sql(query.sql)

    def _run(self, statement: str, parameters: Any) -> duckdb.DuckDBPyRelation:
        try:
            return self._connection.sql(statement, params=parameters)
        except duckdb.Error as error:
            told = as_user_error(error) if parameters else explained(self._connection, statement, error)
            raise told from None


def same_catalog(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to the same snapshot, with temporary views of its own."""
    (database,) = connection.sql("SELECT current_database()").fetchall()[0]
    other = connection.cursor()
    other.execute(f"USE {database}")
    return other


def known(name: str, names: list[str], kind: str) -> str:
    """The name, when it is one of these; raises WrongUse, with what may be meant, otherwise."""
    if name in names:
        return name
    near = get_close_matches(name, names)
    meant = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(names)}."
    raise WrongUse(f"There is no {kind} {name!r}{meant}")
