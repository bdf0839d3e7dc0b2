"""Refusals tried again from their kept bytes, through the same code as a first reading."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from schemas.errors import NewsmillError
from schemas.reasons import QuarantineStatus, Reason, RunKind, RunStatus
from schemas.run import Run
from tasks.enrichment.fingerprint import pipeline_id
from tasks.ingestion.isolating import commit_batch
from tasks.ingestion.judging import RunContext
from tasks.ingestion.plans import FailedBatch, Prepare, Refused, ReplayPlan
from tasks.ingestion.quarantine import Selection
from tasks.ingestion.runs import recorded_run
from tasks.ingestion.staging import delete_slice
from tasks.ingestion.standings import Standings
from tasks.settings import Settings
from tasks.storage.commit import transaction
from tasks.storage.ledger import instant
from tasks.storage.opening import writing
from tasks.storage.raw import has_raw

OPEN_REFUSALS = (
    "SELECT q.file_id, q.path, q.position_in_file, q.reason, q.attempts, q.first_seen_us,"
    " coalesce(f.modified_us, q.first_seen_us)"
    " FROM quarantine q LEFT JOIN files f ON f.path = q.path AND f.file_id = q.file_id"
    " WHERE q.status = 'open' ORDER BY q.first_seen_us, q.path, q.position_in_file"
)


def find_refusals(ledger: sqlite3.Connection, selection: Selection) -> list[Refused]:
    """The selected open refusals, oldest first."""
    rows = ledger.execute(OPEN_REFUSALS).fetchall()
    found = [
        Refused(
            file_id=file_id,
            path=path,
            position_in_file=position or None,
            reason=Reason(reason),
            attempts=attempts,
            first_seen_at=instant(first_us),
            modified_at=instant(modified_us),
        )
        for file_id, path, position, reason, attempts, first_us, modified_us in rows
    ]
    return [refused for refused in found if selection.takes(refused)]


def run_replay(settings: Settings, selection: Selection, prepare: Prepare, flow_run_id: str | None = None) -> Run:
    """Read the selected refusals again; what now succeeds is stored and closed, the rest counts one more attempt."""
    with writing(settings.warehouse) as (warehouse, ledger):
        with recorded_run(warehouse, ledger, RunKind.REPLAY, flow_run_id) as run:
            run.pipeline_id = pipeline_id(settings.enrichment)
            context = RunContext(
                run_id=run.run_id, kind=run.kind, pipeline_id=run.pipeline_id, window_days=settings.window_days
            )
            kept = [r for r in find_refusals(ledger, selection) if r.file_id and has_raw(warehouse, r.file_id)]
            for answer in prepare(plan_replays(kept, settings, run.run_id)):
                if isinstance(answer, FailedBatch):
                    raise NewsmillError(f"The replay failed and what is left stays in quarantine: {answer.error}")
                started = time.perf_counter()
                run.counts.update(commit_batch(warehouse, ledger, answer, context))
                for folder in answer.slices:
                    delete_slice(folder)
                run.words += answer.words
                run.reading_seconds += answer.reading_seconds
                run.enriching_seconds += answer.enriching_seconds
                run.storing_seconds += time.perf_counter() - started
        return run.row(RunStatus.DONE, run.finished_at)


def plan_replays(refusals: list[Refused], settings: Settings, run_id: str) -> Iterator[ReplayPlan]:
    """The refusals by file, so many files a batch; always isolated: these have failed before."""
    by_file: dict[tuple[str, str], list[Refused]] = {}
    for refused in refusals:
        by_file.setdefault((refused.file_id, refused.path), []).append(refused)
    files = list(by_file.values())
    for number, first in enumerate(range(0, len(files), settings.batch_files), start=1):
        chosen = tuple(refused for of_file in files[first : first + settings.batch_files] for refused in of_file)
        yield ReplayPlan(run_id=run_id, batch_no=number, files=chosen, settings=settings)


def discard(warehouse_root: Path, selection: Selection) -> int:
    """Close the selected refusals without another try; their bytes stay. Gives how many."""
    with writing(warehouse_root) as (warehouse, ledger):
        with recorded_run(warehouse, ledger, RunKind.REPLAY) as run:
            run.detail = "discard"
            with transaction(warehouse, ledger, run.kind, run.run_id, f"{run.run_id}/discard") as commit:
                chosen = find_refusals(ledger, selection)
                standings = Standings(commit, run.run_id, datetime.now(tz=run.started_at.tzinfo))
                for refused in chosen:
                    file_id = refused.file_id or None
                    standings.close(refused.path, file_id, refused.position_in_file, QuarantineStatus.DISCARDED)
                standings.write()
        return len(chosen)
