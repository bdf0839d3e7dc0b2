"""What the names of runs say."""

from collections import Counter
from datetime import date

import pytest

from flows.diary import backfill_words, ingest_words, outcome_rows, range_words, upkeep_words
from flows.runs import run_counts
from tasks.ingestion.backfilling import BackfillSummary
from tasks.maintaining import Upkeep
from tests.examples import run


def counts(**changed: int) -> dict[str, int]:
    """The counts of a run in which nothing else happened."""
    return dict.fromkeys(run_counts(run()), 0) | changed


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        pytest.param(counts(), "nothing new", id="nothing"),
        pytest.param(counts(files_read=1, articles_new=1), "1 file, 1 new article", id="one"),
        pytest.param(
            counts(files_read=3_110, files_duplicate=2, articles_new=41_200, articles_near_duplicate=12),
            "3,112 files, 41,200 new articles, 12 duplicates",
            id="many",
        ),
        pytest.param(
            counts(files_read=2, files_refused=1, files_deferred=1, articles_unchanged=4, articles_refused=3),
            "4 files, 4 unchanged, 4 refused, 1 deferred",
            id="nothing good",
        ),
        pytest.param(counts(files_read=1, articles_new_version=1), "1 file, 1 new version", id="a correction"),
    ],
)
def test_an_ingest_is_named_by_what_came_in(counted: dict[str, int], words: str) -> None:
    assert ingest_words(counted) == words


def test_outcomes_that_did_not_occur_are_left_out() -> None:
    assert outcome_rows(counts(files_read=2, articles_refused=1)) == [
        {"outcome": "read", "count": 2, "meaning": "files read"},
        {"outcome": "refused", "count": 1, "meaning": "article refused, kept in quarantine"},
    ]
    assert outcome_rows(counts()) == []


def test_a_backfill_is_named_by_its_days_and_by_what_changed() -> None:
    first, last = date(2025, 12, 1), date(2025, 12, 31)
    assert range_words(first, last, "parse", dry_run=False) == "2025-12-01 to 2025-12-31"
    assert range_words(first, first, "enrich", dry_run=True) == "2025-12-01, mentions only, dry run"
    summary = BackfillSummary(articles_in_range=512, changes=Counter(text=14, entities=3))
    assert backfill_words(summary, dry_run=False) == "512 articles, 14 changed in text, 3 changed in entities"
    assert backfill_words(summary, dry_run=True).endswith("3 would change in entities")
    assert backfill_words(BackfillSummary(articles_in_range=1), dry_run=False) == "1 article, nothing differs"


def test_upkeep_is_named_by_what_it_found() -> None:
    assert upkeep_words(Upkeep()) == "all sound"
    assert upkeep_words(Upkeep(files_joined=14, files_deleted=9)) == "14 files joined, 9 deleted, all sound"
    assert upkeep_words(Upkeep(damage=["one"])) == "1 damaged file"
