"""Processes that prepare batches, each with the model loaded once; they know nothing of who hands them work."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from threading import Thread, Timer

from tasks.ingestion.plans import Plan, PreparedBatch

# Read in preloaded.py, which only the process that workers are forked from imports.
SHARED_MODELS = "NEWSMILL_SHARED_MODELS"
# A fork beside threads is not safe, and numpy's library would start some.
BLAS_THREADS = "OPENBLAS_NUM_THREADS"


@contextmanager
def start_workers(
    count: int, warm: Callable[[], None] | None, models: Sequence[str] = ()
) -> Iterator[ProcessPoolExecutor]:
    """So many processes, each of which calls `warm` first; what is handed to them must be picklable.

    They share the memory of `models`. They end with the block, in the middle of their work when the block raises, and
    with this process however it ends.
    """
    context = forking_context(models)
    lifeline, held = context.Pipe(duplex=False)
    begun_with = (lifeline, dict(os.environ), warm)
    with lifeline, held, ProcessPoolExecutor(count, context, begin_worker, begun_with) as pool:
        try:
            yield pool
        except BaseException:
            held.close()
            raise


def forking_context(models: Sequence[str]) -> ForkServerContext:
    """Processes of this context are forked from one that has loaded the models, so that these are in memory once.

    It is started here and ends with this process. Not this process itself is forked, which holds database handles and
    threads. A second call with other models changes nothing: workers load what they do not find.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tasks.ingestion.preloaded"])
    variables = {SHARED_MODELS: ",".join(models), BLAS_THREADS: "1"}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        with interrupts_held():
            forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    return context


def hand_out(
    pool: ProcessPoolExecutor, prepare: Callable[..., PreparedBatch], *arguments: object
) -> Future[PreparedBatch]:
    """Give the workers a batch; a pool starts another process when one more has something to do."""
    with interrupts_held():
        return pool.submit(prepare, *arguments)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Processes that are started in this block never see Ctrl-C, which the terminal sends to all of them at once.

    Their parent does, and ends them. Without this each would end with a traceback of its own, also while it starts.
    """
    # Whoever starts this process of multiprocessing's lets the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_worker(lifeline: Connection, environment: Mapping[str, str], warm: Callable[[], None] | None) -> None:
    """What a worker process does first: tie its life to its parent's, see the variables it has, load what it needs."""
    # The kernel's own tie (PR_SET_PDEATHSIG) is to the thread that started the process, and that one may end early.
    Thread(target=end_with, args=(lifeline,), daemon=True).start()
    take_environment(environment)
    if warm:
        warm()


def take_environment(environment: Mapping[str, str]) -> None:
    """Have these variables: the process that workers are forked from keeps those of its own start.

    By then the parent may name another gazetteer or S3 server, or have a new key.
    """
    for name in os.environ.keys() - environment.keys() - {SHARED_MODELS, BLAS_THREADS}:
        del os.environ[name]
    os.environ.update({name: value for name, value in environment.items() if name != BLAS_THREADS})


def end_with(lifeline: Connection) -> None:
    """Wait until the other end is closed, by the parent or by its death, and end this process at once."""
    lifeline.poll(None)
    os._exit(1)


class BatchTooLong(RuntimeError):
    """A batch was stopped in the middle."""


class AlarmRang(BaseException):
    """Time is up. No Exception: what refuses a single file or article for its error must not catch it."""


def prepare_in_time(prepare: Callable[[Plan], PreparedBatch], plan: Plan, limit_seconds: float) -> PreparedBatch:
    """The prepared batch; raises BatchTooLong in the middle of one that takes too long. For a worker process alone."""
    # The alarm rings in the main thread, which is where a worker process works.
    signal.signal(signal.SIGALRM, raise_timeout)
    signal.setitimer(signal.ITIMER_REAL, limit_seconds)
    try:
        return prepare(plan)
    except AlarmRang as alarm:
        raise BatchTooLong(f"The batch took longer than the {limit_seconds:,.0f} seconds that it may.") from alarm
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def raise_timeout(_signal: int, _frame: object) -> None:
    """What the alarm does."""
    raise AlarmRang


def prepare_or_die(prepare: Callable[[Plan], PreparedBatch], plan: Plan, limit_seconds: float) -> PreparedBatch:
    """The prepared batch; ends the process in the middle of one that takes too long.

    For a worker that works in another than its main thread, where no alarm rings: a thread cannot be stopped.
    """
    timer = Timer(limit_seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()
    try:
        return prepare(plan)
    finally:
        timer.cancel()
