"""Prefect's policy on one page: how a batch becomes a task run, what is retried, named, limited and reported."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, cast
from uuid import UUID

from prefect import Flow, get_client, get_run_logger, runtime, task
from prefect.artifacts import (
    create_link_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.events import emit_event
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff
from prefect.utilities.annotations import quote

from tasks.plans import FailedBatch, Plan, PreparedBatch

Prepare = Callable[[Plan], PreparedBatch]
Future = PrefectFuture[PreparedBatch]

# A full disk or a busy ledger passes in seconds; what fails three times is the batch's own fault.
RETRIES = 2
RETRY_SECONDS = 1.0
RETRY_JITTER = 0.5

# A batch is about half a minute of work; one that takes an hour hangs. Only a process can be stopped in the middle.
BATCH_LIMIT_SECONDS = 3600.0

# Each update of the progress artifact is a call to the server.
PROGRESS_EVERY_SECONDS = 2.0


@task(
    name="enrich batch",
    task_run_name="enrich batch {plan.batch_no}",
    tags=["newsmill"],
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(RETRY_SECONDS),
    retry_jitter_factor=RETRY_JITTER,
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
    plans under way. One worker, or the first plan being the only one, is a thread of this process; else workers are
    processes, each of which calls `warm` once, so both functions must be picklable.
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
        self.context = _portable_context()

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
        limit = BATCH_LIMIT_SECONDS if self.workers > 1 else None
        batch = enrich_batch.with_options(retries=retries, timeout_seconds=limit)
        self.runner = self.runner or self._start()
        with self.context:
            # Quoted, or Prefect looks through every field of the plan for futures.
            return cast("Future", self.runner.submit(batch, {"prepare": quote(self.prepare), "plan": quote(plan)}))

    def _answer(self, future: Future, plan: Plan) -> PreparedBatch | FailedBatch:
        answer = cast("PreparedBatch | Exception", future.result(raise_on_failure=False))
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

    def _start(self) -> TaskRunner[Any]:
        if self.workers == 1:
            return ThreadPoolTaskRunner(max_workers=1).__enter__()
        return ProcessPoolTaskRunner(max_workers=self.workers, initializer=self.warm).__enter__()

    def stop(self) -> None:
        if self.runner:
            self.runner.__exit__(None, None, None)
        self.runner = None


def _portable_context() -> FlowRunContext:
    # A worker process gets a copy of the flow's function with all it refers to, such as a terminal's progress bar.
    context = FlowRunContext.get()
    assert context and context.flow, "batches are run inside a flow"
    return context.model_copy(update={"flow": Flow(_nothing, name=context.flow.name)})


def _nothing() -> None:
    return None


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
