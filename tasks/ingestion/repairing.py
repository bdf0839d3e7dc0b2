"""Rows whose Parquet file was damaged or lost, made again: articles from raw bytes, bookkeeping from the ledger.

What the ledger does not know of bookkeeping rows (details, counts of runs) is gone with the file and stays empty.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from schemas.errors import NewsmillError
from schemas.reasons import RunKind
from schemas.tables import ARTICLES, ENTITIES, LOCATIONS
from tasks.enrichment.fingerprint import pipeline_id
from tasks.identity.index import Index, Key, StoredVersion
from tasks.ingestion.article_rows import month_of_day
from tasks.ingestion.backfilling import plan_renewals, prepared
from tasks.ingestion.bookkeeping import rebuild_rows, run_at
from tasks.ingestion.judging import RunContext
from tasks.ingestion.plans import FailedBatch, Prepare, RenewalPlan
from tasks.ingestion.renewal import Change, commit_renewals, owned_blocks
from tasks.ingestion.runs import RunRecord, recorded_run
from tasks.ingestion.staging import read_slice
from tasks.settings import Settings
from tasks.storage.commit import transaction
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, in_one_step, live_parts, set_oldest_snapshot
from tasks.storage.locks import locked
from tasks.storage.opening import writing
from tasks.storage.parts import delete_part, read_part
from tasks.storage.publish import stand_in
from tasks.storage.verifying import find_damaged_parts

MENTIONS = {ENTITIES.name: "entity_count", LOCATIONS.name: "location_count"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What a repair put in the place of damaged files."""

    files: int = 0
    articles: int = 0
    bookkeeping_rows: int = 0


def repair(settings: Settings, prepare: Prepare) -> Repaired:
    """Replace every damaged or missing live part by rows made again; readers see the old or the new.

    Raises NewsmillError, and changes no article, when one of the lost articles cannot be derived again.
    """
    with writing(settings.warehouse) as (warehouse, ledger), locked(warehouse.tmp / "repair.lock"):
        with locked(warehouse.tmp / "writer.lock"):
            stand_in(warehouse, live_parts(ledger))
        damaged = find_damaged_parts(warehouse, ledger)
        if not damaged:
            return Repaired()
        with recorded_run(warehouse, ledger, RunKind.MAINTAIN) as run:
            run.detail = f"repair of {len(damaged)} files"
            run.pipeline_id = pipeline_id(settings.enrichment)
            of_articles = [part for part in damaged if part.table_name in {ARTICLES.name, *MENTIONS}]
            others = [part for part in damaged if part not in of_articles]
            rows = 0
            if others:
                with transaction(warehouse, ledger, run.kind, run.run_id, f"{run.run_id}/bookkeeping") as commit:
                    rows = rebuild_rows(commit, others)
            if of_articles:
                run.counts["articles_renewed"] = derive(warehouse, ledger, settings, prepare, (run, of_articles))
            end_snapshots(warehouse, ledger, damaged)
            return Repaired(files=len(damaged), articles=run.counts["articles_renewed"], bookkeeping_rows=rows)


def end_snapshots(warehouse: Warehouse, ledger: sqlite3.Connection, replaced: Sequence[Part]) -> None:
    """Let go of damaged parts that were replaced: the snapshots that showed them cannot be read any more."""
    with locked(warehouse.tmp / "writer.lock"):
        with in_one_step(ledger):
            for part in replaced:
                row = ledger.execute("DELETE FROM parts WHERE path = ? RETURNING removed_by", (part.path,)).fetchone()
                if row and row[0] is not None:
                    set_oldest_snapshot(ledger, row[0])
        for part in replaced:
            delete_part(warehouse, part.path)


def derive(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    settings: Settings,
    prepare: Prepare,
    lost: tuple[RunRecord, Sequence[Part]],
) -> int:
    """Derive again every version that lost rows with some parts, in one commit of a run; gives how many."""
    run, damaged = lost
    sound = SoundRows.read(warehouse, ledger, damaged)
    torn = [version for version in sound.versions if not sound.is_whole(version)]
    changes: list[Change] = []
    for answer in prepared(plan_repairs(torn, sound, settings, run.run_id, damaged), prepare):
        if isinstance(answer, FailedBatch):
            raise NewsmillError(f"The lost articles could not be derived again: {answer.error}")
        for folder in answer.slices:
            changes += derived_again(ledger, folder)
    left = {version.key for version in torn} - {change.key for change in changes}
    if left:
        ids = sorted({article_id for article_id, _ in left})
        raise NewsmillError(
            f"{len(left)} of {len(torn)} lost articles cannot be derived again from what is kept, so no article was"
            f" changed: {', '.join(ids[:5])}{' …' if len(ids) > 5 else ''}. Touch their files in the input folder and"
            f" ingest, which keeps their bytes again; put store/{damaged[0].path} back from a backup; or let them go"
            " with `newsmill forget ID`. Then repair again."
        )
    context = RunContext(
        run_id=run.run_id, kind=run.kind, pipeline_id=run.pipeline_id or "", window_days=settings.window_days
    )
    return commit_renewals(warehouse, ledger, changes, context, damaged=damaged)


def plan_repairs(
    torn: list[StoredVersion], sound: "SoundRows", settings: Settings, run_id: str, damaged: Sequence[Part]
) -> Iterator[RenewalPlan]:
    """Plans for what lost its article, from raw bytes, and for what lost mentions alone, from the stored text."""
    unreadable = frozenset(part.path for part in damaged)
    for reparse in (True, False):
        versions = [version for version in torn if (version.key not in sound.articles) == reparse]
        for plan in plan_renewals(versions, settings, run_id, reparse=reparse):
            yield replace(plan, without=unreadable)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRows:
    """What the sound parts of some months still hold of the versions that the ledger knows there."""

    versions: list[StoredVersion]
    articles: dict[Key, tuple[int, int]]
    mentions: dict[str, Counter[Key]]

    @staticmethod
    def read(warehouse: Warehouse, ledger: sqlite3.Connection, damaged: Collection[Part]) -> "SoundRows":
        """The keys in the sound parts of every month that has a damaged one."""
        months = {part.month for part in damaged}
        lost = {part.path for part in damaged}
        sound = [part for part in live_parts(ledger) if part.month in months and part.path not in lost]
        counts = ["entity_count", "location_count"]
        articles = {
            (row["article_id"], row["version_no"]): (row["entity_count"], row["location_count"])
            for part in sound
            if part.table_name == ARTICLES.name
            for row in read_part(warehouse, part, ["article_id", "version_no", *counts]).to_pylist()
        }
        mentions = {name: Counter(mentioned(warehouse, sound, name)) for name in MENTIONS}
        versions = [v for v in Index(ledger).outlines("1 = 1") if month_of_day(v.published_day) in months]
        return SoundRows(versions=versions, articles=articles, mentions=mentions)

    def is_whole(self, version: StoredVersion) -> bool:
        """Whether all rows of a version are there."""
        found = tuple(self.mentions[name][version.key] for name in MENTIONS)
        return self.articles.get(version.key) == found


def mentioned(warehouse: Warehouse, sound: Collection[Part], table_name: str) -> Iterator[Key]:
    """The version of every mention in some parts."""
    for part in sound:
        if part.table_name == table_name:
            rows = read_part(warehouse, part, ["article_id", "version_no"])
            yield from zip(rows["article_id"].to_pylist(), rows["version_no"].to_pylist(), strict=True)


def derived_again(ledger: sqlite3.Connection, folder: Path) -> Iterator[Change]:
    """The versions that a slice derives, each as a change that is to be committed whatever it holds."""
    staged = read_slice(folder)
    for number, version in owned_blocks(staged, Index(ledger)).items():
        (ingested_us,) = ledger.execute(
            "SELECT ingested_us FROM outcomes WHERE file_id = ? AND position_in_file = ?",
            (version.file_id, version.position_in_file),
        ).fetchone()
        yield Change(
            key=version.key,
            folder=folder,
            block=number,
            old_month=month_of_day(version.published_day),
            headline=staged.blocks[number].headline or "",
            run_id=run_at(ledger, ingested_us),
            kinds=("lost",),
        )
