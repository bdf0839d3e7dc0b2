"""Who prepares the batches of a run: what its settings say."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from flows.runners.batches import Runner, batches_here, batches_of, first_decides
from flows.runners.processes import Processes
from tasks.ingestion.batch import prepare_batch, warm
from tasks.ingestion.plans import Prepare
from tasks.settings import RunnerKind, Settings, check_dask
from tasks.stages import PrepareOne


@contextmanager
def prepared_batches(settings: Settings) -> Iterator[Prepare]:
    """Yield a function that prepares batches as Prefect tasks, for use inside a flow.

    Raises WrongUse or NewsmillError when those who are to prepare them cannot be reached.
    """
    if settings.runner is RunnerKind.PROCESSES:
        load, models = partial(warm, settings), settings.enrichment.all_models
        with process_batches(prepare_batch, workers=settings.workers, warm=load, models=models) as prepare:
            yield prepare
    else:
        with batches_of(runner_elsewhere(settings)) as prepare:
            yield prepare


@contextmanager
def process_batches(
    prepare: PrepareOne, *, workers: int, warm: Callable[[], None] | None = None, models: Sequence[str] = ()
) -> Iterator[Prepare]:
    """Yield a function that prepares batches in so many processes; one worker, or a lone batch, works in this one."""
    here = batches_here(prepare)
    if workers == 1:
        yield here
        return
    with batches_of(Processes(prepare, workers, warm, models)) as apart:
        yield first_decides(here, apart)


def runner_elsewhere(settings: Settings) -> Runner:
    """The workers that somebody else starts; raises WrongUse when what reaches them is not installed."""
    if settings.runner is RunnerKind.POOL:
        from flows.runners.work_pool import WorkPool

        return WorkPool(settings)
    check_dask()
    from flows.runners.dask_cluster import DaskCluster

    return DaskCluster(settings)


def seen_from_anywhere(settings: Settings) -> Settings:
    """The settings with folders that mean the same to workers started elsewhere."""
    return replace(settings, input_folder=settings.input_folder.absolute(), warehouse=settings.warehouse.absolute())
