"""The commit of a batch in which an article may be one that the tables cannot take: it is found and refused alone."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from functools import partial

from schemas.errors import NewsmillError, is_interrupted_call
from tasks.ingestion.committing import TrialOver, commit_slices
from tasks.ingestion.counting import BrokenCount, expected_of
from tasks.ingestion.enriching import error_line
from tasks.ingestion.judging import RunContext
from tasks.ingestion.plans import PreparedBatch
from tasks.ingestion.staging import read_slice
from tasks.storage.commit import AlreadyCommitted
from tasks.storage.layout import Warehouse

# No article is to blame for these: a full disk, a busy ledger, memory, or a promise of the program's own.
NOT_THE_ARTICLES = (BrokenCount, AlreadyCommitted, NewsmillError, OSError, MemoryError, sqlite3.OperationalError)

# Where more articles of one batch fail, the program does. Finding one takes about ten trials of 0.3 s.
MOST_UNTAKEABLE = 20

Place = tuple[int, int]


def commit_batch(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    batch: PreparedBatch,
    context: RunContext,
    *,
    publishes: bool = True,
) -> Counter[str]:
    """Commit a batch; an article whose row cannot be written goes to quarantine, with the error as its detail.

    Gives how many files and blocks had which outcome. What no article is to blame for is raised.
    """
    commit = partial(
        commit_slices, warehouse, ledger, batch.slices, context, expected=expected_of(batch), publishes=publishes
    )
    try:
        return commit()
    except NOT_THE_ARTICLES:
        raise
    except Exception as error:
        if is_interrupted_call(error):
            raise
        untakeable = find_untakeable(warehouse, ledger, batch, context, error)
        return commit(untakeable=untakeable)


def find_untakeable(
    warehouse: Warehouse, ledger: sqlite3.Connection, batch: PreparedBatch, context: RunContext, cause: Exception
) -> dict[Place, str]:
    """The articles that the commit fails on, each with its error; raises the cause when no article is to blame."""
    places = accepted_places(batch)

    def failure(accepted: Sequence[Place]) -> Exception | None:
        """What a commit with only these articles raises."""
        left_out = dict.fromkeys(set(places) - set(accepted), "")
        try:
            commit_slices(warehouse, ledger, batch.slices, context, untakeable=left_out, is_trial=True)
        except TrialOver:
            return None
        except NOT_THE_ARTICLES:
            raise
        except Exception as error:  # noqa: BLE001
            return error
        raise AssertionError("a trial has no other end")

    found: dict[Place, str] = {}
    good: list[Place] = []
    waiting = list(places)
    while error := failure(good + waiting):
        if len(found) == MOST_UNTAKEABLE or (not found and failure([])):
            raise cause
        # The shortest beginning that fails ends with the article to blame; what stands before it is good.
        fine, fails = 0, len(waiting)
        while fails - fine > 1:
            middle = (fine + fails) // 2
            if raised := failure(good + waiting[:middle]):
                fails, error = middle, raised
            else:
                fine = middle
        found[waiting[fine]] = error_line(error)
        good, waiting = good + waiting[:fine], waiting[fails:]
    return found


def accepted_places(batch: PreparedBatch) -> list[Place]:
    """Slice and block number of each article that reading did not refuse."""
    return [
        (slice_no, number)
        for slice_no, folder in enumerate(batch.slices)
        for number, block in enumerate(read_slice(folder).blocks)
        if block.reason is None
    ]
