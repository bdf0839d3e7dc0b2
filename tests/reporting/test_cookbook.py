"""Every query of the documents runs as a user would run it, and finds something in a small warehouse."""

import re
from pathlib import Path

import duckdb
import pytest

from schemas.arrow import arrow_schema
from schemas.tables import TABLES
from tasks.reporting.query_grammar import parse_query
from tests.example_news import news_warehouse
from warehouse import load_queries

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = re.findall(r"([^\n]+)\n\n```sql\n(.*?)```", (DOCS / "queries.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return news_warehouse()


def test_the_cookbook_has_examples() -> None:
    assert len(EXAMPLES) == (DOCS / "queries.md").read_text("utf-8").count("```sql") > 20


@pytest.mark.parametrize("example", [pytest.param(query, id=question) for question, query in EXAMPLES])
def test_example_runs_and_finds_something(connection: duckdb.DuckDBPyConnection, example: str) -> None:
    assert connection.execute(parse_query(example)).fetchall()
    assert "ORDER BY" in example


@pytest.mark.parametrize("name", sorted(load_queries("reports")))
def test_report_runs_as_a_users_query(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    parse_query(load_queries("reports")[name].sql)


def test_every_table_and_view_is_described() -> None:
    text = (DOCS / "tables.md").read_text("utf-8")
    assert [name for name in [*TABLES, *load_queries("views")] if f"`{name}`" not in text] == []


def test_nulls_are_explained_for_columns_that_exist(connection: duckdb.DuckDBPyConnection) -> None:
    text = (DOCS / "tables.md").read_text("utf-8")
    explained = set(re.findall(r"`([a-z_]+)`", text.partition("## What null means")[2].partition("## Types")[0]))
    columns = {name for table in TABLES.values() for name in arrow_schema(table.row).names}
    nullable = {f.name for t in ("articles", "locations") for f in arrow_schema(TABLES[t].row) if f.nullable}
    assert explained - columns - set(TABLES) == {"trend"}
    assert nullable & explained
