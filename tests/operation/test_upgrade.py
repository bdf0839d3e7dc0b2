"""A warehouse as newsmill 0.1 left it, taken from a backup, is read, added to, derived again and kept by this newsmill.

`warehouse-0.1.tar.xz` was written by the code of 0.1 (schema version 1) from five made-up dumps in /srv/dumps, one of
them corrected.
"""

import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benchmarks.tiny import write_tiny_pipeline
from schemas.reasons import Reason
from schemas.tables import SCHEMA_VERSION
from tasks.ingestion.backfilling import Range, run_backfill
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.quarantine import Selection
from tasks.ingestion.replaying import run_replay
from tasks.maintaining import run_upkeep
from tests.ingestion.mill import Mill, block, mill_at, words

HELD = [
    ("Mayor of London opens new bridge", 1, True),
    ("Rathaus bleibt geschlossen", 1, True),
    ("Storm over Wales", 1, True),
    ("Strike at the harbour", 1, False),
    ("Strike at the harbour", 2, True),
]
ARTICLES = "SELECT headline, version_no, is_current FROM articles ORDER BY ALL"
EVER = Range(start=date(2000, 1, 1), end=date(2025, 12, 31), stage="parse")


@pytest.fixture
def old(tmp_path: Path) -> Mill:
    """The warehouse of 0.1, and an input folder with nothing that it knows."""
    mill = mill_at(tmp_path, write_tiny_pipeline(tmp_path / "tiny", ["London", "Wales"]))
    with tarfile.open(Path(__file__).with_name("warehouse-0.1.tar.xz")) as backup:
        backup.extractall(mill.warehouse, filter="data")
    return mill


def version(mill: Mill) -> str:
    """The schema version that the ledger says it has."""
    with closing(sqlite3.connect(mill.warehouse / "ledger.sqlite")) as ledger:
        return str(ledger.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()[0])


def test_it_is_read_as_it_is_with_the_columns_of_today(old: Mill) -> None:
    assert version(old) == "1"
    assert old.rows(ARTICLES) == HELD
    assert old.column("SELECT DISTINCT noise IS NULL AND removed_lines IS NULL FROM articles") == [True]
    assert old.broken() == []


def test_it_takes_new_articles_and_corrections_of_old_ones(old: Mill) -> None:
    old.put("new.txt", block("Neu", words(1)))
    old.put("bote/rathaus.txt", block("Rathaus bleibt geschlossen", f"{words(2)} Nachtrag."))
    old.ingest()
    assert old.rows(ARTICLES) == [
        ("Mayor of London opens new bridge", 1, True),
        ("Neu", 1, True),
        ("Rathaus bleibt geschlossen", 1, False),
        ("Rathaus bleibt geschlossen", 2, True),
        *HELD[2:],
    ]
    assert version(old) == str(SCHEMA_VERSION)
    upkeep = run_upkeep(old.warehouse)
    assert (upkeep.damage, upkeep.broken) == ([], [])


def test_a_backfill_fills_what_0_1_did_not_know(old: Mill) -> None:
    run_backfill(old.settings, EVER, prepare_here)
    assert old.rows(ARTICLES) == HELD
    assert old.column("SELECT DISTINCT noise IS NULL OR removed_lines IS NULL FROM articles") == [False]
    assert old.column("SELECT noise[1].kind FROM articles WHERE headline LIKE 'Rathaus%'") == ["credit"]
    assert {"London", "Wales"} <= set(old.column("SELECT surface FROM entities WHERE canonical_score IS NOT NULL"))
    assert old.broken() == []


def test_its_quarantine_can_be_replayed(old: Mill) -> None:
    settings = replace(old.settings, reading=replace(old.settings.reading, day_first=True))
    run_replay(settings, Selection(reason=Reason.AMBIGUOUS_DATE), prepare_here)
    assert old.rows("SELECT path, status FROM quarantine ORDER BY 1") == [
        ("none.txt", "open"),
        ("refused.txt", "replayed"),
    ]
    assert old.column("SELECT published_date FROM articles WHERE headline = 'Ambiguous'") == [date(2025, 4, 3)]
