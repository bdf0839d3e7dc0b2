"""Joining small parts keeps every row and every snapshot."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tasks.storage.compaction import MEGABYTE, PARTS_TO_JOIN, compact, find_groups, find_months, settle
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, live_parts
from tasks.storage.opening import writing
from tests.examples import article, entity
from tests.storage.commits import ask, commit, headlines, parts_under


def part(number: int, size_bytes: int = 1000, table_name: str = "articles", month: str = "2025-12") -> Part:
    path = f"{table_name}/published_month={month}/{number}.parquet"
    return Part(table_name=table_name, month=month, path=path, row_count=1, size_bytes=size_bytes, sha256="")


@pytest.fixture
def opened(root: Path) -> Iterator[tuple[Warehouse, sqlite3.Connection]]:
    """A warehouse of ten commits in one month and one in another."""
    for number in range(10):
        name = f"a{number}"
        row = article(article_id=name, headline=f"Article {number}")
        commit(root, articles=[row], entities=[entity(article_id=name)])
    commit(root, articles=[article(article_id="b", headline="Other", published_date=date(2025, 11, 1))])
    with writing(root) as pair:
        yield pair


def test_joining_keeps_every_row(opened: tuple[Warehouse, sqlite3.Connection], root: Path) -> None:
    warehouse, ledger = opened
    before = ask(root, "SELECT * FROM articles ORDER BY ALL"), ask(root, "SELECT * FROM entities ORDER BY ALL")
    assert compact(warehouse, ledger, "r2") == 18
    assert before == (
        ask(root, "SELECT * FROM articles ORDER BY ALL"),
        ask(root, "SELECT * FROM entities ORDER BY ALL"),
    )
    assert len(live_parts(ledger)) == len(parts_under(root / "tables")) == 3


def test_the_snapshots_before_stay_readable(opened: tuple[Warehouse, sqlite3.Connection], root: Path) -> None:
    compact(*opened, "r2")
    assert headlines(root, as_of="5") == [f"Article {number}" for number in range(5)]


def test_joining_twice_changes_nothing_more(opened: tuple[Warehouse, sqlite3.Connection]) -> None:
    compact(*opened, "r2")
    parts = live_parts(opened[1])
    assert compact(*opened, "r3") == 0
    assert live_parts(opened[1]) == parts


def test_too_few_parts_are_left_alone() -> None:
    assert find_groups([part(number) for number in range(PARTS_TO_JOIN - 1)]) == []


def test_parts_join_their_like_in_size_month_and_table() -> None:
    small = [part(number) for number in range(PARTS_TO_JOIN)]
    others = [part(20, size_bytes=2 * MEGABYTE), part(21, month="2025-11"), part(22, table_name="entities")]
    assert find_groups([*small, *others]) == [small]


def test_small_parts_are_joined_along_with_others() -> None:
    due = [part(number) for number in range(PARTS_TO_JOIN)]
    along = [part(number, month="2025-11") for number in range(2)]
    larger = [part(number, month="2025-10", size_bytes=2 * MEGABYTE) for number in range(2)]
    assert find_groups([*due, *along, *larger]) == [due, along]
    assert find_groups([*along, *larger]) == []


def test_a_large_part_is_not_written_again() -> None:
    assert find_groups([part(number, size_bytes=200 * MEGABYTE) for number in range(20)]) == []


def test_a_joining_stops_at_the_size_of_the_last_tier() -> None:
    parts = [part(number, size_bytes=50 * MEGABYTE) for number in range(11)]
    assert [len(group) for group in find_groups(parts)] == [3, 3, 3, 2]


def test_months_to_which_nothing_comes_any_more_become_one_file_a_table(
    opened: tuple[Warehouse, sqlite3.Connection], root: Path
) -> None:
    before = ask(root, "SELECT * FROM articles ORDER BY ALL"), ask(root, "SELECT * FROM entities ORDER BY ALL")
    assert settle(*opened, "r2", quiet=timedelta(0)) == 18
    assert settle(*opened, "r3", quiet=timedelta(0)) == 0
    assert before == (
        ask(root, "SELECT * FROM articles ORDER BY ALL"),
        ask(root, "SELECT * FROM entities ORDER BY ALL"),
    )
    assert len(live_parts(opened[1])) == len(parts_under(root / "tables")) == 3
    assert headlines(root, as_of="5") == [f"Article {number}" for number in range(5)]


def test_a_month_of_which_something_came_this_week_is_left_to_the_tiers(
    opened: tuple[Warehouse, sqlite3.Connection],
) -> None:
    _, ledger = opened
    ledger.execute("UPDATE commits SET committed_us = committed_us - 10 * 86400000000 WHERE commit_id < 10")
    assert settle(*opened, "r2") == 0
    ledger.execute("UPDATE commits SET committed_us = committed_us - 10 * 86400000000")
    assert settle(*opened, "r3") == 18


def test_a_quiet_month_is_joined_whatever_the_sizes_up_to_that_of_the_last_tier() -> None:
    parts = [part(number, size_bytes=size * MEGABYTE) for number, size in enumerate((0, 2, 40, 200, 100, 60))]
    assert find_months(parts) == [[parts[0], parts[1], parts[2], parts[4]]]
    assert find_months([part(0), part(1, month="2025-11"), part(2, table_name="entities")]) == []


def test_a_damaged_part_of_a_quiet_month_keeps_no_other_table_from_being_joined(
    opened: tuple[Warehouse, sqlite3.Connection], root: Path
) -> None:
    damaged = live_parts(opened[1], "entities")[0]
    (root / "store" / damaged.path).write_bytes(b"PAR1 and nothing else PAR1")
    assert settle(*opened, "r2", quiet=timedelta(0)) == 9
    assert len(live_parts(opened[1], "articles", "2025-12")) == 1
    assert damaged in live_parts(opened[1], "entities")
