"""Preparing batches without Prefect: in this process, or in several that each load the model once."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import chain, islice

from tasks.ingestion.batch import prepare_batch, warm
from tasks.ingestion.enriching import error_line
from tasks.ingestion.plans import Answers, FailedBatch, Plan, Prepare, PreparedBatch
from tasks.ingestion.workers import hand_out, start_workers
from tasks.settings import Settings
from tasks.storage.trouble import is_machines


def prepare_directly(settings: Settings) -> Prepare:
    """The way to prepare batches for these settings: one worker works in this process."""
    if settings.workers == 1:
        return prepare_here
    return partial(prepare_in_processes, settings=settings)


def prepare_here(plans: Iterable[Plan]) -> Answers:
    """One batch after the other, in this process."""
    for plan in plans:
        yield answer(lambda plan=plan: prepare_batch(plan), plan)  # type: ignore[misc]


def answer(attempt: Callable[[], PreparedBatch], plan: Plan) -> PreparedBatch | FailedBatch:
    """The batch, or its failure as a value: a batch that breaks the program is split, not the run ended.

    What the machine fails in, such as a full disk, is raised: no file is to be refused for it.
    """
    try:
        return attempt()
    except Exception as error:
        if is_machines(error):
            raise
        return FailedBatch(plan=plan, error=error_line(error))


def prepare_in_processes(plans: Iterable[Plan], *, settings: Settings) -> Answers:
    """Batches in several processes; a lone batch stays here.

    Twice as many are in flight as there are workers: none waits while the batch of another is committed.
    """
    waiting = iter(plans)
    first = list(islice(waiting, 2))
    if len(first) < 2:
        yield from prepare_here(first)
        return
    left = chain(first, waiting)
    while (plan := next(left, None)) is not None:
        # A pool whose worker died takes no more work: the next one goes on where it stopped.
        yield from one_pool(chain([plan], left), settings)


def one_pool(plans: Iterator[Plan], settings: Settings) -> Answers:
    """Work through plans until they end or a worker dies; what was in flight then has failed."""
    with start_workers(settings.workers, partial(warm, settings), settings.enrichment.all_models) as pool:
        in_flight: dict[Future[PreparedBatch], Plan] = {}
        broken = False
        while True:
            while not broken and len(in_flight) < 2 * settings.workers and (plan := next(plans, None)) is not None:
                try:
                    in_flight[hand_out(pool, prepare_batch, plan)] = plan
                except BrokenProcessPool as error:  # a worker died while the last batch was committed
                    broken = True
                    yield FailedBatch(plan=plan, error=error_line(error))
            if not in_flight:
                return
            done, _ = wait(in_flight, return_when=FIRST_COMPLETED)
            for future in done:
                broken = broken or isinstance(future.exception(), BrokenProcessPool)
                yield answer(future.result, in_flight.pop(future))
