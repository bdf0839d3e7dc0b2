"""Which files are new or changed, and how they are grouped into batches."""

import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path

from schemas.errors import WrongUse
from tasks.ingestion.plans import BatchPlan
from tasks.reading.discovery import FoundFile, Looks, display_path, find_files
from tasks.settings import Settings


def checked_input(folder: Path, warehouse: Path) -> Path:
    """The input folder, absolute; raises WrongUse when it cannot be listed or holds the warehouse."""
    path = Path(os.path.realpath(folder))
    if not path.exists():
        raise WrongUse(f"The input folder {folder} does not exist. Name one with --input DIR.")
    if not path.is_dir():
        raise WrongUse(f"The input {folder} is a file; newsmill reads a folder. Name one with --input DIR.")
    try:
        os.scandir(path).close()
    except OSError as error:
        raise WrongUse(f"The input folder {folder} cannot be listed: {error.strerror}.") from error
    if Path(os.path.realpath(warehouse)).is_relative_to(path):
        # Every pass would find what the one before has written.
        raise WrongUse(f"The warehouse {warehouse} lies inside the input {folder}. Name another with --warehouse DIR.")
    return path


def input_number(ledger: sqlite3.Connection, folder: Path) -> int:
    """The ledger's number for an input folder; the same relative path below two inputs is two files."""
    ledger.execute("INSERT OR IGNORE INTO inputs (root) VALUES (?)", (os.fsencode(folder),))
    (number,) = ledger.execute("SELECT input_id FROM inputs WHERE root = ?", (os.fsencode(folder),)).fetchone()
    return int(number)


def known_inputs(ledger: sqlite3.Connection) -> list[str]:
    """The folders that articles were taken from, in the form that is shown."""
    rows = ledger.execute("SELECT root FROM inputs ORDER BY input_id").fetchall()
    return [display_path(os.fsdecode(root)) for (root,) in rows]


def find_new_files(ledger: sqlite3.Connection, folder: Path, input_id: int) -> Iterator[FoundFile]:
    """Files that are not as they were when last dealt with; size and modification time decide."""

    def seen_in(subfolder: str) -> set[Looks]:
        query = "SELECT name, size_bytes, modified_ns FROM seen WHERE input_id = ? AND folder = ?"
        return set(ledger.execute(query, (input_id, os.fsencode(subfolder))))

    return find_files(folder, seen_in)


# The last batches are not smaller than this: a commit costs as much as some ten articles, whatever their number.
LEAST_FILES = 100


def plan_batches(files: Iterable[FoundFile], run_id: str, settings: Settings) -> Iterator[BatchPlan]:
    """Files in batches, bounded by number and by bytes; towards the end smaller ones, so that the workers end together.

    Looks ahead by a batch a worker and one more. What fits into one batch altogether is one: it needs no workers.
    """
    found = iter(files)
    ahead: deque[FoundFile] = deque()
    limit = settings.batch_files
    for number in count(1):
        ahead.extend(islice(found, (settings.workers + 1) * settings.batch_files - len(ahead)))
        if not ahead:
            return
        if len(ahead) < (settings.workers + 1) * settings.batch_files and (number > 1 or len(ahead) > limit):
            limit = last_size(len(ahead), settings)
        batch = tuple(next_batch(ahead, limit, settings.batch_bytes))
        yield BatchPlan(run_id=run_id, batch_no=number, files=batch, settings=settings)


def last_size(left: int, settings: Settings) -> int:
    """How many of the last files make the next batch: half of a worker's share, so that none works long alone."""
    if settings.workers == 1:
        return settings.batch_files
    return min(settings.batch_files, max(LEAST_FILES, left // (2 * settings.workers)))


def next_batch(ahead: deque[FoundFile], limit: int, limit_bytes: int) -> Iterator[FoundFile]:
    """The first files, at least one, taken out of those ahead."""
    batch_bytes = 0
    for place in range(min(limit, len(ahead))):
        batch_bytes += ahead[0].size_bytes
        if place and batch_bytes > limit_bytes:
            return
        yield ahead.popleft()
