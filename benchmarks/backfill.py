"""Whether a backfill costs what its range costs: one month of 36, over taking in that month alone.

    python -m benchmarks.backfill [--months 36] [--articles 400] [--pairs 5]

So many articles a month of about 100 words, read by a pipeline of a few names. Then a pipeline that knows one name
more derives a month in the middle again, and the month is taken in alone into a new warehouse; both take turns, and
each backfill has a pipeline that the one before had not. Targets: 1.2 times the ingest, and no file of another month of
articles, entities or locations is written, joined or replaced: every one keeps its name and inode.
"""

import argparse
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.claims import Claim
from benchmarks.made_warehouse import months
from benchmarks.measuring import Cost, apart, costs, in_turn, print_machine, scratch, spread, verdict
from benchmarks.news import SHORT_WORDS, write_articles
from benchmarks.tiny import PLACES, write_tiny_pipeline
from schemas.tables import TABLES
from tasks.ingestion.backfilling import checked_range, run_backfill
from tasks.ingestion.batch import warm
from tasks.ingestion.ingesting import run_ingest
from tasks.ingestion.preparing import prepare_here
from tasks.settings import load_settings

COMMAND = "python -m benchmarks.backfill"
TARGET = 1.2
PARTITION = "published_month"
# Every month has the days that the shortest has.
DAYS = 28


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints seconds, their ratio and the files that changed."""
    options = parse_arguments(arguments)
    print_machine()
    with scratch() as folder:
        models = [
            write_tiny_pipeline(folder / f"tiny-{number}", [*PLACES, f"Place {number}"], f"1.0.{number}")
            for number in range(options.pairs + 1)
        ]
        wanted = list(months(options.months))[options.months // 2]
        for month in months(options.months):
            write_articles(folder / "in" / f"{month:%Y-%m}", options.articles, SHORT_WORDS, first_day=month, days=DAYS)
        apart(ingest, folder / "in", folder / "data", models[0])
        before = other_files(folder / "data", wanted)
        alone = folder / "in" / f"{wanted:%Y-%m}"
        pairs = [
            in_turn(
                number,
                partial(apart, backfill, folder / "data", wanted, models[number + 1]),
                partial(apart, ingest, alone, folder / "alone", models[number + 1]),
            )
            for number in range(options.pairs)
        ]
        changed = before ^ other_files(folder / "data", wanted)
    return report(pairs, len(before), len(changed), options)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How much, how often."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=36, help="months in the warehouse")
    parser.add_argument("--articles", type=int, default=400, help="articles a month")
    parser.add_argument("--pairs", type=int, default=5, help="repeats of the comparison")
    return parser.parse_args(arguments)


def ingest(inbox: Path, warehouse: Path, model: str) -> Cost:
    """Take a folder into a new warehouse; loading the pipeline is left out."""
    shutil.rmtree(warehouse, ignore_errors=True)
    settings = load_settings(input_folder=inbox, warehouse=warehouse, workers=1, model=model)
    warm(settings)
    with costs() as spent:
        run = run_ingest(settings, prepare_here)
    assert run.articles_new, "the folder held no new article"
    return spent[0]


def backfill(warehouse: Path, month: date, model: str) -> Cost:
    """Derive a month again from the bytes kept; loading the pipeline is left out."""
    settings = load_settings(warehouse=warehouse, workers=1, model=model)
    warm(settings)
    with costs() as spent:
        done = run_backfill(settings, checked_range(month, month + timedelta(days=DAYS - 1)), prepare_here)
    assert done.changes, "the backfill changed nothing"
    return spent[0]


def other_files(warehouse: Path, month: date) -> set[tuple[str, int]]:
    """Name and inode of every part of other months of publication."""
    names = [name for name, table in TABLES.items() if table.partition == PARTITION]
    parts = (part for name in names for part in (warehouse / "store" / name).rglob("*.parquet"))
    return {(str(part), part.stat().st_ino) for part in parts if f"{PARTITION}={month:%Y-%m}" not in str(part)}


def report(pairs: Sequence[tuple[Cost, Cost]], files: int, changed: int, options: argparse.Namespace) -> list[Claim]:
    """Seconds of both, and what became of the files of other months."""
    ratios = [ours.wall_seconds / alone.wall_seconds for ours, alone in pairs]
    by_cpu = [ours.cpu_seconds / alone.cpu_seconds for ours, alone in pairs]
    again, alone = (spread([cost.wall_seconds for cost in side]) for side in zip(*pairs, strict=True))
    is_met = median(ratios) <= TARGET
    print(f"\n{options.articles:,} articles a month, {options.months} months, {options.pairs} pairs")
    print(f"  backfill of one month, seconds   {again}")
    print(f"  ingest of that month alone       {alone}")
    print(f"  ratio                            {spread(ratios)}, target {TARGET}: {verdict(is_met)}")
    print(f"  ratio by CPU time                {spread(by_cpu)}")
    print(f"  files of other months            {files}, changed {changed}: {verdict(not changed)}")
    what = f"backfill of one month of {options.months}, {options.articles:,} articles each, a pipeline of a few names"
    return [
        Claim(
            claim=f"{what}, over taking in that month alone",
            command=COMMAND,
            measured=f"{again} s over {alone} s: {spread(ratios)}, by CPU time {median(by_cpu):.2f}",
            target=f"≤ {TARGET}",
            met=is_met,
        ),
        Claim(
            claim="files of articles, entities and locations of the other months that it wrote, joined or replaced",
            command=COMMAND,
            measured=f"{changed} of {files}",
            target="0",
            met=not changed,
        ),
    ]


if __name__ == "__main__":
    main()
