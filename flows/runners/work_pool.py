"""Batches as flow runs of a Prefect work pool: whichever of its workers is free takes the next one."""

import time
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, cast
from uuid import UUID

from prefect import State, get_client, get_run_logger
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelling, Crashed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.types.entrypoint import EntrypointType

from flows.enrich import enrich
from flows.runners.batches import Future
from schemas.errors import NewsmillError
from tasks.enrichment.fingerprint import pipeline_id
from tasks.ingestion.elsewhere import UnfitWorker, WorkerGone
from tasks.ingestion.orders import Order, Refusal, last_beat, read_answer, write_order
from tasks.ingestion.plans import Plan, PreparedBatch
from tasks.settings import Settings
from tasks.stages import batch_parameters, enrich_batch

# How often to look for an answer on the disk, and how often to ask the server how a flow run is.
LOOK_SECONDS = 0.2
ASK_SECONDS = 2.0

# A worker touches its order every two seconds; one that has not for so long is dead, or has lost the file system.
SILENCE_SECONDS = 60.0

# A worker that is there takes a flow run within its own interval of looking, 10 s.
UNTAKEN_SECONDS = 60.0


class FailedElsewhere(RuntimeError):
    """A batch that raised in the worker that tried it."""


class WorkPool:
    """A work pool of type process whose workers see the input and the warehouse.

    `workers` flow runs are under way at once. Raises NewsmillError when there is no such pool.
    """

    def __init__(self, settings: Settings) -> None:
        self.deployment = registered(settings.pool)
        self.pipeline = pipeline_id(settings.enrichment)
        self.capacity = settings.workers
        self.ended = Event()
        runner: ThreadPoolTaskRunner[PreparedBatch] = ThreadPoolTaskRunner(max_workers=self.capacity)
        self.runner = runner.__enter__()

    def submit(self, plan: Plan, retries: int) -> Future:
        """Hand out a batch."""
        task = enrich_batch.with_options(retries=retries)
        prepare = partial(prepare_by_pool, self.deployment, self.pipeline, self.ended)
        return cast("Future", self.runner.submit(task, batch_parameters(prepare, plan)))

    def result(self, future: Future) -> object:
        """The prepared batch, or what went wrong."""
        return future.result(raise_on_failure=False)

    def restart(self) -> None:
        """The pool goes on with the workers it has."""

    def stop(self, *, at_once: bool) -> None:
        """Wait for no flow run any longer; those under way are cancelled."""
        del at_once
        if not self.ended.is_set():
            self.ended.set()
            self.runner.__exit__(None, None, None)


def registered(pool: str) -> str:
    """Register what the workers of a pool run; gives the name of the deployment."""
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(pool)
        except ObjectNotFound as error:
            make = f"prefect work-pool create {pool} --type process"
            raise NewsmillError(f"There is no work pool {pool!r} on the Prefect server: {make}") from error
    deployment = enrich.to_deployment(
        pool, work_pool_name=pool, entrypoint_type=EntrypointType.MODULE_PATH, tags=["newsmill"]
    )
    cast("RunnerDeployment", deployment).apply()
    return f"{enrich.name}/{pool}"


def prepare_by_pool(deployment: str, pipeline: str, ended: Event, plan: Plan) -> PreparedBatch:
    """Order a batch and wait for the answer; raises WorkerGone when whoever took it does not live to give one."""
    order = write_order(Order(pipeline=pipeline, plan=plan))
    name = f"enrich batch {plan.batch_no}"
    run = cast("FlowRun", run_deployment(deployment, parameters={"order": str(order)}, timeout=0, flow_run_name=name))
    watch = Watch(run.id, order)
    while not ended.wait(LOOK_SECONDS):
        # First whether the run has ended, then the answer: what came between the two questions is not overlooked.
        is_over = watch.is_over()
        answer = read_answer(order, plan)
        if isinstance(answer, PreparedBatch):
            return answer
        if isinstance(answer, Refusal):
            raise UnfitWorker(answer.error) if answer.is_unfit else FailedElsewhere(answer.error)
        if is_over:
            raise WorkerGone(f"The flow run {run.name} ended without an answer.")
    watch.end(Cancelling())
    raise WorkerGone("The run that ordered the batch has ended.")


class Watch:
    """A flow run that another process works at."""

    def __init__(self, run_id: UUID, order: Path) -> None:
        self.run_id, self.order = run_id, order
        self.beat: int | None = None
        self.made_at = self.asked_at = self.heard_at = time.monotonic()
        self.has_warned = False

    def is_over(self) -> bool:
        """Whether the run has ended, or its worker has been silent for too long; asks the server now and then."""
        now = time.monotonic()
        if now - self.asked_at < ASK_SECONDS:
            return False
        self.asked_at = now
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(self.run_id).state
        if state is None or state.is_scheduled():
            self.warn_when_untaken(now)
            # From when somebody has taken it on, it is not to be silent.
            self.heard_at = now
            return False
        beat = last_beat(self.order)
        if beat != self.beat:
            self.beat, self.heard_at = beat, now
        if not state.is_final() and now - self.heard_at > SILENCE_SECONDS:
            self.end(Crashed(message="Its worker gave no sign of life."))
            return True
        return state.is_final()

    def warn_when_untaken(self, now: float) -> None:
        """Say once that nobody takes it."""
        if now - self.made_at > UNTAKEN_SECONDS and not self.has_warned:
            self.has_warned = True
            get_run_logger().warning("No worker of the pool has taken the batch yet; is one running?")

    def end(self, state: State[Any]) -> None:
        """Tell the server what became of the run."""
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(self.run_id, state, force=True)
