"""Deriving a range of days again: what differs is replaced in one commit, the rest stays to the byte."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import NewsmillError, WrongUse
from tasks.ingestion import backfilling
from tasks.ingestion.backfilling import BackfillSummary, checked_range, run_backfill
from tasks.ingestion.forgetting import forget
from tasks.ingestion.plans import FailedBatch, Plan, Prepare, PreparedBatch
from tasks.ingestion.preparing import prepare_here
from tasks.reading import parsing
from tasks.reading.cleaning import clean_text
from tasks.storage import faults
from tasks.storage.layout import locate
from tasks.storage.ledger import last_commit
from tasks.storage.opening import open_warehouse, reading
from tasks.storage.raw import delete_raw
from tests.identity.stories import ELECTION, FLOOD
from tests.ingestion.mill import Contents, Mill, block, words

NOVEMBER, DECEMBER = (date(2025, 11, 1), date(2025, 11, 30)), (date(2025, 12, 1), date(2025, 12, 31))
DERIVED = ("articles", "entities", "locations")


def backfill(
    mill: Mill, days: tuple[date, date] = DECEMBER, prepare: Prepare = prepare_here, **changes: Any
) -> BackfillSummary:
    """Derive a range again; `stage`, `stale`, `dry_run` as the command has them, the rest settings of reading."""
    wanted = checked_range(*days, changes.pop("stage", "parse"), changes.pop("stale", False))
    dry_run = changes.pop("dry_run", False)
    settings = replace(mill.settings, reading=replace(mill.settings.reading, **changes))
    return run_backfill(settings, wanted, prepare, dry_run=dry_run)


def rename_the_government(text: str) -> Any:
    """What a later newsmill might do to a text."""
    return clean_text(re.sub(r"\bRegierung\b", "Landesregierung", text))


@pytest.fixture
def two_months(mill: Mill) -> Mill:
    """A mill with two articles in November and three in December, one of them in two versions."""
    mill.put(
        "november.txt", "\n".join(block(f"Herbst {n}", f"Die Regierung. {words(n)}", day="2025-11-30") for n in (1, 2))
    )
    mill.put("december.txt", "\n".join(block(f"Winter {n}", f"Die Regierung. {words(n)}") for n in (3, 4)))
    mill.put("without.txt", block("Ohne sie", words(5).replace("Regierung", "Opposition"), day="2025-12-31"))
    mill.ingest()
    mill.put("december.txt", "\n".join(block(f"Winter {n}", f"Die Regierung. {words(n)} Nachtrag.") for n in (3, 4)))
    mill.ingest()
    return mill


@pytest.fixture
def later_code(two_months: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two months, and from now on a newsmill whose cleaning has changed."""
    upgrade(monkeypatch)


def upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """Change how texts are cleaned, and with it the pipeline_id."""
    monkeypatch.setattr(parsing, "clean_text", rename_the_government)
    monkeypatch.setattr(backfilling, "pipeline_id", lambda _: "later")


def of_month(tables: Contents, month: str) -> dict[str, list[dict[str, Any]]]:
    return {name: [row for row in tables[name] if row["published_month"] == month] for name in DERIVED}


def commits(mill: Mill) -> int:
    with reading(mill.warehouse) as (_, ledger):
        return last_commit(ledger)


def test_a_backfill_without_a_change_of_code_commits_its_run_and_nothing_else(two_months: Mill) -> None:
    before, commits_before = two_months.tables(), commits(two_months)
    summary = backfill(two_months, (date(2025, 1, 1), date(2025, 12, 31)))
    assert (summary.articles_in_range, summary.changes, summary.failures) == (7, {}, [])
    assert two_months.tables() == before
    assert commits(two_months) == commits_before + 1
    assert two_months.rows("SELECT kind, status, articles_renewed FROM runs ORDER BY started_at DESC LIMIT 1") == [
        ("backfill", "done", 0)
    ]


def test_an_article_of_the_future_is_flagged_as_on_the_day_it_came(mill: Mill) -> None:
    mill.put("a.txt", block("Morgen", words(1), day="2999-01-01"))
    mill.ingest()
    assert mill.column("SELECT flags FROM articles") == [["future_date"]]
    assert backfill(mill, (date(2999, 1, 1), date(2999, 1, 1)), dry_run=True).changes == {}


@pytest.mark.usefixtures("later_code")
def test_a_dry_run_says_what_would_change_and_changes_nothing(two_months: Mill) -> None:
    before, commits_before = two_months.tables(but=()), commits(two_months)
    summary = backfill(two_months, dry_run=True)
    assert summary.articles_in_range == 5
    assert (summary.changes["text"], summary.changes["content_hash"], summary.changes["pipeline_id alone"]) == (4, 4, 1)
    assert "Ohne sie: pipeline_id alone" in summary.examples
    assert two_months.tables(but=()) == before
    assert commits(two_months) == commits_before


@pytest.mark.usefixtures("later_code")
def test_the_range_is_replaced_and_what_lies_outside_is_as_it_was(two_months: Mill) -> None:
    before = two_months.tables()
    parts_before = part_files(two_months, "2025-11")
    assert backfill(two_months).changes["text"] == 4
    after = two_months.tables()
    assert of_month(after, "2025-11") == of_month(before, "2025-11")
    assert part_files(two_months, "2025-11") == parts_before
    assert {name: after[name] for name in ("files", "outcomes", "quarantine")} == {
        name: before[name] for name in ("files", "outcomes", "quarantine")
    }
    texts = two_months.column("SELECT text FROM articles WHERE published_month = '2025-12' AND headline LIKE 'Winter%'")
    assert len(texts) == 4
    assert all("Landesregierung" in text for text in texts)
    assert two_months.broken() == []


def part_files(mill: Mill, month: str) -> set[str]:
    folder = mill.warehouse / "tables" / "articles" / f"published_month={month}"
    return {file.name for file in folder.iterdir()}


@pytest.mark.usefixtures("later_code")
def test_identities_versions_and_first_sights_are_kept(two_months: Mill) -> None:
    kept = "article_id, version_no, is_current, file_id, position_in_file, first_seen_at, run_id"
    before = two_months.rows(f"SELECT {kept} FROM articles ORDER BY ALL")
    backfill(two_months)
    assert two_months.rows(f"SELECT {kept} FROM articles ORDER BY ALL") == before
    assert set(two_months.column("SELECT pipeline_id FROM articles WHERE published_month = '2025-12'")) == {"later"}


def test_a_corrected_text_stays_current_where_the_rest_of_its_file_came_again(
    mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = block("Vorspann", words(9), day="2025-11-30")
    first = [block(f"Winter {n}", f"Die Regierung. {words(n)}") for n in range(6)]
    for modified, texts in ((1000, first), (2000, [f"{text} Nachtrag." for text in first])):
        os.utime(mill.put("a.txt", "\n".join([again, *texts])), (modified, modified))
        mill.ingest()
    upgrade(monkeypatch)
    assert backfill(mill, (NOVEMBER[0], DECEMBER[1])).changes["content_hash"] == 13
    assert mill.column("SELECT DISTINCT version_no FROM articles WHERE is_current AND headline LIKE 'Winter%'") == [2]
    assert mill.broken() == []


@pytest.mark.usefixtures("later_code")
def test_a_second_backfill_finds_nothing_to_change(two_months: Mill) -> None:
    backfill(two_months)
    before = two_months.tables()
    assert backfill(two_months).changes == {}
    assert two_months.tables() == before


@pytest.mark.usefixtures("later_code")
def test_a_snapshot_from_before_shows_the_old_rows(two_months: Mill) -> None:
    snapshot = commits(two_months)
    backfill(two_months)
    with open_warehouse(two_months.warehouse, str(snapshot)) as connection:
        texts = connection.execute("SELECT text FROM articles").fetchall()
    assert not any("Landesregierung" in text for (text,) in texts)


@pytest.mark.usefixtures("later_code")
def test_both_ends_of_the_range_are_included(two_months: Mill) -> None:
    assert backfill(two_months, (date(2025, 11, 30), date(2025, 12, 1)), dry_run=True).articles_in_range == 6
    assert backfill(two_months, (date(2025, 12, 2), date(2025, 12, 30)), dry_run=True).articles_in_range == 0


def test_a_range_that_ends_before_it_starts_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="before it starts"):
        checked_range(DECEMBER[1], DECEMBER[0])


def test_a_backfill_makes_no_warehouse(mill: Mill) -> None:
    with pytest.raises(WrongUse, match="There is no warehouse"):
        backfill(mill)
    assert not mill.warehouse.exists()


@pytest.mark.usefixtures("later_code")
def test_stale_renews_only_what_an_older_pipeline_derived(two_months: Mill) -> None:
    backfill(two_months, (date(2025, 12, 31), date(2025, 12, 31)))
    summary = backfill(two_months, stale=True)
    assert summary.articles_in_range == 4
    assert backfill(two_months, stale=True).articles_in_range == 0


def test_copies_are_linked_anew_when_their_texts_change(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two texts that share their first half, and whose second halves cleaning makes equal.
    half = words(1, 30)
    mill.put("a.txt", block("Erste", f"{half} {'Regierung geht heute. ' * 30}"))
    mill.put("b.txt", block("Zweite", f"{half} {'Landesregierung geht heute. ' * 30}", day="2025-12-02"))
    mill.ingest()
    upgrade(monkeypatch)
    backfill(mill, (date(2025, 12, 1), date(2025, 12, 1)))
    kinds = "SELECT headline, duplicate_kind FROM articles ORDER BY headline"
    assert mill.rows(kinds) == [("Erste", None), ("Zweite", "exact")]
    assert mill.broken() == []


def test_an_article_that_would_become_another_one_stays_as_it_is(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    mill.put("a.txt", block("Gleich", f"{words(1)} Die Regierung."))
    mill.put("b.txt", block("Gleich", f"{words(1)} Die Landesregierung."))
    mill.ingest()
    endings = "SELECT right(text, 16) FROM articles ORDER BY 1"
    assert mill.column(endings) == [". Die Regierung.", "Landesregierung."]
    upgrade(monkeypatch)
    assert backfill(mill).left_out == 1
    assert mill.column(endings) == [". Die Regierung.", "Landesregierung."]
    assert mill.broken() == []


def to_same(text: str) -> Any:
    """A cleaning that makes the numbers of two headlines equal."""
    return clean_text(text.replace("Eins", "Null").replace("Zwei", "Null"))


def test_of_two_articles_that_become_one_in_a_backfill_one_stays(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    mill.put("a.txt", f"{block('Nummer Eins', words(1))}\n{block('Nummer Zwei', words(1))}")
    mill.ingest()
    monkeypatch.setattr(parsing, "clean_text", to_same)
    assert backfill(mill).articles_in_range == 2
    assert sorted(mill.column("SELECT headline FROM articles")) in (
        ["Nummer Eins", "Nummer Null"],
        ["Nummer Null", "Nummer Zwei"],
    )
    assert mill.broken() == []


def test_an_article_whose_date_is_read_otherwise_moves_to_its_month(mill: Mill) -> None:
    mill.put("a.txt", block("Brücke", words(1), day="03/04/2025"))
    mill.ingest(reading=replace(mill.settings.reading, day_first=True))
    april = (date(2025, 4, 1), date(2025, 4, 30))
    assert backfill(mill, april, day_first=False).changes["published_date"] == 1
    assert mill.rows("SELECT published_date, published_month FROM articles") == [(date(2025, 3, 4), "2025-03")]
    assert not list((mill.warehouse / "tables/articles").glob("published_month=2025-04/*"))
    assert mill.broken() == []


@pytest.mark.usefixtures("later_code")
def test_an_article_without_raw_bytes_keeps_its_rows(two_months: Mill) -> None:
    (file_id,) = two_months.column("SELECT file_id FROM articles WHERE headline = 'Ohne sie'")
    delete_raw(locate(two_months.warehouse), file_id)
    before = two_months.rows("SELECT * FROM articles WHERE headline = 'Ohne sie'")
    backfill(two_months)
    assert two_months.rows("SELECT * FROM articles WHERE headline = 'Ohne sie'") == before


@pytest.mark.usefixtures("later_code")
@pytest.mark.parametrize("gone", ["without.txt", "december.txt"])
def test_a_takedown_meanwhile_is_not_undone(two_months: Mill, gone: str) -> None:
    def forgotten_meanwhile(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        yield from list(prepare_here(plans))
        forget(two_months.warehouse, gone)

    backfill(two_months, prepare=forgotten_meanwhile)
    paths = two_months.column("SELECT DISTINCT f.path FROM articles a JOIN files f USING (file_id)")
    assert gone not in paths
    assert two_months.broken() == []


@pytest.mark.usefixtures("later_code")
def test_a_version_that_arrives_meanwhile_stays_current(two_months: Mill) -> None:
    def corrected_meanwhile(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        yield from list(prepare_here(plans))
        two_months.put("without.txt", block("Ohne sie", "Ganz anders als zuvor. " + words(9), day="2025-12-31"))
        two_months.ingest()

    backfill(two_months, prepare=corrected_meanwhile)
    query = "SELECT version_no, is_current FROM articles WHERE headline = 'Ohne sie' ORDER BY version_no"
    assert two_months.rows(query) == [(1, False), (2, True)]
    assert two_months.broken() == []


def test_progress_counts_up_to_the_number_of_files(two_months: Mill) -> None:
    seen: list[tuple[int, int]] = []
    settings = replace(two_months.settings, batch_files=1)
    wanted = checked_range(date(2025, 1, 1), date(2025, 12, 31))
    run_backfill(settings, wanted, prepare_here, report=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    ("point", "renewed"), [("part_written", False), ("before_commit", False), ("after_commit", True)]
)
def test_killed_in_its_commit_it_has_replaced_all_or_nothing(
    two_months: Mill, project: Path, point: str, renewed: bool
) -> None:
    # The other model reads no German either, but every row gets the new pipeline_id.
    command = [
        sys.executable,
        "-m",
        "flows.cli",
        "backfill",
        "--start",
        "2025-12-01",
        "--end",
        "2025-12-31",
        "--direct",
    ]
    where = ["--warehouse", str(two_months.warehouse), "--model", "en_core_web_md", "--workers", "1"]
    killed = subprocess.run([*command, *where], cwd=project, env=os.environ | {"NEWSMILL_KILL_AT": point}, check=False)
    assert killed.returncode == -signal.SIGKILL
    pipelines = "SELECT count(DISTINCT pipeline_id), count(*) FROM articles WHERE published_month = '2025-12'"
    assert two_months.rows(pipelines) == [(1, 5)]
    before = "SELECT DISTINCT pipeline_id FROM articles WHERE published_month = '2025-11'"
    now = "SELECT DISTINCT pipeline_id FROM articles WHERE published_month = '2025-12'"
    assert (two_months.rows(before) != two_months.rows(now)) == renewed
    assert two_months.broken() == []


@pytest.fixture
def english(mill: Mill) -> Mill:
    """A mill with two English articles and their mentions."""
    mill.put("a.txt", f"{block('Bridge in Leeds closed', FLOOD)}\n{block('Votes in Hull', ELECTION)}")
    mill.ingest()
    return mill


@pytest.mark.model
@pytest.mark.parametrize("stage", ["parse", "enrich"])
def test_mentions_are_found_again_from_either_layer(english: Mill, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfilling, "pipeline_id", lambda _: "later")
    before = english.tables(without={"pipeline_id", "ingested_at"})
    assert len(before["entities"]) > 3
    if stage == "enrich":
        for file_id in english.column("SELECT DISTINCT file_id FROM articles"):
            delete_raw(locate(english.warehouse), file_id)
    assert backfill(english, stage=stage).changes == {"pipeline_id alone": 2}
    assert english.tables(without={"pipeline_id", "ingested_at"}) == before
    assert english.column("SELECT DISTINCT pipeline_id FROM entities") == ["later"]
    assert english.broken() == []


@pytest.mark.model
def test_an_article_that_fails_keeps_its_rows_and_is_reported(english: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfilling, "pipeline_id", lambda _: "later")
    monkeypatch.setattr(faults, "FAIL_ON", "Ada Lovelace")
    with pytest.raises(NewsmillError, match="keep"):
        backfill(english)
    assert english.rows("SELECT headline, pipeline_id = 'later' FROM articles ORDER BY headline") == [
        ("Bridge in Leeds closed", False),
        ("Votes in Hull", True),
    ]
    assert english.broken() == []
