"""What became of the articles since a snapshot, and what changed between the versions of one."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from schemas.errors import WrongUse
from tasks.enrichment.settings import EnrichmentSettings
from tasks.ingestion.backfilling import Range, run_backfill
from tasks.ingestion.forgetting import forget
from tasks.ingestion.preparing import prepare_here
from tasks.reporting.changes import changes_since
from tasks.reporting.differences import Edit, compare_lines, compare_words, find_differences
from tasks.storage.compaction import compact
from tasks.storage.ledger import last_commit
from tasks.storage.opening import reading, writing
from tests.ingestion.mill import Mill, block, mill_at, words

DECEMBER = Range(start=date(2025, 12, 1), end=date(2025, 12, 31))


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    """An empty input folder and no warehouse yet."""
    return mill_at(tmp_path)


def snapshot(mill: Mill) -> str:
    with reading(mill.warehouse) as (_, ledger):
        return str(last_commit(ledger))


def changes(mill: Mill, since: str) -> list[tuple[str, str | None, int | None]]:
    with changes_since(mill.warehouse, since) as reader:
        return [(row["change"], row["headline"], row["version_no"]) for row in reader.read_all().to_pylist()]


def test_new_articles_and_versions_are_listed_and_the_version_they_replace(mill: Mill) -> None:
    mill.put("a.txt", block("Flut", words(1)))
    mill.ingest()
    before = snapshot(mill)
    assert changes(mill, before) == []
    mill.put("a.txt", block("Flut", f"{words(1)} Nachtrag."))
    mill.put("b.txt", block("Wahl", words(2)))
    mill.ingest()
    found = changes(mill, before)
    assert sorted(found) == [("new", "Wahl", 1), ("new_version", "Flut", 2), ("superseded", "Flut", 1)]


def test_a_copy_that_arrives_before_the_original_is_flagged(mill: Mill) -> None:
    mill.put("b.txt", block("Wahl", words(2), "2025-12-02"))
    mill.ingest()
    before = snapshot(mill)
    mill.put("a.txt", block("Wahl im Norden", words(2), "2025-12-01"))
    mill.ingest()
    assert sorted(changes(mill, before)) == [("flagged", "Wahl", 1), ("new", "Wahl im Norden", 1)]


def test_joining_files_is_no_change_and_what_was_taken_down_is_one(mill: Mill) -> None:
    for number in range(3):
        mill.put(f"{number}.txt", block(f"Meldung {number}", words(number)))
        mill.ingest()
    before = snapshot(mill)
    with writing(mill.warehouse) as (warehouse, ledger):
        compact(warehouse, ledger, "r1")
    assert changes(mill, before) == []
    forget(mill.warehouse, "1.txt")
    assert changes(mill, before) == [("forgotten", None, None)]


def test_a_backfill_with_another_model_is_told_as_enriched(mill: Mill) -> None:
    mill.put("a.txt", block("Flut", words(1)))
    mill.ingest()
    before = snapshot(mill)
    another = replace(mill.settings, enrichment=EnrichmentSettings(model="en_core_web_md"))
    run_backfill(another, DECEMBER, prepare_here)
    assert changes(mill, before) == [("enriched", "Flut", 1)]


def test_a_backfill_that_reads_otherwise_is_told_as_changed(mill: Mill) -> None:
    mill.put("a.txt", block("Flut", f"{words(1)}\nŻółć.").encode("cp1250"))
    mill.ingest()
    before = snapshot(mill)
    reading = replace(mill.settings.reading, legacy_encoding="cp1250")
    run_backfill(replace(mill.settings, reading=reading), DECEMBER, prepare_here)
    assert changes(mill, before) == [("changed", "Flut", 1)]


def test_everything_is_new_since_the_beginning(mill: Mill) -> None:
    mill.put("a.txt", block("Flut", words(1)))
    mill.ingest()
    assert changes(mill, "0") == [("new", "Flut", 1)]
    with pytest.raises(WrongUse, match="no snapshot 99"):
        changes(mill, "99")


def test_a_difference_tells_every_line_once() -> None:
    before, after = (
        ["Flood", "It rained.", "It stopped.", "End."],
        ["Flood in Leeds", "It rained.", "New.", "End.", "PS."],
    )
    edits = list(compare_lines(before, after))
    assert [edit.before for edit in edits if edit.before is not None] == before
    assert [edit.after for edit in edits if edit.after is not None] == after
    assert [edit.edit for edit in edits] == [Edit.CHANGED, Edit.SAME, Edit.CHANGED, Edit.SAME, Edit.ADDED]


def test_lines_that_repeat_do_not_take_the_cube_of_their_number() -> None:
    start = time.process_time()
    assert len(list(compare_lines(["x", "y"] * 1_000, ["x", "z", "y"] * 1_000))) >= 3_000
    assert time.process_time() - start < 5


def test_words_that_changed_stand_beside_each_other() -> None:
    pairs = list(compare_words("the bridge is closed today", "the bridge was closed"))
    assert pairs == [("the bridge", "the bridge"), ("is", "was"), ("closed", "closed"), ("today", "")]


def test_an_article_is_found_by_the_beginning_of_its_id(mill: Mill) -> None:
    mill.put("a.txt", block("Flut", f"{words(1)}\nEnde."))
    mill.ingest()
    mill.put("a.txt", block("Flut in Leeds", f"{words(1)}\nEnde."))
    mill.ingest()
    (article_id,) = mill.column("SELECT DISTINCT article_id FROM articles")
    (found,) = find_differences(mill.warehouse, article_id[:8])
    assert (found.before_version_no, found.after_version_no) == (1, 2)
    assert (found.lines[0].edit, found.lines[0].after) == (Edit.CHANGED, "Flut in Leeds")
    assert [line.edit for line in found.lines[1:]] == [Edit.SAME, Edit.SAME]
    with pytest.raises(WrongUse, match="No article"):
        find_differences(mill.warehouse, "nonsense")
