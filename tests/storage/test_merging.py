"""Parts are joined to the file that all their rows at once would make."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.arrow import arrow_table
from schemas.quarantine import Quarantined
from schemas.reasons import QuarantineStatus, Reason
from schemas.tables import ARTICLES, QUARANTINE, Table
from tasks.storage.commit import transaction
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, live_parts
from tasks.storage.merging import count_distinct, merged
from tasks.storage.opening import writing
from tasks.storage.parts import DamagedPart, in_order, read_part, row_groups, write_sorted
from tests.examples import article
from tests.storage.commits import commit

# Few rows make a row group, a run and a batch, so that a test has many of each.
FEW = replace(ARTICLES, row_group_rows=80)


@pytest.fixture
def opened(root: Path) -> Iterator[tuple[Warehouse, sqlite3.Connection]]:
    """A warehouse whose parts overlap: of 90, 15, 1 and 7 articles, dealt out in turn."""
    for number, count in enumerate((90, 15, 1, 7)):
        rows = [
            article(article_id=f"a{4 * n + number:03d}", version_no=2 - n % 2, published_date=date(2025, 12, 1 + n % 3))
            for n in range(count)
        ]
        commit(root, articles=rows)
    with writing(root) as pair:
        yield pair


def all_rows(warehouse: Warehouse, table: Table, parts: list[Part]) -> pa.Table:
    return in_order(table, pa.concat_tables([read_part(warehouse, part) for part in parts]))


def test_the_rows_come_in_the_order_of_the_table(opened: tuple[Warehouse, sqlite3.Connection]) -> None:
    warehouse, ledger = opened
    parts = live_parts(ledger, "articles")
    blocks = list(merged(warehouse, FEW, parts))
    assert len(blocks) > len(parts)
    assert pa.concat_tables(blocks).equals(all_rows(warehouse, FEW, parts))


def test_the_file_has_the_row_groups_and_filters_of_one_written_at_once(
    opened: tuple[Warehouse, sqlite3.Connection],
) -> None:
    warehouse, ledger = opened
    parts = live_parts(ledger, "articles")
    distinct = {"article_id": count_distinct(warehouse, FEW, parts, "article_id")}
    joined, at_once = (
        write_sorted(warehouse, FEW, "2025-12", rows, name, distinct=distinct)
        for name, rows in (("joined", merged(warehouse, FEW, parts)), ("once", [all_rows(warehouse, FEW, parts)]))
    )
    assert distinct == {"article_id": 113}
    assert joined.row_count == at_once.row_count == 113
    shapes = [
        [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
        for file in (pq.ParquetFile(warehouse.store / part.path) for part in (joined, at_once))
    ]
    assert shapes == [[80, 33]] * 2
    assert read_part(warehouse, joined).equals(read_part(warehouse, at_once))


def test_what_was_sorted_for_the_time_being_is_gone(opened: tuple[Warehouse, sqlite3.Connection]) -> None:
    warehouse, ledger = opened
    rows = merged(warehouse, FEW, live_parts(ledger, "articles"))
    next(rows)
    assert list(warehouse.tmp.glob("join-*"))
    rows.close()
    assert not list(warehouse.tmp.glob("join-*"))


def test_rows_without_a_value_come_last(root: Path) -> None:
    seen = datetime(2025, 12, 1, tzinfo=UTC)
    with writing(root) as (warehouse, ledger):
        for positions in ((1, None), (2, 3), (None, 4)):
            rows = [refusal(f"p{number}", position, seen) for number in range(2) for position in positions]
            with transaction(warehouse, ledger, "ingest", "r1") as change:
                change.append("quarantine", arrow_table(Quarantined, rows))
        blocks = merged(warehouse, replace(QUARANTINE, row_group_rows=40), live_parts(ledger, "quarantine"))
        assert pa.concat_tables(blocks)["position_in_file"].to_pylist() == [1, 2, 3, 4, None, None] * 2


def refusal(path: str, position: int | None, seen: datetime) -> Quarantined:
    return Quarantined(
        file_id="f",
        path=path,
        position_in_file=position,
        reason=Reason.INVALID_DATE,
        detail=None,
        status=QuarantineStatus.OPEN,
        attempts=1,
        first_seen_at=seen,
        last_seen_at=seen,
    )


def test_a_part_that_cannot_be_read_leaves_nothing_half_made(opened: tuple[Warehouse, sqlite3.Connection]) -> None:
    warehouse, ledger = opened
    parts = live_parts(ledger, "articles")
    before = {file.name for file in warehouse.store.rglob("*.parquet")}
    largest = warehouse.store / parts[0].path
    largest.write_bytes(largest.read_bytes()[:-2000] + bytes(2000))
    with transaction(warehouse, ledger, "compact", "r1") as change, pytest.raises(DamagedPart):
        change.join(parts)
    assert {file.name for file in warehouse.store.rglob("*.parquet")} == before
    assert live_parts(ledger, "articles") == parts


def test_row_groups_are_full_but_for_the_last() -> None:
    blocks = [pa.table({"number": range(start, start + 5)}) for start in range(0, 25, 5)]
    groups = list(row_groups(blocks, 12))
    assert [group.num_rows for group in groups] == [12, 12, 1]
    assert pa.concat_tables(groups)["number"].to_pylist() == list(range(25))


def test_row_groups_of_long_articles_have_fewer_of_them() -> None:
    blocks = [pa.table({"number": range(start, start + 5)}) for start in range(0, 25, 5)]
    groups = list(row_groups(blocks, 12, most_bytes=2 * blocks[0].nbytes))
    assert [group.num_rows for group in groups] == [10, 10, 5]
    assert pa.concat_tables(groups)["number"].to_pylist() == list(range(25))


def test_columns_that_seldom_repeat_have_no_dictionary(root: Path) -> None:
    commit(root, articles=[article(article_id=f"{number:03d}", flags=["short_body"]) for number in range(100)])
    (file,) = (root / "tables" / "articles").rglob("*.parquet")
    columns = pq.read_metadata(file).row_group(0)
    encodings = {
        column.path_in_schema: "RLE_DICTIONARY" in column.encodings
        for column in map(columns.column, range(columns.num_columns))
    }
    assert {name for name, has_dictionary in encodings.items() if not has_dictionary} == {
        *ARTICLES.seldom_repeated,
        "is_current",
    }
