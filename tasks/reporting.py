"""The reports of warehouse/reports: each a question with its rows."""

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
    """One report by the stem of its file; raises WrongUse when there is none of that name."""
    queries = load_queries("reports")
    if name not in queries:
        raise WrongUse(f"There is no report {name!r}; there are {', '.join(queries)}.")
    return run_query_of_report(connection, queries[name])


def run_query_of_report(connection: duckdb.DuckDBPyConnection, query: Query) -> Report:
    """Run one report's query; times come in UTC whatever the machine's zone."""
    connection.execute("SET TimeZone = 'UTC'")
    return Report(query=query, rows=connection.sql(query.sql).to_arrow_table())


def run_reports(connection: duckdb.DuckDBPyConnection) -> dict[str, Report]:
    """Every report, by name."""
    return {name: run_query_of_report(connection, query) for name, query in load_queries("reports").items()}
