"""An export is a plain, whole, harmless copy that other tools read."""

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.dataset as ds
import pytest

from schemas.arrow import arrow_schema
from schemas.errors import WrongUse
from schemas.tables import TABLES
from tasks.reporting.exporting import ExportFormat, export
from tests.example_warehouse import memory_warehouse
from tests.examples import article, entity, file, location, outcome, run

ROWS: dict[str, list[Any]] = {
    "articles": [
        article(headline="=1+1", entity_count=1, flags=["short_body"]),
        article(article_id="a2", published_date=article().published_date.replace(year=2024)),
    ],
    "entities": [entity()],
    "locations": [location()],
    "files": [file()],
    "outcomes": [outcome()],
    "runs": [run()],
}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = memory_warehouse(**ROWS)
    connection.execute("SET TimeZone = 'Asia/Tokyo'")
    return connection


@pytest.mark.parametrize("form", list(ExportFormat))
def test_every_row_is_exported(tmp_path: Path, connection: duckdb.DuckDBPyConnection, form: ExportFormat) -> None:
    told: list[tuple[str, int]] = []
    counts = export(connection, tmp_path / "out", form, lambda name, count: told.append((name, count)))
    assert counts == {name: len(ROWS.get(name, [])) for name in TABLES}
    assert told == list(counts.items())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        [*TABLES, "README.txt", "croissant.json", "export.json"]
    )
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    months = sorted(path.parent.name for path in (tmp_path / "out" / "articles").rglob("part-0.*"))
    assert months == ["published_month=2024-12", "published_month=2025-12"]


def test_parquet_has_newsmills_schema_and_a_plain_glob_reads_it(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    export(connection, tmp_path / "out", ExportFormat.PARQUET)
    (part,) = (tmp_path / "out" / "articles" / "published_month=2025-12").glob("*.parquet")
    exported = ds.dataset(part).schema
    assert exported.equals(arrow_schema(TABLES["articles"].row))
    assert exported.field("headline").metadata[b"meaning"] == b"Headline, cleaned."
    rows = duckdb.execute(
        f"SELECT article_id, published_month FROM read_parquet('{tmp_path}/out/articles/*/*.parquet', "
        "hive_partitioning = true, hive_types_autocast = false) ORDER BY ALL"
    ).fetchall()
    assert rows == [("a1", "2025-12"), ("a2", "2024-12")]


def test_csv_is_safe_in_a_spreadsheet(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    export(connection, tmp_path / "out", ExportFormat.CSV)
    with (tmp_path / "out" / "articles" / "published_month=2025-12" / "part-0.csv").open(newline="") as text:
        (row,) = csv.DictReader(text)
    assert row["headline"] == "'=1+1"
    assert row["text"].startswith("'=1+1\n")
    assert (row["version_no"], row["is_current"], row["duplicate_of"]) == ("1", "true", "")
    assert row["flags"] == '["short_body"]'
    with (tmp_path / "out" / "locations" / "published_month=2025-12" / "part-0.csv").open(newline="") as text:
        assert next(csv.DictReader(text))["longitude_deg"] == "-1.54785"


def test_json_lines_are_objects_in_utc(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    export(connection, tmp_path / "out", ExportFormat.JSONL)
    (line,) = (tmp_path / "out" / "runs" / "ingested_month=2025-12" / "part-0.jsonl").read_text().splitlines()
    assert json.loads(line)["started_at"] == "2025-12-01T12:00:00+00:00"


def test_the_description_names_every_column(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    export(connection, tmp_path / "out", ExportFormat.CSV)
    described = json.loads((tmp_path / "out" / "export.json").read_text())
    assert (described["format"], described["tables"]["articles"]["row_count"]) == ("csv", 2)
    for name, table in TABLES.items():
        assert [c["name"] for c in described["tables"][name]["columns"]] == arrow_schema(table.row).names
    assert "apostrophe" in (tmp_path / "out" / "README.txt").read_text()


def test_an_earlier_export_is_replaced_by_the_whole_new_one(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    export(connection, tmp_path / "out", ExportFormat.PARQUET)
    export(memory_warehouse(), tmp_path / "out", ExportFormat.CSV)
    assert not list((tmp_path / "out").rglob("part-*"))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["photo.jpg", "articles"])
def test_a_folder_with_something_else_is_left_alone(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, name: str
) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(WrongUse, match="not empty and not an earlier export"):
        export(connection, tmp_path, ExportFormat.PARQUET)
    with pytest.raises(WrongUse, match="not empty and not an earlier export"):
        export(connection, tmp_path / name, ExportFormat.PARQUET)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_export_that_fails_leaves_the_earlier_one(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    export(connection, tmp_path / "out", ExportFormat.PARQUET)
    broken = memory_warehouse(**ROWS)
    broken.execute("DROP TABLE runs CASCADE")
    with pytest.raises(duckdb.CatalogException):
        export(broken, tmp_path / "out", ExportFormat.CSV)
    assert (tmp_path / "out" / "articles" / "published_month=2025-12" / "part-0.parquet").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_export_does_not_go_into_the_warehouse(stored: Path, connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WrongUse, match="inside the warehouse"):
        export(connection, stored / "export", ExportFormat.PARQUET)
    with pytest.raises(WrongUse, match=r"inside the warehouse|not empty"):
        export(connection, stored, ExportFormat.PARQUET)
