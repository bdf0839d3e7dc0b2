"""Reports over some days of publication: their views anew, over the articles and mentions of these days alone."""

from datetime import date, datetime

import duckdb

from schemas.errors import WrongUse
from schemas.tables import TABLES
from warehouse import Query, load_views, names_read

DATED_TABLES = [name for name, table in TABLES.items() if table.partitioned_by == "published_date"]


def as_day(day: date | str | None) -> date | None:
    """A day given as one, as a time or as ISO text; raises WrongUse for other text."""
    if not isinstance(day, str):
        return day.date() if isinstance(day, datetime) else day
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise WrongUse(f"{day!r} is not a day such as 2025-12-01.") from error


def between_days(connection: duckdb.DuckDBPyConnection, query: Query, start: date, end: date) -> None:
    """Let the query, asked of this connection, see only what was published from `start` to `end`, both included.

    Raises WrongUse when it would see all the same, or when the days are in the wrong order.
    """
    if end < start:
        raise WrongUse(f"The range ends on {end}, before it starts on {start}.")
    views = views_below(query)
    if not any(names_read(sql) & set(DATED_TABLES) for sql in [query.sql, *views.values()]):
        raise WrongUse(f"The report {query.name} does not go by days of publication; ask for it without them.")
    # Temporary views come before the catalog's of the same name, in this connection alone.
    (database,) = connection.sql("SELECT current_database()").fetchall()[0]
    for name in DATED_TABLES:
        table = f"{database}.main.{name}"
        connection.execute(
            f"CREATE TEMP VIEW {name} AS FROM {table} WHERE published_date BETWEEN DATE '{start}' AND DATE '{end}'"
            f" AND published_month BETWEEN '{start.isoformat()[:7]}' AND '{end.isoformat()[:7]}'"
        )
    for name, sql in views.items():
        connection.execute(f"CREATE TEMP VIEW {name} AS {sql.rstrip().rstrip(';')}")


def views_below(query: Query) -> dict[str, str]:
    """The SQL of the views that a query reads, also by way of others; each after those that it reads."""
    views = {name: view.sql for name, view in load_views().items()}
    wanted = names_read(query.sql) & views.keys()
    for name in reversed(views):
        if name in wanted:
            wanted |= names_read(views[name]) & views.keys()
    return {name: sql for name, sql in views.items() if name in wanted}
