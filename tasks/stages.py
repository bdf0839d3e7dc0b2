"""Prefect's policy on one page: how a batch becomes a task run, what is retried, named, limited and reported."""

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from functools import partial, wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any, ParamSpec, cast
from uuid import UUID

import httpx
from prefect import get_client, get_run_logger, runtime, task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.events import emit_event
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.tasks import Task, exponential_backoff

from tasks.ingestion.elsewhere import UnfitWorker, WorkerGone
from tasks.ingestion.plans import BatchPlan, Plan, PreparedBatch
from tasks.reporting.counts import count_of
from tasks.settings import BATCH_BYTES

PrepareOne = Callable[[Plan], PreparedBatch]
Arguments = ParamSpec("Arguments")

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


# Each update of the progress artifact is a call to the server, a quarter of what a batch costs it; waiting for a server
# that does not answer takes no more than a tenth of a run.
PROGRESS_EVERY_SECONDS = 10.0
PROGRESS_PAUSE = 9.0

# Of Prefect's client; its own five make a minute of each call.
SHOWING_RETRIES = 1


def if_it_can(show: Callable[Arguments, object]) -> Callable[Arguments, None]:
    """What shows something on Prefect's pages, which is given up with a warning when its server is away or refuses.

    What the run has taken in is committed by then, and the server may be back when the next batch asks it for a place.
    """

    @wraps(show)
    def shown(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: SHOWING_RETRIES}):
                show(*args, **kwargs)
        except (httpx.HTTPError, PrefectException) as error:
            get_run_logger().warning("Prefect's server could not be told what the run did: %s", error)

    return shown


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
def enrich_batch(prepare: Callable[[], PreparedBatch], batch_no: int, files: int) -> PreparedBatch:
    """One batch: read, parsed, enriched and left on disk."""
    batch = prepare()
    name_task_run(batch_name(batch_no, files, batch.blocks))
    return batch


def batch_parameters(prepare: PrepareOne, plan: Plan) -> dict[str, Any]:
    """What `enrich_batch` is called with; Prefect and Dask look through every field of a plan that they can see."""
    return {"prepare": partial(prepare, plan), "batch_no": plan.batch_no, "files": len(plan.files)}


def batch_name(batch_no: int, files: int, articles: int) -> str:
    """A batch and what it held: `enrich batch 3: 400 files, 512 articles`."""
    return f"enrich batch {batch_no}: {count_of(files, 'file')}, {count_of(articles, 'article')}"


def name_task_run(name: str) -> None:
    """Name the task run that this is called in.

    The server takes the name with the next state of the run, so it costs no call of its own.
    """
    if context := TaskRunContext.get():
        context.task_run.name = name


def flow_run_id() -> str | None:
    """Prefect's id of the flow run this is called in."""
    return runtime.flow_run.get_id()


def scheduled_name(kind: str) -> str:
    """The name of a run before its input is known: `ingest 2025-12-01T10:15`, UTC."""
    return f"{kind} {runtime.flow_run.get_scheduled_start_time():%Y-%m-%dT%H:%M}"


def name_run(*additions: str) -> None:
    """Add what is now known to the name that the flow run began with: `ingest 2025-12-01T10:15 · 312 files`."""
    if name := runtime.flow_run.get_name():
        rename_run(" · ".join([name, *filter(None, additions)]))


@if_it_can
def rename_run(name: str) -> None:
    """Give the flow run another name, if this is called in one."""
    if run_id := runtime.flow_run.get_id():
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(run_id), name=name)


@if_it_can
def record_table(rows: Sequence[Mapping[str, Any]], *, key: str, description: str) -> None:
    """Leave a table artifact, unless it were empty; `key` is lowercase with dashes."""
    if rows:
        create_table_artifact([dict(row) for row in rows], key=key, description=description)


def warehouse_key(warehouse: Path) -> str:
    """What Prefect knows a warehouse by: its folder's name in small letters, digits and dashes, and a hash of its path.

    Two warehouses of one server may both be called `data`, and the alarms of one are not over because of the other.
    """
    folder = warehouse.absolute()
    name = re.sub("[^a-z0-9]+", "-", folder.name.lower()).strip("-") or "warehouse"
    return f"{name}-{blake2b(os.fsencode(folder), digest_size=3).hexdigest()}"


def warehouse_resource(warehouse: Path) -> dict[str, str]:
    """What the events of a warehouse are about."""
    return {
        "prefect.resource.id": f"newsmill.warehouse.{warehouse_key(warehouse)}",
        "prefect.resource.name": str(warehouse.absolute()),
    }


def record_commit(warehouse: Path, counts: Mapping[str, int | float]) -> None:
    """Log a committed batch and emit the event `newsmill.batch.committed` with its counts."""
    listed = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    get_run_logger().info("Committed a batch: %s", listed)
    emit_event("newsmill.batch.committed", resource=warehouse_resource(warehouse), payload=dict(counts))


@if_it_can
def record_report(page: Path, description: str) -> None:
    """Leave an artifact that says where a written report is.

    Browsers follow a link to a file only from another file, so the path stands there to be copied.
    """
    create_markdown_artifact(f"[{page.name}]({page.as_uri()})\n\n`{page}`", key="report", description=description)


def progress_recorder() -> Callable[[float, str], None]:
    """A function of (share done, description) that keeps a progress artifact up to date, at most every ten seconds."""
    artifact: UUID | None = None
    next_at = 0.0

    @if_it_can
    def show(share: float, description: str) -> None:
        nonlocal artifact
        artifact = artifact or cast("UUID", create_progress_artifact(0.0, key="progress"))
        update_progress_artifact(artifact, 100.0 * share, description=description)

    def record(share: float, description: str) -> None:
        nonlocal next_at
        began_at = time.monotonic()
        if share >= 1.0 or began_at >= next_at:
            show(share, description)
            ended_at = time.monotonic()
            next_at = ended_at + max(PROGRESS_EVERY_SECONDS, PROGRESS_PAUSE * (ended_at - began_at))

    return record
