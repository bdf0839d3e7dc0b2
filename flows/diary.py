"""What a run did, in a few words: what Prefect's pages show as its name and in its table of outcomes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.outcomes import OUTCOME_SENTENCES, in_singular
from tasks.ingestion.backfilling import BackfillSummary
from tasks.maintaining import Upkeep
from tasks.reporting.counts import count_of

NOTHING_NEW = "nothing new"


def ingest_words(counts: Mapping[str, int]) -> str:
    """What came in, from the counts of the runs table: `41 files, 38 new articles, 2 duplicates, 1 refused`."""
    parts = [
        count_of(sum(count for name, count in counts.items() if name.startswith("files_")), "file"),
        count_of(counts["articles_new"], "new article"),
        count_of(counts["articles_new_version"], "new version"),
        count_of(counts["articles_exact_duplicate"] + counts["articles_near_duplicate"], "duplicate"),
        f"{counts['articles_unchanged']:,} unchanged",
        f"{counts['files_refused'] + counts['articles_refused']:,} refused",
        f"{counts['files_deferred']:,} deferred",
    ]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or NOTHING_NEW


def outcome_rows(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The outcomes that occurred, how often, and what they mean."""
    return [
        {
            "outcome": name.partition("_")[2].replace("_", " "),
            "count": counts[name],
            "meaning": in_singular(sentence) if counts[name] == 1 else sentence,
        }
        for name, sentence in OUTCOME_SENTENCES.items()
        if counts.get(name)
    ]


def range_words(start: date, end: date, stage: str, *, dry_run: bool) -> str:
    """What a backfill is about: `2025-12-01 to 2025-12-31, mentions only, dry run`."""
    days = f"{start} to {end}" if end > start else f"{start}"
    return days + ", mentions only" * (stage == "enrich") + ", dry run" * dry_run


def backfill_words(summary: BackfillSummary, *, dry_run: bool) -> str:
    """What a backfill came to: `512 articles, 14 changed in text, 3 in mentions`."""
    verb = "would change" if dry_run else "changed"
    changes = [f"{count:,} {verb} in {kind.replace('_', ' ')}" for kind, count in summary.changes.items() if count]
    return ", ".join([count_of(summary.articles_in_range, "article"), *(changes or ["nothing differs"])])


def change_rows(summary: BackfillSummary) -> list[dict[str, Any]]:
    """What differed from what was stored, and in how many versions."""
    return [{"differs": kind.replace("_", " "), "articles": count} for kind, count in summary.changes.items()]


def upkeep_words(upkeep: Upkeep) -> str:
    """What upkeep did and found: `14 files joined, 9 deleted, all sound`."""
    parts = [f"{count_of(upkeep.files_joined, 'file')} joined", f"{upkeep.files_deleted:,} deleted"]
    found = [count_of(len(upkeep.damage), "damaged file"), count_of(len(upkeep.broken), "broken promise")]
    wrong = [words for words in found if not words.startswith("0 ")]
    return ", ".join([*(part for part in parts if not part.startswith("0 ")), *(wrong or ["all sound"])])
