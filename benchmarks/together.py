"""Everything at once: two ingests, a backfill, upkeep and four kinds of readers, each in processes of their own."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from subprocess import TimeoutExpired

import duckdb

from benchmarks.deliveries import Delivery, Desk
from benchmarks.holdings import TORN
from benchmarks.sites import Site, finish, start
from tasks.storage.opening import open_warehouse

SECONDS_BETWEEN_FILES = 0.4
FIRST_FILES = 60

# Superseded files go this soon meanwhile, not after a week: expiry works beside readers too.
KEEP_SECONDS = 45

# Readers ask, rest, and ask again: without a rest three of them would have both cores to themselves.
REST_SECONDS = 0.3

# A command that takes longer than this beside the others is starved, or hangs.
STARVED_SECONDS = 60

Torn = tuple[int, int, int, int | None]


@dataclass(slots=True, kw_only=True)
class Turns:
    """What one process, or one kind of command, did over and over."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    def look(self, seen: Torn, before: int) -> int:
        """Judge one look of a reader: whole, and not older than the look before. Gives the snapshot."""
        miscounted, articles, accepted, snapshot = seen
        if miscounted or articles != accepted:
            self.torn.append(f"{miscounted} articles without all their mentions, {articles} of {accepted} articles")
        if snapshot is not None and snapshot < before:
            self.torn.append(f"snapshot {snapshot} after {before}")
        return max(snapshot or 0, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What each did."""

    site: Site
    deliveries: list[Delivery]
    alone: dict[str, float]
    writers: dict[str, Turns]
    readers: dict[str, Turns]


def together(site: Site, seconds: float, seed: int) -> Together:
    """Run all of them for so long while files arrive."""
    desk = (delivery for delivery in Desk(seed).deliveries() if not delivery.generation)
    deliveries = [next(desk) for _ in range(FIRST_FILES)]
    for delivery in deliveries:
        delivery.lay(site.inbox)
    finish(site.ingest(batch_size=400))
    alone = {name: turn(commands[0]) for name, commands in writing_commands(site).items()}
    until = time.time() + seconds
    with (
        ThreadPoolExecutor() as threads,
        ProcessPoolExecutor(len(READERS), get_context("spawn")) as processes,
    ):
        writers = {name: threads.submit(write, made, until) for name, made in writing_commands(site).items()}
        readers = {name: processes.submit(reader, site.warehouse, until) for name, reader in READERS.items()}
        while time.time() < until:
            deliveries.append(next(desk))
            deliveries[-1].lay(site.inbox)
            time.sleep(SECONDS_BETWEEN_FILES)
        return Together(
            site=site, deliveries=deliveries, alone=alone, writers=results(writers), readers=results(readers)
        )


def results(futures: dict[str, Future[Turns]]) -> dict[str, Turns]:
    return {name: future.result() for name, future in futures.items()}


def writing_commands(site: Site) -> dict[str, list[list[str]]]:
    """The commands of each writer, one after the other and from the beginning again."""
    return {
        "ingest, the first": [site.ingest(batch_size=10)],
        "ingest, the second": [site.ingest(batch_size=10)],
        "backfill": [site.backfill(model) for model in reversed(site.models)],
        "maintain": [site.maintain(KEEP_SECONDS / 86_400)],
    }


def turn(command: Sequence[str]) -> float:
    """The seconds of one command that succeeds."""
    began = time.perf_counter()
    finish(list(command))
    return time.perf_counter() - began


def write(commands: list[list[str]], until: float) -> Turns:
    """Run the commands in turn, each as a process of its own, until time is up."""
    turns = Turns()
    while time.time() < until:
        began = time.perf_counter()
        running = start(commands[len(turns.seconds) % len(commands)])
        try:
            _, errors = running.communicate(timeout=STARVED_SECONDS)
        except TimeoutExpired:
            turns.errors.append(f"longer than {STARVED_SECONDS} s")
            _, errors = running.communicate()
        turns.seconds.append(time.perf_counter() - began)
        if running.returncode:
            turns.errors.append(f"ended with {running.returncode}: {errors.decode()[-300:]}")
    return turns


def read_by_command(root: Path, until: float) -> Turns:
    """`newsmill sql`, a process for each query."""
    turns, snapshot = Turns(), 0
    query = ["sql", TORN, "--warehouse", str(root), "--format", "json"]
    while time.time() < until:
        began = time.perf_counter()
        running = start(query)
        answer, errors = running.communicate()
        turns.seconds.append(time.perf_counter() - began)
        if running.returncode:
            turns.errors.append(errors.decode()[-300:])
            continue
        (row,) = json.loads(answer)
        snapshot = turns.look(tuple(row.values()), snapshot)
        time.sleep(REST_SECONDS)
    return turns


def read_in_one_process(root: Path, until: float) -> Turns:
    """A program that opens the warehouse anew for every query, as newsmill's own readers do."""
    return read_again_and_again(lambda: open_warehouse(root), TORN, until)


def read_from_outside(root: Path, until: float) -> Turns:
    """A program that knows DuckDB and the catalog's name, and nothing of newsmill."""
    return read_again_and_again(lambda: duckdb.connect(str(root / "catalog.duckdb"), read_only=True), TORN, until)


def read_by_glob(root: Path, until: float) -> Turns:
    """A plain glob over tables/, which is right at rest and may be in between during a commit."""
    tables = {name: str(root / "tables" / name / "*" / "*.parquet") for name in ("articles", "entities", "outcomes")}
    query = TORN.replace("(SELECT commit_id FROM snapshot)", "NULL")
    for name, pattern in tables.items():
        query = query.replace(f"FROM {name} ", f"FROM read_parquet('{pattern}') AS {name} ")
        query = query.replace(f"FROM {name})", f"FROM read_parquet('{pattern}') AS {name})")
        query = query.replace(f"JOIN {name} ", f"JOIN read_parquet('{pattern}') AS {name} ")
    return read_again_and_again(duckdb.connect, query, until)


def read_again_and_again(
    connect: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]], query: str, until: float
) -> Turns:
    """Open, ask, close, until time is up."""
    turns, snapshot = Turns(), 0
    while time.time() < until:
        began = time.perf_counter()
        try:
            with connect() as connection:
                row = connection.execute(query).fetchone()
        except duckdb.Error as error:
            turns.errors.append(str(error)[:300])
        else:
            assert row is not None
            snapshot = turns.look((row[0], row[1], row[2], row[3]), snapshot)
        turns.seconds.append(time.perf_counter() - began)
        time.sleep(REST_SECONDS)
    return turns


READERS: dict[str, Callable[[Path, float], Turns]] = {
    "newsmill sql": read_by_command,
    "one long process": read_in_one_process,
    "DuckDB alone": read_from_outside,
    "a plain glob": read_by_glob,
}


def commit_times(root: Path) -> list[tuple[str, int, float]]:
    """Per kind of run, how many there were and the longest time that one had for all its commits."""
    with open_warehouse(root) as connection:
        query = (
            "SELECT kind, count(*), max(storing_seconds) FROM runs WHERE storing_seconds > 0 GROUP BY ALL ORDER BY kind"
        )
        return connection.execute(query).fetchall()


# What a glob finds while links change is between two states; it is measured, not promised.
UNPROMISED = "a plain glob"


def print_together(done: Together) -> bool:
    """Turns and times of each; gives whether every promise to them held."""
    print(f"\n{len(done.deliveries)} files delivered\n  {'':<22}turns   median s  longest s  alone s  errors  torn")
    for name, turns in {**done.writers, **done.readers}.items():
        alone = f"{done.alone[name]:.1f}" if name in done.alone else ""
        times = f"{median(turns.seconds):>9.1f}  {max(turns.seconds):>9.1f}" if turns.seconds else f"{'':>20}"
        print(f"  {name:<20}{len(turns.seconds):>7}  {times}{alone:>9}{len(turns.errors):>8}{len(turns.torn):>6}")
    for name, turns in {**done.writers, **done.readers}.items():
        for line in [*turns.errors[:2], *turns.torn[:2]]:
            sys.stdout.write(f"    {name}: {' '.join(line.split())[:400]}\n")
    for kind, commits, seconds in commit_times(done.site.warehouse):
        print(f"  {kind:<20}{commits:>7} runs, longest {seconds:.1f} s for its commits, waiting for others included")
    everyone = {**done.writers, **done.readers}
    return not any(turns.errors or turns.torn for name, turns in everyone.items() if name != UNPROMISED)
