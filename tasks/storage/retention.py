"""Letting go: superseded parts after the grace period, and whatever a crash left over."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tasks.storage.catalog import NO_MONTH
from tasks.storage.holder import check_holder
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import in_one_step, instant, microseconds, set_oldest_snapshot
from tasks.storage.locks import is_locked, locked
from tasks.storage.objects import Objects, objects_of
from tasks.storage.parts import delete_part, in_store

# How long superseded parts stay for --as-of and for readers that opened the catalog before.
GRACE = timedelta(days=7)

# Half-made files of a live program are younger than this; a batch takes minutes.
ABANDONED = timedelta(days=1)


def expire(warehouse: Warehouse, ledger: sqlite3.Connection, grace: timedelta = GRACE) -> int:
    """Delete superseded parts whose grace is over and parts no commit knows; gives the number of files."""
    with locked(warehouse.tmp / "writer.lock"):
        # Their rows leave the ledger first: what is expired is unknown then too.
        expire_parts(ledger, grace)
        deleted = delete_unknown(warehouse, ledger)
        # Under the lock: a publish begins with the blank catalog, which is scratch too.
        deleted += clear_scratch(warehouse)
    return deleted + delete_unknown_raw(warehouse, ledger)


def delete_unknown(warehouse: Warehouse, ledger: sqlite3.Connection) -> int:
    """Delete the parts that the ledger does not know; the caller holds the writer lock. Gives their number.

    Raises NewsmillError when a copy of this folder knows them.
    """
    check_holder(warehouse, ledger)
    paths = list(unknown_parts(warehouse, ledger))
    for path in paths:
        delete_part(warehouse, path)
    return len(paths)


def expire_parts(ledger: sqlite3.Connection, grace: timedelta) -> None:
    """Take the parts that were superseded longer ago than the grace out of the ledger."""
    until = microseconds(datetime.now(UTC) - grace)
    with in_one_step(ledger):
        rows = ledger.execute(
            "DELETE FROM parts WHERE removed_by IN (SELECT commit_id FROM commits WHERE committed_us <= ?)"
            " RETURNING removed_by",
            (until,),
        ).fetchall()
        if rows:
            set_oldest_snapshot(ledger, max(removed_by for (removed_by,) in rows))


def unknown_parts(warehouse: Warehouse, ledger: sqlite3.Connection) -> Iterator[str]:
    """Paths of parts that no commit names: a crash before its commit left them."""
    known = {path for (path,) in ledger.execute("SELECT path FROM parts")}
    for listed, _ in objects_of(warehouse).listed("store"):
        path = listed.removeprefix(in_store(""))
        if path.endswith(".parquet") and path not in known and f"={NO_MONTH}/" not in path:
            yield path


def delete_unknown_raw(warehouse: Warehouse, ledger: sqlite3.Connection) -> int:
    """Delete old raw bytes that no file has: a crash left them and the file has changed since. Gives their number."""
    before = begun_at(ledger) - ABANDONED.total_seconds()
    old = [path for path, written in objects_of(warehouse).listed("raw") if path.endswith(".zst") and written < before]
    known = {file_id for (file_id,) in ledger.execute("SELECT file_id FROM files")} if old else set()
    unknown = [path for path in old if Path(path).stem not in known]
    deleted = 0
    for path in unknown:
        # Found again in the input since it was listed, and renewed: the commit that names it is on its way.
        if was_written_before(objects_of(warehouse), path, before):
            objects_of(warehouse).delete(path)
            deleted += 1
    return deleted


def was_written_before(objects: Objects, path: str, moment: float) -> bool:
    """Whether an object is there and older; what one asks this of is rare."""
    return any(found == path and written < moment for found, written in objects.listed(os.path.dirname(path)))


def begun_at(ledger: sqlite3.Connection) -> float:
    """When the oldest run that goes on began, else now, in seconds since 1970: what it staged is not named yet.

    An archive of some gigabytes, or many batches that wait for their commit, may take more than a day.
    """
    (started_us,) = ledger.execute("SELECT min(started_us) FROM runs WHERE finished_us IS NULL").fetchone()
    return time.time() if started_us is None else min(time.time(), instant(started_us).timestamp())


def clear_scratch(warehouse: Warehouse) -> int:
    """Delete half-made files that a crash left in tmp/, and folders, by age; gives the number of files.

    Programs that run make and delete theirs meanwhile, so anything may be gone when it is looked at. What a run that
    goes on has staged stays, however old.
    """
    kept = {warehouse.tmp / "runs" / run_id for run_id in runs_alive(warehouse)}
    before = time.time() - ABANDONED.total_seconds()
    folders: list[str] = []
    deleted = 0
    for folder, _, names in os.walk(warehouse.tmp, topdown=False):
        if kept & {Path(folder), *Path(folder).parents}:
            continue
        with suppress(FileNotFoundError):
            folders += [folder] if Path(folder).stat().st_mtime < before else []
        for name in names:
            with suppress(FileNotFoundError):
                if is_old_file(Path(folder, name), before):
                    Path(folder, name).unlink()
                    deleted += 1
    for folder in folders:
        with suppress(OSError):  # not empty: a program has come back to it
            Path(folder).rmdir()
    return deleted


def runs_alive(warehouse: Warehouse) -> Iterator[str]:
    """The ids of the runs whose program lives."""
    for lock in warehouse.tmp.glob("run-*.lock"):
        if is_locked(lock):
            yield lock.stem.removeprefix("run-")


def is_old_file(file: Path, before: float) -> bool:
    """Whether a file may go by its age: of locks those of runs that ended badly, which nobody will ask for again."""
    if not file.is_file() or file.stat().st_mtime >= before:
        return False
    return file.suffix != ".lock" or (file.name.startswith("run-") and not is_locked(file))
