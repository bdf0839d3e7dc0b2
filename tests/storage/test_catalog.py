"""What readers open: the catalog, the plain files beside it, and both made again when they are lost."""

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from schemas.arrow import SQL_TYPES, arrow_schema
from schemas.errors import WrongUse
from schemas.tables import TABLES
from tasks.storage.layout import locate
from tasks.storage.ledger import Part
from tasks.storage.locks import locked
from tasks.storage.opening import open_warehouse, writing
from tasks.storage.parts import file_hash, read_part
from tests.examples import article, entity, outcome
from tests.storage.commits import age_views, ask, commit, headlines, parts_under

THREE = [
    article(),
    article(article_id="a2", headline="Zoo opens", published_date=date(2025, 12, 2)),
    article(article_id="a3", headline="Older", published_date=date(2025, 11, 30)),
]
IN_ORDER = sorted(row.headline for row in THREE)


def test_an_empty_warehouse_has_every_table_with_its_types(root: Path) -> None:
    with writing(root), open_warehouse(root) as connection:
        for name, table in TABLES.items():
            described = connection.execute(f"DESCRIBE {name}").fetchall()
            expected = [(field.name, SQL_TYPES[field.type]) for field in arrow_schema(table.row)]
            assert [sql_type(*row[:2]) for row in described] == [*expected, (table.partition, "VARCHAR")]
            assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)


def sql_type(name: str, described: str) -> tuple[str, str]:
    return name, "TIMESTAMPTZ" if described == "TIMESTAMP WITH TIME ZONE" else described


def test_every_view_answers_in_an_empty_warehouse(root: Path) -> None:
    with writing(root), open_warehouse(root) as connection:
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert len(views) > len(TABLES)
        for (view,) in views:
            connection.execute(f"SELECT * FROM {view}").fetchall()


def test_the_catalog_is_read_only_and_opens_without_newsmill(root: Path) -> None:
    commit(root, articles=THREE)
    catalog = locate(root).catalog
    assert catalog.stat().st_mode & 0o777 == 0o444
    with duckdb.connect(str(catalog), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_plain_glob_reads_what_the_catalog_shows(root: Path) -> None:
    commit(root, articles=THREE[:2])
    commit(root, articles=THREE[2:])
    pattern = str(root / "tables" / "articles" / "**" / "*.parquet")
    query = "SELECT headline FROM read_parquet(?, hive_partitioning = true) ORDER BY headline"
    assert [row[0] for row in duckdb.execute(query, [pattern]).fetchall()] == headlines(root) == IN_ORDER


def test_polars_and_pandas_read_the_tables_with_their_month(root: Path) -> None:
    commit(root, articles=THREE)
    lazy = pl.scan_parquet(root / "tables" / "articles", hive_schema={"published_month": pl.String})
    months = {"Older": "2025-11", article().headline: "2025-12", "Zoo opens": "2025-12"}
    assert dict(lazy.select("headline", "published_month").collect().iter_rows()) == months
    frame = pd.read_parquet(root / "tables" / "articles")
    assert dict(zip(frame["headline"], frame["published_month"].astype(str), strict=True)) == months


def test_the_manifest_lists_the_live_files(root: Path) -> None:
    commit(root, articles=THREE)
    listed = pd.read_json(root / "manifest.json", typ="series")["tables"]["articles"]
    assert {name.removeprefix("store/") for name in listed} == parts_under(root / "tables")


@pytest.mark.parametrize("name", ["ware'house", "a=b", "data[1]*", '50% "off"'])
def test_a_warehouse_may_lie_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    root = tmp_path / name / "data"
    commit(root, articles=THREE, outcomes=[outcome()])
    assert headlines(root) == headlines(root, as_of="1") == IN_ORDER
    with open_warehouse(root) as connection:
        columns = connection.sql("SELECT * FROM articles").to_arrow_table().schema.names
    assert columns == [*arrow_schema(TABLES["articles"].row).names, "published_month"]
    assert ask(root, "SELECT DISTINCT published_month FROM articles ORDER BY 1") == [("2025-11",), ("2025-12",)]


def test_a_folder_that_duckdb_cannot_open_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="choose another"), writing(tmp_path / "what?"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_moved_warehouse_is_published_again_by_the_next_reader(root: Path, tmp_path: Path) -> None:
    commit(root, articles=THREE)
    moved = root.rename(tmp_path / "moved")
    assert headlines(moved) == IN_ORDER
    with duckdb.connect(str(moved / "catalog.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_copy_without_its_derived_files_is_whole_again_when_opened(root: Path, tmp_path: Path) -> None:
    commit(root, articles=THREE)
    copy = tmp_path / "copy"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("tables", "catalog.duckdb", "manifest.json", "tmp"))
    (copy / "tmp").mkdir()
    assert headlines(copy) == IN_ORDER
    assert parts_under(copy / "tables") == parts_under(copy / "store")
    assert (copy / "manifest.json").read_text() == (root / "manifest.json").read_text()


@pytest.mark.parametrize("damage", [b"", b"no database", None])
def test_a_damaged_blank_catalog_is_made_again(root: Path, damage: bytes | None) -> None:
    commit(root, articles=THREE[:2])
    (blank,) = (root / "tmp").glob("blank-*.duckdb")
    blank.write_bytes(damaged(blank.read_bytes()) if damage is None else damage)
    commit(root, articles=THREE[2:])
    assert headlines(root) == IN_ORDER
    assert ask(root, "SELECT count(*) FROM current_articles") == [(3,)]


def damaged(content: bytes) -> bytes:
    """A database with some blocks overwritten."""
    middle = len(content) // 2
    return content[:middle] + bytes(reversed(content[middle:]))


@pytest.mark.parametrize("lost", ["catalog.duckdb", "manifest.json", "tables"])
def test_a_lost_derived_file_is_made_again(root: Path, lost: str) -> None:
    commit(root, articles=THREE)
    shutil.rmtree(root / lost) if lost == "tables" else (root / lost).unlink()
    assert headlines(root) == IN_ORDER
    assert (root / lost).exists()
    assert parts_under(root / "tables") == parts_under(root / "store")


def test_a_log_that_a_careless_reader_left_does_not_poison_the_catalog(root: Path) -> None:
    commit(root, articles=THREE)
    Path(f"{root / 'catalog.duckdb'}.wal").write_bytes(b"left by someone who opened it for writing and died")
    assert headlines(root) == IN_ORDER
    with duckdb.connect(str(root / "catalog.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_reader_that_holds_the_catalog_keeps_its_snapshot(root: Path) -> None:
    commit(root, articles=THREE[:1])
    with open_warehouse(root) as before:
        commit(root, articles=THREE[1:])
        assert before.execute("SELECT count(*) FROM articles").fetchone() == (1,)
        with open_warehouse(root) as after:
            assert after.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def age(root: Path, part: Part, *lost: str) -> None:
    """Turn a part into one that an older newsmill wrote, which did not know some columns."""
    file = root / "store" / part.path
    pq.write_table(pq.read_table(file, partitioning=None).drop_columns(list(lost)), file)
    with sqlite3.connect(root / "ledger.sqlite") as ledger:
        values = (file.stat().st_size, file_hash(file), part.path)
        ledger.execute("UPDATE parts SET schema_version = 0, size_bytes = ?, sha256 = ? WHERE path = ?", values)
    ledger.close()
    (root / "catalog.duckdb").unlink()


def test_a_column_that_an_older_newsmill_did_not_write_is_null(root: Path) -> None:
    commit(root, articles=THREE[:1], entities=[entity()])
    with writing(root) as (_, ledger):
        (part,) = [part for part in under(ledger) if part.table_name == "articles"]
    age(root, part, "dateline", "word_count")
    commit(root, articles=[article(article_id="a2", headline="Zoo opens", dateline="LEEDS")])
    assert ask(root, "SELECT headline, dateline, word_count IS NULL FROM articles ORDER BY headline") == [
        (article().headline, None, True),
        ("Zoo opens", "LEEDS", False),
    ]
    old = read_part(locate(root), part)
    assert old.schema.names == arrow_schema(TABLES["articles"].row).names
    assert old["word_count"].to_pylist() == [None]


def under(ledger: sqlite3.Connection) -> list[Part]:
    from tasks.storage.ledger import live_parts

    return live_parts(ledger)


NEW_VIEW = "SELECT count(measured) FROM alarms"


def test_after_an_upgrade_the_next_reader_gives_the_catalog_the_new_views(root: Path) -> None:
    commit(root, articles=THREE)
    age_views(root)
    assert ask(root, NEW_VIEW) == ask(root, NEW_VIEW, as_of="1") == [(0,)]
    with duckdb.connect(str(root / "catalog.duckdb"), read_only=True) as connection:
        assert connection.execute(NEW_VIEW).fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_after_an_upgrade_a_reader_beside_a_writer_has_the_new_views_without_waiting(root: Path) -> None:
    commit(root, articles=THREE)
    age_views(root)
    with locked(root / "tmp" / "writer.lock"):
        assert ask(root, NEW_VIEW) == [(0,)]
        assert headlines(root) == IN_ORDER
        with duckdb.connect(str(root / "catalog.duckdb"), read_only=True) as connection:
            assert connection.execute("SELECT alarm FROM alarms").fetchall() == [("input_silent",)]
    commit(root, articles=[article(article_id="a4", headline="After")])
    with duckdb.connect(str(root / "catalog.duckdb"), read_only=True) as connection:
        assert connection.execute(NEW_VIEW).fetchone() == (0,)
