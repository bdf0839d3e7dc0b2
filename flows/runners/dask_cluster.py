"""Batches on a Dask cluster: processes of this machine, or a cluster elsewhere that is named by its address."""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import Any, cast
from uuid import UUID

import dask
from distributed import CancelledError, KilledWorker, Worker, WorkerPlugin
from prefect import get_client
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Crashed
from prefect_dask.task_runners import DaskTaskRunner

from flows.runners.batches import Future
from schemas.errors import NewsmillError
from tasks.enrichment.fingerprint import pipeline_id
from tasks.ingestion.batch import warm
from tasks.ingestion.elsewhere import WorkerGone, prepare_like
from tasks.ingestion.plans import Plan, PreparedBatch
from tasks.ingestion.workers import interrupts_held, prepare_or_die
from tasks.settings import Settings
from tasks.stages import batch_parameters, enrich_batch, limit_seconds

# A cluster elsewhere may be starting still.
PATIENCE_SECONDS = 60.0

# Its own lines tell of workers that die and come back, which newsmill tells in its own way.
LOUD = ("distributed", "distributed.nanny", "distributed.worker", "distributed.scheduler", "tornado.application")

# A batch that has killed a worker is tried once more, alone, before it is split; so Dask itself need not, and a worker
# has no second batch waiting, which would be under suspicion, too.
LOCAL = {"distributed.scheduler.allowed-failures": 0, "distributed.scheduler.worker-saturation": 1.0}


# A worker may have several threads, as Dask's own has unless told otherwise. The model keeps the words it knows for all
# of them: with four at once nine texts in ten were given the entities of others.
one_at_a_time = Lock()


class DaskCluster:
    """The workers of a Dask cluster; each loads the model before its first batch.

    Raises NewsmillError when no scheduler answers or it has no worker.
    """

    def __init__(self, settings: Settings) -> None:
        for name in LOUD:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        # The context is the run's: a cluster takes it when it starts.
        with interrupts_held(), dask.config.set(LOCAL):
            self.runner: Any = started_runner(settings)
        self.client: Any = self.runner.client
        try:
            # One more for each than it works at: no worker waits while this process commits what came back.
            self.capacity = 2 * self.count_threads(settings)
            self.plugin = Warmth(partial(warm, settings))
            self.client.register_plugin(self.plugin)
        except BaseException:
            self.runner.__exit__(None, None, None)
            raise
        self.dead: list[UUID] = []
        self.is_stopped = False
        self.prepare = partial(prepare_in_thread, pipeline_id(settings.enrichment))

    def count_threads(self, settings: Settings) -> int:
        """How many batches the workers work at; waits until there is one."""
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        except TimeoutError as error:
            raise NewsmillError(f"The Dask cluster at {settings.dask_address} has no worker.") from error
        threads: Mapping[str, int] = self.client.nthreads()
        return sum(threads.values())

    def submit(self, plan: Plan, retries: int) -> Future:
        """Hand out a batch."""
        task = enrich_batch.with_options(retries=retries)
        return cast("Future", self.runner.submit(task, batch_parameters(self.prepare, plan)))

    def result(self, future: Future) -> object:
        """What the task of a batch returned or raised; raises WorkerGone when its worker died."""
        try:
            return future.result(raise_on_failure=False)
        except KilledWorker as error:
            self.dead.append(future.task_run_id)
            raise WorkerGone("The Dask worker died.") from error
        except CancelledError as error:
            raise NewsmillError("The Dask scheduler is gone. Everything committed is kept; run it again.") from error

    def restart(self) -> None:
        """Dask has started another worker in the place of one that died, or goes on with those there are."""

    def stop(self, *, at_once: bool) -> None:
        """Leave the cluster; one of this machine ends, in the middle of its work if there is any."""
        if self.is_stopped:
            return
        self.is_stopped = True
        if not at_once:
            record_deaths(self.dead)
            self.client.unregister_worker_plugin(self.plugin.name)
        self.runner.__exit__(None, None, None)


def started_runner(settings: Settings) -> Any:
    """prefect-dask's task runner, its cluster started or found."""
    if settings.dask_address:
        runner: Any = DaskTaskRunner(address=settings.dask_address)
    else:
        # Without an address of its own it asks for port 8787 of all networks, and says so when that is taken.
        cluster = {"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
        runner = DaskTaskRunner(cluster_kwargs=cluster | {"silence_logs": logging.CRITICAL})
    runner.__enter__()
    try:
        runner.client  # noqa: B018  asking for it starts or finds the cluster
    except (OSError, ValueError) as error:
        runner.__exit__(None, None, None)
        raise NewsmillError(f"No Dask scheduler answers at {settings.dask_address or 'this machine'}.") from error
    return runner


def record_deaths(task_runs: Iterable[UUID]) -> None:
    """Tell Prefect what dead workers could not; a task run whose worker died before it told anything is not there."""
    with get_client(sync_client=True) as client:
        for task_run in task_runs:
            with suppress(PrefectHTTPStatusError):
                client.set_task_run_state(task_run, Crashed(message="Its worker died."), force=True)


class Warmth(WorkerPlugin):
    """Loads the model in a worker as soon as it is there, in the thread that works at batches."""

    def __init__(self, load: Callable[[], None]) -> None:
        self.load = load
        self.name = f"newsmill-{id(self):x}"

    def setup(self, worker: Worker) -> None:
        """Begin to load; the worker's own loop goes on telling the scheduler that it lives."""
        worker.executors["default"].submit(load_alone, self.load)


def load_alone(load: Callable[[], None]) -> None:
    """Load the model while no batch is prepared."""
    with one_at_a_time:
        load()


def prepare_in_thread(pipeline: str, plan: Plan) -> PreparedBatch:
    """A batch in a worker of Dask, which works in a thread; threads of one worker take turns."""
    with one_at_a_time:
        return prepare_or_die(partial(prepare_like, pipeline), plan, limit_seconds(plan))
