"""A question about a month or a week reads that month alone, whatever else the warehouse holds."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.made_warehouse import make_warehouse
from tasks.storage.opening import open_warehouse

MONTHS = 4
FEBRUARY = "published_month = '2023-02'"
A_WEEK = "published_date BETWEEN '2023-02-08' AND '2023-02-14'"


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp("pruned") / "data"
    make_warehouse(root, 400 * MONTHS, MONTHS)
    with open_warehouse(root) as connection:
        yield connection


def scans(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[int, set[str]]]:
    """Of each scan of Parquet files in the query: how many rows it read, and the months of the files it asked."""
    (_, plan) = connection.execute(f"EXPLAIN (ANALYZE, FORMAT json) {query}").fetchall()[0]
    found: list[tuple[int, set[str]]] = []

    def walk(operator: dict[str, Any]) -> None:
        extra = operator["extra_info"]
        if extra.get("Function") == "READ_PARQUET":
            files = extra.get("Filename(s)", "").split(", ")
            found.append((operator["rows_scanned"], {Path(file).parent.name.partition("=")[2] for file in files}))
        for child in operator.get("children", []):
            walk(child)

    for operator in json.loads(plan)["operator"]:
        walk(operator)
    return found


MONTHLY = ["current_articles", "article_entities", "resolved_places", "article_places", "article_mentions"]


@pytest.mark.parametrize("view", MONTHLY)
def test_a_month_asks_the_files_of_that_month(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    found = scans(connection, f"SELECT * FROM {view} WHERE {FEBRUARY}")
    assert found
    assert {month for _, months in found for month in months} == {"2023-02"}


@pytest.mark.parametrize("view", ["current_articles", "article_entities", "resolved_places"])
def test_a_week_reads_rows_of_its_month_alone(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    found = [rows for rows, _ in scans(connection, f"SELECT * FROM {view} WHERE {A_WEEK}")]
    every = [rows for rows, _ in scans(connection, f"SELECT * FROM {view}")]
    # Row groups are the unit of reading; the month is in one or two files of one row group each.
    assert len(found) == len(every)
    assert all(0 < some < whole / 2 for some, whole in zip(sorted(found), sorted(every), strict=True))


def test_a_tables_size_is_known_to_the_optimizer(connection: duckdb.DuckDBPyConnection) -> None:
    ((_, plan),) = connection.execute("EXPLAIN (FORMAT json) SELECT * FROM entities").fetchall()
    (rows,) = connection.execute("SELECT count(*) FROM entities").fetchall()[0]
    estimated = int(json.loads(plan)[0]["extra_info"]["Estimated Cardinality"])
    assert rows / 5 < estimated < rows * 5
