"""Every query and command of the cookbook runs as a user would run it, and gives the answer that is shown."""

import re
from pathlib import Path

import duckdb
import pytest

from schemas.arrow import arrow_schema
from schemas.tables import TABLES
from tasks.reporting.query_grammar import parse_query
from tests.example_news import news_warehouse
from tests.reporting.cookbook import ANSWERED, COOKBOOK, answer, make_example, run_typed, section
from warehouse import load_queries

DOCS = Path(__file__).parents[2] / "docs"
TEXT = COOKBOOK.read_text("utf-8")
EXAMPLES = re.findall(r"([^\n]+)\n\n```sql\n(.*?)```", TEXT, re.DOTALL)
ANSWERS = {found["query"]: found["answer"] for found in ANSWERED.finditer(TEXT)}
# "$ newsmill …" with what it shows, and the lines of plain blocks; not `newsmill sql` alone, which is a conversation.
SHOWN = re.findall(r"^\$ (newsmill (?!ingest|sql\n).*)\n((?:(?!```|\$ ).*\n)*)", TEXT, re.MULTILINE)
TYPED = [*SHOWN, *((line, "") for line in re.findall(r"^(newsmill .*)$", TEXT, re.MULTILINE))]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return news_warehouse()


@pytest.fixture(scope="module")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which somebody has typed the commands that make the warehouse of the answers."""
    folder = tmp_path_factory.mktemp("cookbook")
    make_example(folder)
    return folder


def test_no_example_escapes() -> None:
    assert len(EXAMPLES) == len(ANSWERS) == TEXT.count("```sql") > 20
    assert all(answer for query, answer in ANSWERS.items() if query in section("What people ask"))
    # tests/newsmill runs the Python.
    assert set(re.findall(r"^```(\w+)$", TEXT, re.MULTILINE)) == {"sql", "python", "console"}
    assert len(TYPED) >= 5
    assert all("ORDER BY" in query for query in ANSWERS)


@pytest.mark.model
@pytest.mark.parametrize("query", [pytest.param(q, id=question) for question, q in EXAMPLES if ANSWERS[q]])
def test_the_answer_shown_is_the_answer(example_folder: Path, query: str) -> None:
    """Over the seeds and four files more; `python -m tests.reporting.cookbook` writes the answers anew."""
    assert answer(example_folder / "example", query) == ANSWERS[query]


@pytest.mark.model
@pytest.mark.parametrize(("typed", "shown"), TYPED)
def test_a_command_shows_what_it_says(example_folder: Path, project: Path, typed: str, shown: str) -> None:
    # Some count the seeds alone.
    printed = re.sub(r"\d[\d,]*", "0", run_typed(example_folder, typed))
    for line in re.sub(r"\d[\d,]*", "0", shown).splitlines():
        assert line.removesuffix("…") in printed


@pytest.mark.parametrize(
    "example", [pytest.param(query, id=question) for question, query in EXAMPLES if not ANSWERS[query]]
)
def test_example_runs_and_finds_something(connection: duckdb.DuckDBPyConnection, example: str) -> None:
    assert connection.execute(parse_query(example)).fetchall()


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
    assert explained - columns - set(TABLES) == {"trend", "before_article_count", "hours_after", "corrections"}
    assert nullable & explained
