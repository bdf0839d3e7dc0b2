"""What a thousand small ingests leave behind: files, the seconds that each takes, and what queries cost afterwards.

    python -m benchmarks.small_files [--ingests 1000] [--repeats 5]

Each ingest finds one to five articles of about 60 words in its inbox, mostly of the day, one in six late by up to
three months; nothing reads them but a pipeline of a few names, and the inbox is emptied afterwards, since listing files
that are known is measured by `benchmarks.rerun`. Then every view and report runs over the warehouse and over one with
the same rows in one sorted file per table and month, in turn. Targets: tens of live files in a table and month, as fast
at the end as at the beginning, queries at most 1.2 times as slow.
"""

import argparse
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.claims import Claim
from benchmarks.measuring import in_turn, print_machine, scratch, spread, verdict
from benchmarks.news import RANDOM_SEED, draw, headlines_and_paragraphs, sentences
from benchmarks.tiny import write_tiny_pipeline
from schemas.tables import TABLES
from tasks.ingestion.ingesting import run_ingest
from tasks.ingestion.preparing import prepare_here
from tasks.settings import Settings, load_settings
from tasks.storage.commit import transaction
from tasks.storage.ledger import Part, live_parts
from tasks.storage.opening import open_warehouse, reading, writing
from warehouse import load_queries, load_views

MOST_FILES = 40
TARGET_GROWTH = 1.2
TARGET_COST = 1.2
COMMAND = "python -m benchmarks.small_files"

FIRST_DAY = date(2025, 7, 1)
DAYS = 120
LATE_SHARE = 1 / 6
LATE_DAYS = 90
ARTICLE_WORDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What the ingests took, and the bytes of Parquet that they wrote, rewriting included."""

    seconds: Sequence[float]
    cpu_seconds: Sequence[float]
    bytes_written: int
    bytes_appended: int


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints files, seconds and ratios of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ingests", type=int, default=1_000, help="small ingests, one after the other")
    parser.add_argument("--repeats", type=int, default=5, help="repeats of every query in both warehouses")
    options = parser.parse_args(arguments)
    print_machine()
    with scratch() as folder:
        model = write_tiny_pipeline(folder / "tiny")
        settings = load_settings(input_folder=folder / "in", warehouse=folder / "data", workers=1, model=model)
        found = print_ingests(ingest_often(settings, options.ingests))
        with reading(settings.warehouse) as (_, ledger):
            found.append(print_files(live_parts(ledger), options.ingests))
        write_afresh(settings.warehouse, folder / "fresh")
        return [*found, print_queries(settings.warehouse, folder / "fresh", options.repeats)]


def ingest_often(settings: Settings, ingests: int) -> Aftermath:
    """Take in one small delivery after the other."""
    seconds, cpu = [], []
    for delivery in deliveries(ingests):
        shutil.rmtree(settings.input_folder, ignore_errors=True)
        settings.input_folder.mkdir()
        for name, text in delivery.items():
            (settings.input_folder / name).write_text(text, encoding="utf-8")
        started, started_cpu = time.perf_counter(), time.process_time()
        run = run_ingest(settings, prepare_here)
        seconds.append(time.perf_counter() - started)
        cpu.append(time.process_time() - started_cpu)
        assert run.articles_new + run.articles_near_duplicate == len(delivery)
    with reading(settings.warehouse) as (_, ledger):
        by_kind = dict(
            ledger.execute(
                "SELECT kind = 'compact', sum(size_bytes) FROM parts JOIN commits ON added_by = commit_id GROUP BY 1"
            )
        )
    return Aftermath(
        seconds=seconds, cpu_seconds=cpu, bytes_written=sum(by_kind.values()), bytes_appended=by_kind.get(0, 0)
    )


def deliveries(count: int) -> Iterator[dict[str, str]]:
    """So many deliveries of one to five one-article files, by name; the same at every call."""
    chance = random.Random(RANDOM_SEED)
    headlines, paragraphs = headlines_and_paragraphs()
    pieces = [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]
    for number in range(count):
        today = FIRST_DAY + timedelta(days=number * DAYS // count)
        delivery = {}
        for part in range(chance.randint(1, 5)):
            late = chance.randint(1, LATE_DAYS) if chance.random() < LATE_SHARE else 0
            lines = [f" date {today - timedelta(days=late)} {chance.choice(headlines)}"]
            lines += draw(pieces, ARTICLE_WORDS, chance)
            delivery[f"{number:06d}-{part}.txt"] = "\n".join(lines)
        yield delivery


def write_afresh(warehouse: Path, fresh: Path) -> None:
    """A warehouse of the same rows, every month of a table in one sorted file."""
    with (
        open_warehouse(warehouse) as connection,
        writing(fresh) as (place, ledger),
        transaction(place, ledger, "ingest", "afresh") as commit,
    ):
        for name, table in TABLES.items():
            rows = connection.sql(f"SELECT * EXCLUDE ({table.partition}) FROM {name}")
            commit.append(name, rows.to_arrow_table())


def print_ingests(done: Aftermath) -> list[Claim]:
    """Whether the last ingests took as long as the first; by CPU time, since an ingest is too short to take turns."""
    tenth = max(1, len(done.seconds) // 10)
    print(f"\n{len(done.seconds):,} ingests of one to five articles; median (least to greatest)")
    for what, values in (("seconds", done.seconds), ("CPU seconds", done.cpu_seconds)):
        # Not from the very first: it makes the warehouse and loads what a process loads once.
        first, last = values[tenth : 2 * tenth], values[-tenth:]
        growth = median(last) / median(first)
        print(f"  {what:<12} second tenth  {spread(first)}, last tenth {spread(last)}, ratio {growth:.2f}")
    rewriting = done.bytes_written / done.bytes_appended
    print(f"  target of the last ratio   {TARGET_GROWTH}: {verdict(growth <= TARGET_GROWTH)}")
    print(f"  bytes written per byte     {rewriting:.1f}")
    ingests = f"{len(done.seconds):,} small ingests"
    return [
        Claim(
            claim=f"CPU seconds of an ingest, the last tenth of {ingests} over the second",
            command=COMMAND,
            measured=f"{spread(last)} s over {spread(first)} s: {growth:.2f}",
            target=f"≤ {TARGET_GROWTH}",
            met=growth <= TARGET_GROWTH,
        ),
        Claim(claim=f"times that {ingests} write each byte of Parquet", command=COMMAND, measured=f"{rewriting:.1f}"),
    ]


def print_files(parts: Sequence[Part], ingests: int) -> Claim:
    """How many files there are, and where the most lie."""
    files = Counter((part.table_name, part.month) for part in parts)
    (table, month), most = max(files.items(), key=lambda item: item[1])
    print(f"\n{len(parts)} live files in {len(files)} tables and months")
    print(f"  most, {table} {month}  {most}, target {MOST_FILES}: {verdict(most <= MOST_FILES)}")
    return Claim(
        claim=f"live files of one table and month after {ingests:,} small ingests",
        command=COMMAND,
        measured=f"{most} at most; {len(parts)} in {len(files)} tables and months",
        target=f"≤ {MOST_FILES}",
        met=most <= MOST_FILES,
    )


def print_queries(warehouse: Path, fresh: Path, repeats: int) -> Claim:
    """What the views and reports cost over both warehouses."""
    queries = {f"view {name}": f"SELECT * FROM {name}" for name in [*TABLES, *load_views()]}
    queries |= {f"report {name}": query.sql for name, query in load_queries("reports").items()}
    with open_warehouse(warehouse) as often, open_warehouse(fresh) as once:
        for connection in (often, once):
            connection.execute("SET TimeZone = 'UTC'")
        pairs = {name: timings(often, once, sql, repeats) for name, sql in queries.items()}
    ratios = sorted(((median(a / b for a, b in of_query), name) for name, of_query in pairs.items()), reverse=True)
    sums = [tuple(sum(side) for side in zip(*at_once, strict=True)) for at_once in zip(*pairs.values(), strict=True)]
    of_sums = [joined / ideal for joined, ideal in sums]
    ratio = median(of_sums)
    joined, ideal = (spread(side) for side in zip(*sums, strict=True))
    print(f"\n{len(queries)} views and reports, {repeats} repeats")
    print(f"  all, seconds               {joined}, afresh {ideal}")
    print(f"  ratio                      {ratio:.2f}, target {TARGET_COST}: {verdict(ratio <= TARGET_COST)}")
    print(f"  median of the queries'     {median(ratio for ratio, _ in ratios):.2f}")
    print(f"  most                       {', '.join(f'{name} {ratio:.2f}' for ratio, name in ratios[:4])}")
    return Claim(
        claim=f"{len(queries)} views and reports over these files, over one sorted file a table and month",
        command=COMMAND,
        measured=f"{joined} s over {ideal} s: {spread(of_sums)}",
        target=f"≤ {TARGET_COST}",
        met=ratio <= TARGET_COST,
    )


def timings(
    often: duckdb.DuckDBPyConnection, once: duckdb.DuckDBPyConnection, sql: str, repeats: int
) -> list[tuple[float, float]]:
    """Seconds of a query in both warehouses, in turn."""
    for connection in (often, once):
        seconds(connection, sql)
    return [in_turn(number, partial(seconds, often, sql), partial(seconds, once, sql)) for number in range(repeats)]


def seconds(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    """How long a query takes."""
    started = time.perf_counter()
    connection.sql(sql).to_arrow_table()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
