"""Batches as Prefect tasks: handed out as workers come free, answered exactly once, tried alone when a worker died."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from itertools import chain, islice
from queue import SimpleQueue
from typing import Protocol, cast

from prefect.futures import PrefectFuture

from tasks.ingestion.elsewhere import UnfitWorker, WorkerGone
from tasks.ingestion.plans import Answers, FailedBatch, Plan, Prepare, PreparedBatch
from tasks.stages import RETRIES, PrepareOne, batch_parameters, enrich_batch
from tasks.storage.trouble import is_machines

Future = PrefectFuture[PreparedBatch]

DIED = "The worker process died, as when memory runs out."


class Runner(Protocol):
    """What prepares batches as runs of the task `enrich_batch`, several at once."""

    @property
    def capacity(self) -> int:
        """So many batches are under way at most."""

    def submit(self, plan: Plan, retries: int) -> Future:
        """Hand out a batch."""

    def result(self, future: Future) -> object:
        """The prepared batch or what preparing it raised; raises WorkerGone or BrokenExecutor when its worker died."""

    def restart(self) -> None:
        """Be ready again after a worker died; nothing is under way."""

    def stop(self, *, at_once: bool) -> None:
        """End what was started, in the middle of its work or after it; a second time is none."""


@contextmanager
def batches_of(runner: Runner) -> Iterator[Prepare]:
    """Yield a function that runs plans as Prefect tasks, for use inside a flow.

    It answers each plan exactly once, in any order: with the prepared batch, or with a FailedBatch when preparing it
    raised at every try. It may be called again, also for parts of failed plans, and pulls lazily.
    """
    try:
        yield Batches(runner).answers
    except BaseException:
        runner.stop(at_once=True)
        raise
    runner.stop(at_once=False)


class Batches:
    """The batches of one run."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.failed: set[int] = set()

    def answers(self, plans: Iterable[Plan]) -> Answers:
        """An answer for each plan; whoever closes it early ends the work under way."""
        try:
            yield from self.answers_in_turn(plans)
        except BaseException:
            self.runner.stop(at_once=True)
            raise

    def answers_in_turn(self, plans: Iterable[Plan]) -> Answers:
        """An answer for each plan, as they come."""
        source = iter(plans)
        done: SimpleQueue[Future] = SimpleQueue()
        under_way: dict[Future, Plan] = {}
        suspects: list[Plan] = []
        while True:
            while not suspects and len(under_way) < self.runner.capacity and (plan := next(source, None)) is not None:
                future = self.submit(plan)
                under_way[future] = plan
                future.add_done_callback(done.put)
            if not under_way and not suspects:
                return
            if not under_way:
                # One dead process may take others' batches along: tried alone, the guilty one is known.
                self.runner.restart()
                yield from map(self.answer_alone, suspects)
                suspects = []
                continue
            future = done.get()
            plan = under_way.pop(future)
            try:
                answer = self.answer(future, plan)
            except (BrokenExecutor, WorkerGone):
                suspects.append(plan)
            else:
                yield answer

    def submit(self, plan: Plan) -> Future:
        """Hand out a batch."""
        return self.runner.submit(plan, retries_of(plan, self.failed))

    def answer(self, future: Future, plan: Plan) -> PreparedBatch | FailedBatch:
        """What a future brought; raises what no file of the batch is to blame for."""
        return answer_of(lambda: self.runner.result(future), plan, self.failed)

    def answer_alone(self, plan: Plan) -> PreparedBatch | FailedBatch:
        """The answer to a plan that is alone under way: whose worker dies now is to blame itself."""
        try:
            return self.answer(self.submit(plan), plan)
        except (BrokenExecutor, WorkerGone):
            self.runner.restart()
            self.failed.add(plan.batch_no)
            return FailedBatch(plan=plan, error=DIED)


def batches_here(prepare: PrepareOne) -> Prepare:
    """A function like that of `batches_of` that works in this thread, where Ctrl-C and SIGTERM arrive."""
    failed: set[int] = set()

    def answers(plans: Iterable[Plan]) -> Answers:
        for plan in plans:
            task = enrich_batch.with_options(retries=retries_of(plan, failed))
            state = task(**batch_parameters(prepare, plan), return_state=True)
            yield answer_of(lambda state=state: state.result(raise_on_failure=False), plan, failed)  # type: ignore[misc]

    return answers


def retries_of(plan: Plan, failed: set[int]) -> int:
    """A part of a batch that has failed is a new try in itself; the last part, a single file, gets them all."""
    return 0 if plan.batch_no in failed and not plan.isolate else RETRIES


def answer_of(result: Callable[[], object], plan: Plan, failed: set[int]) -> PreparedBatch | FailedBatch:
    """The batch, or its failure, which is noted; raises what no file is to blame for.

    That is a full disk, say, or a worker that derives other rows: the run ends, and the next one takes up the rest.
    """
    answer = cast("PreparedBatch | Exception", result())
    if not isinstance(answer, Exception):
        return answer
    if isinstance(answer, (BrokenExecutor, WorkerGone, UnfitWorker)) or is_machines(answer):
        raise answer
    failed.add(plan.batch_no)
    return FailedBatch(plan=plan, error=f"{type(answer).__name__}: {answer}")


def first_decides(here: Prepare, apart: Prepare) -> Prepare:
    """A lone batch is prepared here, several apart: starting processes for one would take longer than it saves."""
    has_started = False

    def answers(plans: Iterable[Plan]) -> Answers:
        nonlocal has_started
        source = iter(plans)
        first = list(islice(source, 2))
        has_started = has_started or len(first) > 1
        yield from (apart if has_started else here)(chain(first, source))

    return answers
