"""Deriving a range of publication dates again: planned from the ledger, prepared in batches, replaced in one commit."""

import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated

from schemas.errors import NewsmillError, WrongUse
from schemas.reasons import RunKind, RunStatus
from schemas.run import Run
from schemas.tables import ARTICLES
from tasks.enrichment.fingerprint import pipeline_id
from tasks.identity.index import Index, StoredVersion
from tasks.identity.versions import published_day
from tasks.ingestion.article_rows import month_of_day
from tasks.ingestion.judging import RunContext
from tasks.ingestion.plans import FailedBatch, Prepare, PreparedBatch, Renewal, RenewalPlan
from tasks.ingestion.renewal import Change, commit_renewals, compare_slice
from tasks.ingestion.runs import RunRecord, recorded_run, unrecorded_run
from tasks.ingestion.staging import delete_slice
from tasks.settings import Settings
from tasks.storage.compaction import compact
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import instant, live_parts
from tasks.storage.opening import reading, writing
from tasks.storage.parts import read_part

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Which stored versions to renew: days of publication, both included; `stale`: of an old pipeline."""

    start: date
    end: date
    stage: str = "parse"
    stale: bool = False


@dataclass(slots=True, kw_only=True)
class BackfillSummary:
    """What a backfill changed, or would change."""

    articles_in_range: int = 0
    left_out: Annotated[int, "Versions that nothing derives again today: they stay as they are."] = 0
    changes: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    run: Run | None = None


def checked_range(start: date, end: date, stage: str = "parse", stale: bool = False) -> Range:
    """The range, or WrongUse when it ends before it starts."""
    if end < start:
        raise WrongUse(f"The range ends on {end}, before it starts on {start}.")
    return Range(start=start, end=end, stage=stage, stale=stale)


def run_backfill(
    settings: Settings,
    wanted: Range,
    prepare: Prepare,
    *,
    dry_run: bool = False,
    report: Report | None = None,
    flow_run_id: str | None = None,
) -> BackfillSummary:
    """Renew the articles of a range; readers see all of the old or all of the new. A dry run changes nothing."""
    with reading(settings.warehouse):
        pass  # raises WrongUse when there is no warehouse: a backfill makes none
    with writing(settings.warehouse) as (warehouse, ledger):
        if dry_run:
            with unrecorded_run(warehouse) as run_id:
                return renew(warehouse, ledger, settings, wanted, prepare, report=report, run_id=run_id, run=None)
        with recorded_run(warehouse, ledger, RunKind.BACKFILL, flow_run_id) as run:
            run.detail = f"{wanted.start} to {wanted.end}, {wanted.stage}"
            summary = renew(warehouse, ledger, settings, wanted, prepare, report=report, run_id=run.run_id, run=run)
        summary.run = run.row(RunStatus.DONE, run.finished_at)
        return summary


def renew(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    settings: Settings,
    wanted: Range,
    prepare: Prepare,
    *,
    report: Report | None,
    run_id: str,
    run: RunRecord | None,
) -> BackfillSummary:
    """Prepare every batch of the range, note what differs, and with a run commit it."""
    pipeline = pipeline_id(settings.enrichment)
    versions = versions_in(warehouse, ledger, wanted, pipeline)
    summary = BackfillSummary(articles_in_range=len(versions), left_out=len(versions))
    context = RunContext(run_id=run_id, kind=RunKind.BACKFILL, pipeline_id=pipeline, window_days=settings.window_days)
    plans = list(plan_renewals(versions, settings, run_id, reparse=wanted.stage == "parse"))
    changed: list[Change] = []
    slices: list[Path] = []
    done = 0
    for answer in prepared(plans, prepare):
        if isinstance(answer, FailedBatch):
            summary.failures.append(answer.error)
            continue
        slices += answer.slices
        for folder in answer.slices:
            comparison = compare_slice(warehouse, ledger, folder, context)
            changed += comparison.changes
            summary.failures += comparison.failures
            summary.left_out -= len(comparison.derived)
        count_work(run, answer)
        done += answer.files
        if report:
            report(done, sum(len(plan.files) for plan in plans))
    summarise(summary, changed)
    started = time.perf_counter()
    if run and changed:
        run.counts["articles_renewed"] = commit_renewals(warehouse, ledger, changed, context)
        compact(warehouse, ledger, run_id, publishes=False)
    if run:
        run.pipeline_id = pipeline
        run.storing_seconds += time.perf_counter() - started
    for folder in slices:
        delete_slice(folder)
    if summary.failures:
        raise NewsmillError(f"What failed keeps its old rows, {len(summary.failures)} in all: {summary.failures[0]}")
    return summary


def count_work(run: RunRecord | None, batch: PreparedBatch) -> None:
    """Add what a batch cost to its run."""
    if run:
        run.words += batch.words
        run.reading_seconds += batch.reading_seconds
        run.enriching_seconds += batch.enriching_seconds


def versions_in(warehouse: Warehouse, ledger: sqlite3.Connection, wanted: Range, pipeline: str) -> list[StoredVersion]:
    """The stored versions of the range, of an old pipeline only when that is asked."""
    days = (published_day(wanted.start), published_day(wanted.end))
    versions = Index(ledger).outlines("published_day BETWEEN ? AND ?", *days)
    if not wanted.stale:
        return versions
    fresh = fresh_keys(warehouse, ledger, {month_of_day(v.published_day) for v in versions}, pipeline)
    return [version for version in versions if (version.article_id, version.version_no) not in fresh]


def fresh_keys(
    warehouse: Warehouse, ledger: sqlite3.Connection, months: set[str], pipeline: str
) -> set[tuple[str, int]]:
    """Keys of the articles rows that today's pipeline derived."""
    fresh: set[tuple[str, int]] = set()
    for part in live_parts(ledger, ARTICLES.name):
        if part.month in months:
            rows = read_part(
                warehouse, part, ["article_id", "version_no", "pipeline_id", "enrichment_status"]
            ).to_pylist()
            fresh |= {
                (row["article_id"], row["version_no"])
                for row in rows
                if row["pipeline_id"] == pipeline and row["enrichment_status"] in ("done", "no_model")
            }
    return fresh


def plan_renewals(
    versions: Iterable[StoredVersion], settings: Settings, run_id: str, *, reparse: bool
) -> Iterator[RenewalPlan]:
    """The versions by file, the files in batches, in order of their days: a batch then asks for few row groups."""
    by_file: dict[str, list[StoredVersion]] = defaultdict(list)
    for version in sorted(versions, key=lambda version: version.published_day):
        by_file[version.file_id].append(version)
    files = [(renewal(of_file), {month_of_day(v.published_day) for v in of_file}) for of_file in by_file.values()]
    for number, first in enumerate(range(0, len(files), settings.batch_files), start=1):
        batch = files[first : first + settings.batch_files]
        yield RenewalPlan(
            run_id=run_id,
            batch_no=number,
            files=tuple(file for file, _ in batch),
            settings=settings,
            months=frozenset().union(*(months for _, months in batch)),
            reparse=reparse,
        )


def renewal(versions: list[StoredVersion]) -> Renewal:
    """What to derive again of one file."""
    first = versions[0]
    return Renewal(
        file_id=first.file_id,
        path=first.path,
        positions=tuple(version.position_in_file for version in versions),
        seen_on=instant(min(version.first_seen_us for version in versions)).date(),
        modified_at=instant(first.modified_us),
    )


def prepared(plans: Iterable[RenewalPlan], prepare: Prepare) -> Iterator[PreparedBatch | FailedBatch]:
    """Every batch; one that fails is tried once more article by article."""
    for answer in prepare(plans):
        plan = answer.plan
        if isinstance(answer, FailedBatch) and isinstance(plan, RenewalPlan) and not plan.isolate:
            yield from prepare([replace(plan, isolate=True)])
        else:
            yield answer


def summarise(summary: BackfillSummary, changed: list[Change]) -> None:
    """Count what differs by kind, with a few examples."""
    for change in changed:
        summary.changes.update(change.kinds)
    summary.examples = [f"{change.headline[:70]}: {', '.join(change.kinds)}" for change in changed[:5]]
