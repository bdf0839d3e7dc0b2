"""Processes that prepare batches, each with the model loaded once; they know nothing of who hands them work."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread

from tasks.ingestion.plans import Plan, PreparedBatch


def start_workers(count: int, warm: Callable[[], None] | None) -> ProcessPoolExecutor:
    """So many processes, each of which calls `warm` first; what is handed to them must be picklable."""
    # Spawned, not forked: the parent holds database handles and threads that a fork would share.
    return ProcessPoolExecutor(count, get_context("spawn"), initializer=partial(begin_worker, warm))


def begin_worker(warm: Callable[[], None] | None) -> None:
    """What a worker process does first: tie its life to its parent's, then load what it needs."""
    # The kernel's own tie (PR_SET_PDEATHSIG) is to the thread that started the process, and that one may end early.
    Thread(target=end_with_parent, daemon=True).start()
    if warm:
        warm()


def end_with_parent() -> None:
    """Wait for the parent to end, however it does, and end this process at once: nobody would take its work."""
    parent = parent_process()
    if parent is not None:
        parent.join()
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
