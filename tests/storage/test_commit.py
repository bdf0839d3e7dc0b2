"""A commit changes all its tables or none."""

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from schemas.tables import TABLES
from tasks.storage.commit import AlreadyCommitted, transaction
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import last_commit, live_parts
from tasks.storage.opening import writing
from tasks.storage.parts import read_part
from tests.examples import article, entity, file, location, outcome
from tests.storage.commits import ask, commit, headlines, parts_under, table_of

NOVEMBER = date(2025, 11, 30)
ONE_ARTICLE: dict[str, Any] = {
    "articles": [article(entity_count=1, location_count=1)],
    "entities": [entity()],
    "locations": [location()],
    "files": [file()],
    "outcomes": [outcome()],
}


def test_all_tables_of_a_commit_appear_together(root: Path) -> None:
    commit(root, **ONE_ARTICLE)
    assert [ask(root, f"SELECT count(*) FROM {name}") for name in ONE_ARTICLE] == [[(1,)]] * 5


def test_an_exception_before_the_commit_leaves_every_table_as_it_was(root: Path) -> None:
    commit(root, articles=[article()])
    before = parts_under(root)
    with writing(root) as (warehouse, ledger):
        with pytest.raises(ZeroDivisionError):
            append_and_fail(warehouse, ledger)
        assert last_commit(ledger) == 1
    assert parts_under(root) == before
    assert ask(root, "SELECT count(*) FROM entities") == [(0,)]


def append_and_fail(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    with transaction(warehouse, ledger, "ingest", "r2") as under_way:
        for name, rows in ONE_ARTICLE.items():
            under_way.append(name, table_of(name, rows))
        raise ZeroDivisionError


def test_the_ledger_takes_a_commit_after_a_failed_one(root: Path) -> None:
    with writing(root) as (warehouse, ledger):
        with pytest.raises(ZeroDivisionError), transaction(warehouse, ledger, "ingest", "r2"):
            raise ZeroDivisionError
        with transaction(warehouse, ledger, "ingest", "r3") as under_way:
            under_way.append("articles", table_of("articles", [article()]))
    assert headlines(root) == [article().headline]


def test_a_commit_with_a_key_that_was_used_adds_nothing(root: Path) -> None:
    commit(root, "batch 7", articles=[article()])
    with writing(root) as (warehouse, ledger):
        with pytest.raises(AlreadyCommitted), transaction(warehouse, ledger, "ingest", "r1", "batch 7") as again:
            again.append("articles", table_of("articles", [article()]))
        assert not ledger.in_transaction
        assert last_commit(ledger) == 1
    assert headlines(root) == [article().headline]


class InterruptedAtCommit(sqlite3.Connection):
    """A ledger whose user presses Ctrl-C while COMMIT syncs: Python raises when the call has returned."""

    def execute(self, query: str, *values: Any) -> sqlite3.Cursor:
        cursor = super().execute(query, *values)
        if query == "COMMIT":
            raise KeyboardInterrupt
        return cursor


def test_an_interrupt_right_after_the_commit_point_keeps_the_commit(root: Path) -> None:
    with writing(root) as (warehouse, _):
        ledger = sqlite3.connect(warehouse.ledger, isolation_level=None, factory=InterruptedAtCommit)
        with pytest.raises(KeyboardInterrupt), transaction(warehouse, ledger, "ingest", "r1") as under_way:
            under_way.append("articles", table_of("articles", [article()]))
        ledger.close()
    assert headlines(root) == [article().headline]


def test_rows_go_to_the_month_of_their_date(root: Path) -> None:
    commit(root, articles=[article(), article(article_id="a2", headline="Older", published_date=NOVEMBER)])
    assert ask(root, "SELECT published_month, headline FROM articles ORDER BY ALL") == [
        ("2025-11", "Older"),
        ("2025-12", article().headline),
    ]
    assert {path.split("/")[1] for path in parts_under(root / "tables")} == {
        "published_month=2025-11",
        "published_month=2025-12",
    }


def upper_headline(rows: pa.Table) -> pa.Table:
    number = rows.schema.get_field_index("headline")
    return rows.set_column(number, rows.schema.field(number), pc.utf8_upper(rows["headline"]))


def test_a_rewrite_changes_the_parts_that_hold_the_key_and_no_other(root: Path) -> None:
    commit(root, articles=[article()])
    commit(root, articles=[article(article_id="a2", headline="Other news")])
    with writing(root) as (warehouse, ledger):
        _, untouched = live_parts(ledger, "articles")
        with transaction(warehouse, ledger, "ingest", "r2") as under_way:
            under_way.rewrite("articles", "2025-12", "article_id", ["a1"], upper_headline)
        kept, rewritten = live_parts(ledger, "articles")
    assert kept == untouched
    assert rewritten.row_count == 1
    assert headlines(root) == [article().headline.upper(), "Other news"]


def test_a_part_is_rewritten_some_rows_at_a_time_and_keeps_its_order(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.storage.commit.BATCHES_IN_A_ROW_GROUP", TABLES["articles"].row_group_rows // 2)
    commit(root, articles=[article(article_id=f"a{number}", headline=f"News {number}") for number in range(5)])
    seen: list[int] = []

    def without_a1_and_upper(rows: pa.Table) -> pa.Table:
        seen.append(rows.num_rows)
        return upper_headline(rows.filter(pc.field("article_id") != "a1"))

    with writing(root) as (warehouse, ledger):
        with transaction(warehouse, ledger, "ingest", "r2") as under_way:
            under_way.rewrite("articles", "2025-12", "article_id", ["a1", "a4"], without_a1_and_upper)
        (part,) = live_parts(ledger, "articles")
        rows = read_part(warehouse, part)
    assert seen == [2, 2, 1]
    assert rows["article_id"].to_pylist() == ["a0", "a2", "a3", "a4"]
    assert rows["headline"].to_pylist() == ["NEWS 0", "NEWS 2", "NEWS 3", "NEWS 4"]


def test_rows_added_by_a_commit_can_be_rewritten_in_it(root: Path) -> None:
    with writing(root) as (warehouse, ledger), transaction(warehouse, ledger, "ingest", "r1") as under_way:
        under_way.append("articles", table_of("articles", [article()]))
        under_way.rewrite("articles", "2025-12", "article_id", ["a1"], upper_headline)
    assert headlines(root) == [article().headline.upper()]
    assert len(parts_under(root / "store")) == 1


def test_a_part_replaced_by_nothing_is_gone(root: Path) -> None:
    commit(root, articles=[article()])
    with writing(root) as (warehouse, ledger), transaction(warehouse, ledger, "forget", "r2") as under_way:
        (part,) = under_way.live("articles", "2025-12")
        under_way.replace(part, lambda rows: rows.slice(0, 0))
    assert headlines(root) == []
    assert parts_under(root / "tables") == set()
