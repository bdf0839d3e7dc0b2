"""The life of a run: begun in the ledger, alive while its lock is held, ended by its row in the runs table."""

import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from schemas.arrow import arrow_table
from schemas.errors import is_interrupted_call
from schemas.reasons import RunKind, RunStatus
from schemas.run import Run
from schemas.tables import RUNS
from tasks.ingestion.events import current_run, tell, tell_ended
from tasks.ingestion.staging import delete_slice
from tasks.storage.commit import transaction
from tasks.storage.heap import share_one_heap
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import instant, microseconds
from tasks.storage.locks import is_locked, locked, locked_if_free

COUNTS = tuple(f.name for f in fields(Run) if f.name.startswith(("files_", "articles_")))


@dataclass(slots=True, kw_only=True)
class RunRecord:
    """A run while it goes on; what is counted here becomes its row."""

    run_id: str
    kind: RunKind
    started_at: datetime
    flow_run_id: str | None = None
    detail: str | None = None
    pipeline_id: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    words: int = 0
    reading_seconds: float = 0.0
    enriching_seconds: float = 0.0
    storing_seconds: float = 0.0
    finished_at: datetime | None = None

    def row(self, status: RunStatus, finished_at: datetime | None) -> Run:
        """The run's row, as it ended."""
        counted: dict[str, Any] = {name: self.counts[name] for name in COUNTS}
        return Run(
            run_id=self.run_id,
            kind=self.kind,
            status=status,
            started_at=self.started_at,
            finished_at=finished_at,
            flow_run_id=self.flow_run_id,
            detail=self.detail,
            words=self.words,
            reading_seconds=self.reading_seconds,
            enriching_seconds=self.enriching_seconds,
            storing_seconds=self.storing_seconds,
            pipeline_id=self.pipeline_id,
            **counted,
        )


@contextmanager
def unrecorded_run(warehouse: Warehouse) -> Iterator[str]:
    """The id of a run that changes nothing and is in no table; its workers see it alive, and nothing of it stays."""
    run_id = f"dry-run-{uuid.uuid4().hex[:8]}"
    lock = warehouse.tmp / f"run-{run_id}.lock"
    try:
        with locked(lock):
            yield run_id
    finally:
        delete_slice(warehouse.tmp / "runs" / run_id)
        lock.unlink(missing_ok=True)


@contextmanager
def recorded_run(
    warehouse: Warehouse, ledger: sqlite3.Connection, kind: RunKind, flow_run_id: str | None = None
) -> Iterator[RunRecord]:
    """A run from beginning to end; its row says how it ended, also when the block raises."""
    share_one_heap()
    started_at = datetime.now(UTC)
    run = RunRecord(
        run_id=f"{started_at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}",
        kind=kind,
        started_at=started_at,
        flow_run_id=flow_run_id,
    )
    record_interrupted(warehouse, ledger)
    with locked(warehouse.tmp / f"run-{run.run_id}.lock"):
        start = (run.run_id, kind, microseconds(started_at))
        ledger.execute("INSERT INTO runs (run_id, kind, started_us) VALUES (?, ?, ?)", start)
        named = current_run.set(run.run_id)
        tell("run.started", f"Run {run.run_id} ({kind}) started.", kind=kind, warehouse=str(warehouse.root))
        try:
            yield run
        except BaseException as error:
            is_fault = isinstance(error, Exception) and not is_interrupted_call(error)
            sentence = f"{type(error).__name__}: {error}".splitlines()[0][:500] if is_fault else "stopped"
            run.detail = f"{run.detail}; {sentence}" if run.detail else sentence
            status = RunStatus.FAILED if is_fault else RunStatus.INTERRUPTED
            end_run(warehouse, ledger, run.row(status, datetime.now(UTC)))
            raise
        finally:
            delete_slice(warehouse.tmp / "runs" / run.run_id)
            current_run.reset(named)
        run.finished_at = datetime.now(UTC)
        end_run(warehouse, ledger, run.row(RunStatus.DONE, run.finished_at))
    (warehouse.tmp / f"run-{run.run_id}.lock").unlink(missing_ok=True)


def end_run(warehouse: Warehouse, ledger: sqlite3.Connection, run: Run) -> None:
    """Write the run's row and close it in the ledger, in one commit."""
    with transaction(warehouse, ledger, run.kind, run.run_id, f"{run.run_id}/end") as commit:
        commit.append(RUNS.name, arrow_table(RUNS.row, [run]))
        finished_us = microseconds(run.finished_at or datetime.now(UTC))
        ledger.execute("UPDATE runs SET finished_us = ? WHERE run_id = ?", (finished_us, run.run_id))
    tell_ended(run, {name: getattr(run, name) for name in COUNTS})


def record_interrupted(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Give runs that died without a word their row; their commits stand, the rest is read again."""
    open_runs = ledger.execute("SELECT run_id, kind, started_us FROM runs WHERE finished_us IS NULL").fetchall()
    for run_id, kind, started_us in open_runs:
        lock = warehouse.tmp / f"run-{run_id}.lock"
        with locked_if_free(lock) as held:
            still_open = ledger.execute("SELECT finished_us FROM runs WHERE run_id = ?", (run_id,)).fetchone() == (
                None,
            )
            if held and still_open:
                dead = RunRecord(run_id=run_id, kind=RunKind(kind), started_at=instant(started_us))
                end_run(warehouse, ledger, dead.row(RunStatus.INTERRUPTED, None))
                delete_slice(warehouse.tmp / "runs" / run_id)
        if held:
            lock.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """A run without an end: under way, or dead and not yet noted as interrupted."""

    run_id: str
    kind: RunKind
    started_at: datetime
    is_alive: bool


def find_open_runs(warehouse: Warehouse, ledger: sqlite3.Connection) -> list[OpenRun]:
    """The runs that have no end yet, oldest first; changes nothing."""
    rows = ledger.execute("SELECT run_id, kind, started_us FROM runs WHERE finished_us IS NULL ORDER BY started_us")
    return [
        OpenRun(
            run_id=run_id,
            kind=RunKind(kind),
            started_at=instant(started_us),
            is_alive=is_locked(warehouse.tmp / f"run-{run_id}.lock"),
        )
        for run_id, kind, started_us in rows.fetchall()
    ]
