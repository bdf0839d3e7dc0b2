"""Prefect's policy on one page: how a batch becomes a task run, what is retried, named, limited and reported."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from queue import SimpleQueue
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
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff
from prefect.utilities.annotations import quote

from tasks.ingestion.plans import BatchPlan, FailedBatch, Plan, PreparedBatch
from tasks.ingestion.workers import prepare_in_time, start_workers
from tasks.settings import BATCH_BYTES
from tasks.storage.trouble import is_machines

Prepare = Callable[[Plan], PreparedBatch]
Future = PrefectFuture[PreparedBatch]

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


# Each update of the progress artifact is a call to the server.
PROGRESS_EVERY_SECONDS = 2.0


def is_worth_a_retry(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether the batch itself failed: one whose process died is looked at alone."""
    return not isinstance(state.data, BrokenExecutor)


@task(
    name="enrich batch",
    task_run_name="enrich batch {plan.batch_no}",
    tags=["newsmill"],
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(RETRY_SECONDS),
    retry_jitter_factor=RETRY_JITTER,
    retry_condition_fn=is_worth_a_retry,
    # What a batch leaves is on disk; its answer is a reference, worth nothing to a later run.
    persist_result=False,
    cache_policy=NO_CACHE,
)
def enrich_batch(prepare: Prepare, plan: Plan) -> PreparedBatch:
    """One batch: read, parsed, enriched and left on disk."""
    return prepare(plan)


@contextmanager
def prefect_batches(
    prepare: Prepare, *, workers: int, warm: Callable[[], None] | None = None
) -> Iterator[Callable[[Iterable[Plan]], Iterator[PreparedBatch | FailedBatch]]]:
    """Yield a function that runs plans as Prefect tasks, for use inside a flow.

    It answers each plan exactly once, in any order: with what `prepare` returned, or with a FailedBatch when that
    raised at every try. It may be called again, also for parts of failed plans. It pulls lazily, at most workers + 1
    plans under way. One worker, or the first plan being the only one, works in this process; else workers are
    processes, each of which calls `warm` once, so both functions must be picklable.

    The tasks themselves are threads here that wait for a process which knows nothing of Prefect: Prefect's own pool of
    processes imports Prefect in each of them, 2 s a worker, and takes another second to end.
    """
    pool = _Workers(prepare, workers, warm)
    try:
        yield pool.answers
    finally:
        pool.stop()


class _Workers:
    def __init__(self, prepare: Prepare, workers: int, warm: Callable[[], None] | None) -> None:
        self.prepare, self.workers, self.warm = prepare, workers, warm
        self.failed: set[int] = set()
        self.runner: TaskRunner[Any] | None = None
        self.processes: ProcessPoolExecutor | None = None

    def answers(self, plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        source = iter(plans)
        first = list(islice(source, 2))
        if self.runner is None and len(first) < 2:
            self.workers = 1
        source = chain(first, source)
        done: SimpleQueue[Future] = SimpleQueue()
        under_way: dict[Future, Plan] = {}
        while True:
            while len(under_way) <= self.workers and (plan := next(source, None)) is not None:
                future = self._submit(plan)
                under_way[future] = plan
                future.add_done_callback(done.put)
            if not under_way:
                return
            if (future := done.get()) in under_way:
                plan = under_way.pop(future)
                try:
                    yield self._answer(future, plan)
                except BrokenExecutor:
                    # One dead process takes every plan under way with it: tried alone, the guilty one is known.
                    self.stop()
                    suspects = [plan, *under_way.values()]
                    under_way.clear()
                    yield from map(self._answer_alone, suspects)

    def _submit(self, plan: Plan) -> Future:
        # A part of a batch that has failed is a new try in itself; the last part, a single file, gets them all.
        retries = 0 if plan.batch_no in self.failed and not plan.isolate else RETRIES
        self._start()
        prepare = partial(_prepare_apart, self.processes, self.prepare) if self.processes else self.prepare
        # Quoted, or Prefect looks through every field of the plan for futures.
        parameters = {"prepare": quote(prepare), "plan": quote(plan)}
        assert self.runner
        return cast("Future", self.runner.submit(enrich_batch.with_options(retries=retries), parameters))

    def _answer(self, future: Future, plan: Plan) -> PreparedBatch | FailedBatch:
        answer = cast("PreparedBatch | Exception", future.result(raise_on_failure=False))
        # A full disk, say, is no fault of any file: the run ends, and the next one takes up the rest.
        if isinstance(answer, BrokenExecutor) or (isinstance(answer, Exception) and is_machines(answer)):
            raise answer
        if isinstance(answer, Exception):
            return self._failure(plan, f"{type(answer).__name__}: {answer}")
        return answer

    def _answer_alone(self, plan: Plan) -> PreparedBatch | FailedBatch:
        try:
            return self._answer(self._submit(plan), plan)
        except BrokenExecutor:
            self.stop()
            return self._failure(plan, "The worker process died, as when memory runs out.")

    def _failure(self, plan: Plan, error: str) -> FailedBatch:
        self.failed.add(plan.batch_no)
        return FailedBatch(plan=plan, error=error)

    def _start(self) -> None:
        if self.runner:
            return
        if self.workers > 1:
            self.processes = start_workers(self.workers, self.warm)
        # With one more than there are workers the next batch is at hand when a process comes free.
        self.runner = ThreadPoolTaskRunner(max_workers=self.workers + bool(self.processes)).__enter__()

    def stop(self) -> None:
        if self.processes:
            self.processes.shutdown(cancel_futures=True)
        if self.runner:
            self.runner.__exit__(None, None, None)
        self.runner = self.processes = None


def _prepare_apart(processes: ProcessPoolExecutor, prepare: Prepare, plan: Plan) -> PreparedBatch:
    return processes.submit(prepare_in_time, prepare, plan, limit_seconds(plan)).result()


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


def progress_recorder(description: str) -> Callable[[int, int], None]:
    """A function of (done, total) that keeps one progress artifact up to date, at most every two seconds."""
    artifact = cast("UUID", create_progress_artifact(0.0, key="progress", description=description))
    next_at = 0.0

    def record(done: int, total: int) -> None:
        nonlocal next_at
        if done >= total or time.monotonic() >= next_at:
            update_progress_artifact(artifact, 100.0 * done / total if total else 100.0)
            next_at = time.monotonic() + PROGRESS_EVERY_SECONDS

    return record
