"""Damaged and lost files: named, worked around, and made again from raw bytes and the ledger."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import NewsmillError
from schemas.tables import TABLES
from tasks.ingestion.forgetting import forget
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.raw_damage import find_raw_damage
from tasks.ingestion.repairing import Repaired, repair
from tasks.maintaining import run_upkeep
from tasks.reporting.changes import changes_since
from tasks.storage.layout import locate
from tasks.storage.ledger import last_commit
from tasks.storage.opening import reading
from tasks.storage.parts import DamagedPart
from tasks.storage.raw import raw_file
from tests.ingestion.mill import Contents, Mill, block, words

# What only the lost rows knew.
UNKNOWN = {"detail", "last_seen_at", "ingested_at", "pipeline_id"}
ENGLISH = (
    "Angela Merkel met Emmanuel Macron in Paris on Monday. They spoke about France, Germany and the European Union."
)


@pytest.fixture
def full(mill: Mill) -> Mill:
    """A mill with versions, copies, refusals, mentions, in two months."""
    mill.put("a.txt", block("Erste Meldung", words(1)))
    mill.put("b.txt", f"{block('Leaders meet', ENGLISH)}\n{block('Kaputt', words(3), day='2025-02-30')}")
    mill.put("c.txt", block("Abschrift", words(1), day="2025-11-30"))
    mill.put("empty.txt", b"")
    mill.ingest()
    mill.put("a.txt", f"{block('Erste Meldung', words(1) + ' Nachtrag.')}\n{block('Mehr', words(4))}")
    mill.ingest()
    return mill


def lose(file: Path) -> None:
    """Both names of a file go."""
    file.unlink()
    Path(str(file).replace("/store/", "/tables/")).unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def scramble(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[8:200] = bytes(192)
    file.write_bytes(data)


def live_files(mill: Mill, table: str) -> list[Path]:
    files = (mill.warehouse / "tables" / table).rglob("*.parquet")
    return [mill.warehouse / "store" / file.relative_to(mill.warehouse / "tables") for file in sorted(files)]


def known(mill: Mill) -> Contents:
    """All rows of all tables, without what a repair cannot know."""
    return mill.tables(without=UNKNOWN)


def mended(mill: Mill) -> Repaired:
    return repair(mill.settings, prepare_here)


@pytest.mark.parametrize("harm", [lose, cut, scramble])
@pytest.mark.parametrize("tables", [["articles"], ["entities", "locations"], ["files", "outcomes", "quarantine"]])
def test_the_rows_of_damaged_files_are_made_again(full: Mill, tables: list[str], harm: Callable[[Path], None]) -> None:
    before, runs = known(full), full.rows("SELECT run_id, kind, status FROM runs")
    damaged = [file for table in tables for file in live_files(full, table)]
    for file in damaged:
        harm(file)
    assert mended(full).files == len(damaged) > 0
    assert known(full) == before
    assert set(runs) < set(full.rows("SELECT run_id, kind, status FROM runs"))
    assert full.broken() == []
    assert run_upkeep(full.warehouse, verify_only=True).damage == []
    assert mended(full) == Repaired()


def test_every_table_may_be_lost_at_once(full: Mill) -> None:
    before = known(full)
    for table in TABLES:
        for file in live_files(full, table):
            lose(file)
    mended(full)
    assert known(full) == before
    assert full.broken() == []
    assert full.ingest().files_read == 0


def test_a_lost_file_stops_neither_new_articles_nor_readers_of_others(full: Mill) -> None:
    (november, *_) = live_files(full, "articles")
    lose(november)
    full.put("d.txt", block("Neu", words(9)))
    assert full.ingest().articles_new == 1
    december = "SELECT count(*) FROM articles WHERE published_month = '2025-12' AND headline = 'Neu'"
    assert full.column(december) == [1]
    assert mended(full).articles == 1
    assert full.column("SELECT count(*) FROM articles") == [6]


def test_upkeep_names_what_is_damaged_and_leaves_it(full: Mill) -> None:
    file = live_files(full, "outcomes")[0]
    scramble(file)
    upkeep = run_upkeep(full.warehouse)
    assert [line.split(":")[0] for line in upkeep.damage] == [str(file.relative_to(full.warehouse / "store"))]
    assert not upkeep.is_sound


def test_a_commit_over_a_damaged_file_fails_with_a_sentence_and_changes_nothing(full: Mill) -> None:
    for file in live_files(full, "articles"):
        scramble(file)
    full.put("a.txt", block("Erste Meldung", words(1) + " Noch ein Nachtrag."))
    with pytest.raises(DamagedPart, match="maintain --repair"):
        full.ingest()
    mended(full)
    assert full.ingest().articles_new_version == 1


def test_what_cannot_be_derived_again_is_said_and_nothing_of_the_articles_changes(full: Mill) -> None:
    (file_id,) = full.column("SELECT file_id FROM articles WHERE headline = 'Abschrift'")
    raw_file(locate(full.warehouse), file_id).unlink()
    (november, *_) = live_files(full, "articles")
    scramble(november)
    with pytest.raises(NewsmillError, match=r"1 of 1 lost articles cannot be derived again.*backup"):
        mended(full)
    assert full.column("SELECT count(*) FROM articles WHERE published_month = '2025-12'") == [4]


def test_mentions_are_found_again_in_the_stored_text_where_raw_bytes_are_gone(full: Mill) -> None:
    before = known(full)
    for file in (full.warehouse / "raw").rglob("*.zst"):
        file.unlink()
    for file in live_files(full, "locations"):
        lose(file)
    mended(full)
    assert known(full) == before


def damage_of_raw(mill: Mill) -> list[str]:
    with reading(mill.warehouse) as (warehouse, ledger):
        return list(find_raw_damage(warehouse, ledger))


@pytest.mark.parametrize(("harm", "sentence"), [(Path.unlink, "missing"), (cut, "damaged"), (scramble, "damaged")])
def test_raw_bytes_that_are_lost_or_changed_are_named(full: Mill, harm: Callable[[Path], Any], sentence: str) -> None:
    assert damage_of_raw(full) == []
    (file_id,) = full.column("SELECT file_id FROM files WHERE path = 'c.txt'")
    harm(raw_file(locate(full.warehouse), file_id))
    (found,) = damage_of_raw(full)
    assert sentence in found
    assert file_id[:12] in found


def test_names_under_tables_are_mended_by_upkeep(full: Mill) -> None:
    articles, entities = (
        sorted((full.warehouse / "tables" / name).rglob("*.parquet")) for name in ("articles", "entities")
    )
    copied = articles[0].read_bytes()
    articles[0].unlink()
    articles[0].write_bytes(copied)
    entities[0].unlink()
    stranger = articles[0].with_name("stranger.parquet")
    stranger.write_bytes(copied)
    assert len(run_upkeep(full.warehouse, verify_only=True).damage) == 3
    assert run_upkeep(full.warehouse).links_mended == 3
    assert run_upkeep(full.warehouse, verify_only=True).is_sound
    assert not stranger.exists()


def test_a_takedown_comes_to_its_end_beside_files_that_a_repair_replaced(full: Mill) -> None:
    (article_id,) = full.column("SELECT article_id FROM articles WHERE headline = 'Mehr'")
    damaged = live_files(full, "articles") + live_files(full, "outcomes")
    for file in damaged:
        scramble(file)
    repair(full.settings, prepare_here)
    forget(full.warehouse, article_id)
    assert full.column("SELECT count(*) FROM articles WHERE headline = 'Mehr'") == [0]
    assert not any(file.exists() for file in damaged)
    assert run_upkeep(full.warehouse).is_sound


def forget_one_of_two(mill: Mill) -> str:
    """Take down one article of a file, so that the other has no raw bytes any more; gives the id of that."""
    mill.put("two.txt", f"{block('Geht', words(20))}\n{block('Bleibt', words(21))}")
    mill.ingest()
    (gone,) = mill.column("SELECT article_id FROM articles WHERE headline = 'Geht'")
    forget(mill.warehouse, gone)
    (left,) = mill.column("SELECT article_id FROM articles WHERE headline = 'Bleibt'")
    return str(left)


def test_what_cannot_be_derived_again_can_be_let_go_and_the_rest_is_repaired(full: Mill) -> None:
    left = forget_one_of_two(full)
    before = [row for row in known(full)["articles"] if row["article_id"] != left]
    for file in live_files(full, "articles"):
        scramble(file)
    with pytest.raises(NewsmillError, match=left):
        mended(full)
    forget(full.warehouse, left)
    mended(full)
    assert known(full)["articles"] == before
    assert run_upkeep(full.warehouse).is_sound


def test_lost_raw_bytes_are_kept_again_when_the_file_is_touched(full: Mill) -> None:
    (file_id,) = full.column("SELECT file_id FROM files WHERE path = 'c.txt'")
    raw_file(locate(full.warehouse), file_id).unlink()
    os.utime(full.input / "c.txt")
    full.ingest()
    assert damage_of_raw(full) == []


def test_upkeep_goes_on_beside_lost_raw_bytes_and_damaged_files(full: Mill) -> None:
    (file_id,) = full.column("SELECT file_id FROM files WHERE path = 'c.txt'")
    raw_file(locate(full.warehouse), file_id).unlink()
    scramble(live_files(full, "articles")[-1])
    for number in range(4):
        full.put(f"more{number}.txt", block(f"Mehr {number}", words(30 + number), day="2025-12-02"))
        assert full.ingest().articles_new == 1
    upkeep = run_upkeep(full.warehouse, grace=timedelta(0))
    assert (len(upkeep.damage), upkeep.files_deleted > 0) == (2, True)
    mended(full)
    assert len(full.column("SELECT headline FROM articles WHERE published_month = '2025-12'")) == 8


def test_a_snapshot_that_showed_the_damage_has_expired_after_the_repair(full: Mill) -> None:
    with reading(full.warehouse) as (_, ledger):
        before = str(last_commit(ledger))
    scramble(live_files(full, "articles")[0])
    mended(full)
    with pytest.raises(NewsmillError, match="has expired"), changes_since(full.warehouse, before):
        pass
    assert run_upkeep(full.warehouse).is_sound


def test_a_part_whose_other_name_is_there_is_not_lost(full: Mill) -> None:
    before = known(full)
    for file in live_files(full, "articles"):
        file.unlink()
    full.put("e.txt", block("Neu", words(40)))
    full.ingest()
    assert [row for row in known(full)["articles"] if row["headline"] != "Neu"] == before["articles"]
    assert run_upkeep(full.warehouse, verify_only=True).is_sound
