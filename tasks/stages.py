"""Prefect's policy on one page: how a batch becomes a task run, what is retried, named, limited and reported."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor
from functools import partial
from typing import Any, cast
from uuid import UUID

from prefect import get_client, get_run_logger, runtime, task
from prefect.artifacts import (
    create_link_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.events import emit_event
from prefect.tasks import Task, exponential_backoff

from tasks.ingestion.elsewhere import UnfitWorker, WorkerGone
from tasks.ingestion.plans import BatchPlan, Plan, PreparedBatch
from tasks.settings import BATCH_BYTES

PrepareOne = Callable[[Plan], PreparedBatch]

# A full disk or a busy ledger passes in seconds; what fails three times is the batch's own fault.
RETRIES = 2
RETRY_SECONDS = 1.0
RETRY_JITTER = 0.5

# A batch of 16 MiB is about half a minute of work; one that takes an hour hangs. A single archive is one batch,
# whatever its size, and has an hour more for each 16 MiB. Only a process can be stopped in the middle.
BATCH_LIMIT_SECONDS = 3600.0


def limit_seconds(plan: Plan) -> float:
    """The longest that a batch may take."""
    packed_bytes = sum(found.size_bytes for found in plan.files) if isinstance(plan, BatchPlan) else 0
    return BATCH_LIMIT_SECONDS * (1 + packed_bytes / BATCH_BYTES)


# Each update of the progress artifact is a call to the server, a quarter of what a batch costs it.
PROGRESS_EVERY_SECONDS = 10.0


def is_worth_a_retry(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether the batch itself failed: one whose worker died is looked at alone, and a wrong worker stays wrong."""
    return not isinstance(state.data, (BrokenExecutor, WorkerGone, UnfitWorker))


@task(
    name="enrich batch",
    task_run_name="enrich batch {batch_no}",
    tags=["newsmill"],
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(RETRY_SECONDS),
    retry_jitter_factor=RETRY_JITTER,
    retry_condition_fn=is_worth_a_retry,
    # What a batch leaves is on disk; its answer is a reference, worth nothing to a later run.
    persist_result=False,
    cache_policy=NO_CACHE,
)
def enrich_batch(prepare: Callable[[], PreparedBatch], batch_no: int) -> PreparedBatch:
    """One batch: read, parsed, enriched and left on disk."""
    del batch_no  # its name says it
    return prepare()


def batch_parameters(prepare: PrepareOne, plan: Plan) -> dict[str, Any]:
    """What `enrich_batch` is called with; Prefect and Dask look through every field of a plan that they can see."""
    return {"prepare": partial(prepare, plan), "batch_no": plan.batch_no}


def flow_run_id() -> str | None:
    """Prefect's id of the flow run this is called in."""
    return runtime.flow_run.get_id()


def scheduled_name(kind: str) -> str:
    """The name of a run before its input is known: `ingest 2025-12-01T10:15`, UTC."""
    return f"{kind} {runtime.flow_run.get_scheduled_start_time():%Y-%m-%dT%H:%M}"


def name_run(addition: str) -> None:
    """Add what is now known to the flow run's name, as `ingest 2025-12-01T10:15 · 312 files`."""
    name, run_id = runtime.flow_run.get_name(), runtime.flow_run.get_id()
    if name and run_id:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(run_id), name=f"{name} · {addition}")


def record_outcomes(counts: Mapping[str, int], *, key: str, description: str) -> None:
    """Leave a table artifact of outcomes and their counts; `key` is lowercase with dashes."""
    create_table_artifact(
        [{"outcome": outcome, "count": count} for outcome, count in counts.items()], key=key, description=description
    )


def record_commit(warehouse_name: str, counts: Mapping[str, int | float]) -> None:
    """Log a committed batch and emit the event `newsmill.batch.committed` with its counts."""
    get_run_logger().info("Committed %s", ", ".join(f"{count:,} {name}" for name, count in counts.items() if count))
    emit_event(
        "newsmill.batch.committed",
        resource={"prefect.resource.id": f"newsmill.warehouse.{warehouse_name}"},
        payload=dict(counts),
    )


def record_report(address: str) -> None:
    """Leave a link artifact to a written report; `address` is a URL."""
    create_link_artifact(address, key="report", link_text="Report")


def progress_recorder() -> Callable[[float, str], None]:
    """A function of (share done, description) that keeps a progress artifact up to date, at most every ten seconds."""
    artifact = cast("UUID", create_progress_artifact(0.0, key="progress"))
    next_at = 0.0

    def record(share: float, description: str) -> None:
        nonlocal next_at
        if share >= 1.0 or time.monotonic() >= next_at:
            update_progress_artifact(artifact, 100.0 * share, description=description)
            next_at = time.monotonic() + PROGRESS_EVERY_SECONDS

    return record
