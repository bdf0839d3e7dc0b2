"""Batches in processes of this machine."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from typing import cast

from prefect.task_runners import ThreadPoolTaskRunner

from flows.runners.batches import Future
from tasks.ingestion.plans import Plan, PreparedBatch
from tasks.ingestion.workers import hand_out, prepare_in_time, start_workers
from tasks.stages import PrepareOne, batch_parameters, enrich_batch, limit_seconds


class Processes:
    """So many processes that share `models`; each calls `warm` once; `prepare` and `warm` must be picklable.

    The tasks themselves are threads here that wait for a process which knows nothing of Prefect: Prefect's own pool of
    processes imports Prefect in each of them, 2 s a worker, and takes another second to end.
    """

    def __init__(
        self, prepare: PrepareOne, workers: int, warm: Callable[[], None] | None, models: Sequence[str] = ()
    ) -> None:
        self.prepare, self.workers, self.warm, self.models = prepare, workers, warm, models
        # One more for each than it works at: no process waits while this one commits what came back.
        self.capacity = 2 * workers
        self.started = ExitStack()
        self.pool: ProcessPoolExecutor | None = None
        self.runner: ThreadPoolTaskRunner[PreparedBatch] | None = None

    def submit(self, plan: Plan, retries: int) -> Future:
        """Hand out a batch; the first starts the processes."""
        if self.pool is None or self.runner is None:
            runner: ThreadPoolTaskRunner[PreparedBatch] = ThreadPoolTaskRunner(max_workers=self.capacity)
            self.runner = self.started.enter_context(runner)
            self.pool = self.started.enter_context(start_workers(self.workers, self.warm, self.models))
        prepare = partial(_prepare_apart, self.pool, self.prepare)
        task = enrich_batch.with_options(retries=retries)
        return cast("Future", self.runner.submit(task, batch_parameters(prepare, plan)))

    def result(self, future: Future) -> object:
        """The prepared batch or what preparing it raised, the death of its process among it."""
        return future.result(raise_on_failure=False)

    def restart(self) -> None:
        """A pool of which one process died takes no more work."""
        self.stop(at_once=True)

    def stop(self, *, at_once: bool) -> None:
        """End the processes, which frees the threads that wait for them."""
        reason = WorkersDismissed() if at_once else None
        with suppress(WorkersDismissed):
            self.started.__exit__(type(reason) if reason else None, reason, None)
        self.started, self.pool, self.runner = ExitStack(), None, None


class WorkersDismissed(Exception):
    """Why processes end in the middle of their work."""


def _prepare_apart(pool: ProcessPoolExecutor, prepare: PrepareOne, plan: Plan) -> PreparedBatch:
    return hand_out(pool, prepare_in_time, prepare, plan, limit_seconds(plan)).result()
