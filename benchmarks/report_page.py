"""What the report page weighs and costs: bytes, seconds and memory, over the same reports' SQL alone.

    python -m benchmarks.report_page [--articles 100000] [--months 36] [--pairs 5] [--keep FOLDER]

A warehouse of made articles with eight mentions each is written by the real store, as in `benchmarks.queries`. The page
is made as `newsmill report` makes it; beside it the SQL of every report on the page is run, its rows taken and dropped.
Each has a process of its own and they take turns. Targets: 3 MB, ten seconds, 1.1 times the CPU of the SQL. A folder to
keep is filled when it is empty and used again when it is not.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.claims import Claim
from benchmarks.made_warehouse import make_warehouse, settle_warehouse
from benchmarks.measuring import Cost, apart, costs, in_turn, peak_megabytes, print_machine, scratch, spread, verdict
from benchmarks.queries import folder_for
from tasks.storage.layout import locate

COMMAND = "python -m benchmarks.report_page"
TARGET_MEGABYTES = 3.0
TARGET_SECONDS = 10.0
TARGET_RATIO = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made, at what cost."""

    cost: Cost
    peak_megabytes: float
    size_megabytes: float = 0


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints size, seconds, their ratio and the memory of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000, help="made articles")
    parser.add_argument("--months", type=int, default=36, help="the months that they are of")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for the warehouse, some 200 MB for 100,000 articles")
    options = parser.parse_args(arguments)
    print_machine()
    with folder_for(options.keep) as folder, scratch() as place:
        warehouse = folder / "data"
        if not warehouse.exists():
            apart(make_warehouse, warehouse, options.articles, options.months)
            apart(settle_warehouse, warehouse)
        # One that was kept shows the views of its day until it is published again.
        locate(warehouse).catalog.unlink(missing_ok=True)
        # The first to open it publishes the views.
        apart(run_sql, warehouse)
        pairs = [
            in_turn(
                number,
                partial(apart, write_page, warehouse, place / "report.html"),
                partial(apart, run_sql, warehouse),
            )
            for number in range(options.pairs)
        ]
    return print_pages(pairs, f"{options.articles:,} articles of {options.months} months")


def write_page(warehouse: Path, output: Path) -> Made:
    """The page, as the command writes it."""
    from tasks.reporting.page import write_report
    from tasks.storage.opening import open_warehouse

    with costs() as spent, open_warehouse(warehouse) as connection:
        connection.execute("SET enable_progress_bar = false")
        write_report(connection, output)
    return Made(cost=spent[0], peak_megabytes=peak_megabytes(), size_megabytes=output.stat().st_size / 1e6)


def run_sql(warehouse: Path) -> Made:
    """The rows of every report on the page, and nothing made of them."""
    from tasks.reporting.page import asset
    from tasks.reporting.reports import run_report
    from tasks.storage.opening import open_warehouse

    shown = re.findall(r"\{\{ behind\((.*?)\)", asset("page.html"))
    names = {name for call in shown for name in re.findall(r"\w+", call)}
    with costs() as spent, open_warehouse(warehouse) as connection:
        connection.execute("SET enable_progress_bar = false")
        for name in sorted(names):
            run_report(connection, name)
    return Made(cost=spent[0], peak_megabytes=peak_megabytes())


def print_pages(pairs: Sequence[tuple[Made, Made]], what: str) -> list[Claim]:
    """Both sides, what of it is promised and whether that is kept."""
    size = max(page.size_megabytes for page, _ in pairs)
    wall = [page.cost.wall_seconds for page, _ in pairs]
    cpu = [page.cost.cpu_seconds for page, _ in pairs]
    ratios = [page.cost.cpu_seconds / sql.cost.cpu_seconds for page, sql in pairs]
    peak, of_sql = (max(made.peak_megabytes for made in side) for side in zip(*pairs, strict=True))
    print(f"\n{what}; median of {len(pairs)} pairs (least to greatest)")
    print(f"  size            {size:.2f} MB, target {TARGET_MEGABYTES:.0f}: {verdict(size <= TARGET_MEGABYTES)}")
    print(f"  seconds         {spread(wall)}, target {TARGET_SECONDS:.0f}: {verdict(median(wall) <= TARGET_SECONDS)}")
    print(f"  CPU seconds     {spread(cpu)}; the SQL alone {spread([sql.cost.cpu_seconds for _, sql in pairs])}")
    print(f"  ratio           {spread(ratios)}, target {TARGET_RATIO}: {verdict(median(ratios) <= TARGET_RATIO)}")
    print(f"  peak memory     {peak:.0f} MB; the SQL alone {of_sql:.0f} MB")
    return [
        Claim(
            claim=f"Report page of {what}",
            command=COMMAND,
            measured=f"{size:.2f} MB",
            target=f"{TARGET_MEGABYTES:.0f} MB",
            met=size <= TARGET_MEGABYTES,
        ),
        Claim(
            claim=f"Making it, {median(cpu):.1f} s of CPU and {peak:.0f} MB",
            command=COMMAND,
            measured=f"{spread(wall)} s",
            target=f"{TARGET_SECONDS:.0f} s",
            met=median(wall) <= TARGET_SECONDS,
        ),
        Claim(
            claim="CPU of making it over that of its reports' SQL alone",
            command=COMMAND,
            measured=f"{spread(ratios)} times",
            target=f"{TARGET_RATIO} times",
            met=median(ratios) <= TARGET_RATIO,
        ),
    ]


if __name__ == "__main__":
    main()
