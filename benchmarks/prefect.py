"""What Prefect costs: its share of the time of a whole `ingest`, a server running beside it.

    python -m benchmarks.prefect [--articles 20000] [--pairs 3] [--model en_core_web_md] [--workers N]

Whole commands are timed, with Prefect and `--direct`, in turn; the share is (with - direct) / with. The server is the
one that `newsmill serve` starts, on this machine: what it computes is part of the wall time, and its CPU time stands
apart from that of the command. A batch's cost is the CPU time that Prefect adds, over the number of batches. Target:
3 %.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from statistics import median

from benchmarks.claims import Claim
from benchmarks.measuring import Cost, in_turn, newsmill, print_machine, scratch, spread, verdict
from benchmarks.news import write_articles

TARGET_PERCENT = 3.0
COMMAND = "python -m benchmarks.prefect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one command cost, and what it cost the server."""

    cost: Cost
    server_seconds: float


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints the share of one run."""
    from flows.server_process import prefect_server

    options = parse_arguments(arguments)
    print_machine()
    with scratch() as folder:
        inbox = options.input or write_articles(folder / "in", options.articles)
        with prefect_server(folder / "prefect", settings={"PREFECT_SERVER_UI_ENABLED": "false"}) as server:
            pairs = [
                in_turn(
                    number,
                    partial(ingest, inbox, folder / f"direct-{number}", options, "--direct"),
                    partial(ingest, inbox, folder / f"prefect-{number}", options, api=server.address),
                )
                for number in range(options.pairs)
            ]
            return print_shares(pairs, options)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How much of what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="full-length articles to make")
    parser.add_argument("--input", type=Path, help="a folder of dumps instead of made articles")
    parser.add_argument("--pairs", type=int, default=3, help="repeats of the comparison")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="worker processes of both")
    parser.add_argument("--model", default="en_core_web_md", help="spaCy pipeline")
    return parser.parse_args(arguments)


def ingest(inbox: Path, warehouse: Path, options: argparse.Namespace, *flags: str, api: str = "") -> Spent:
    """The cost of one whole command into a new warehouse, and the CPU seconds of the server meanwhile."""
    before = server_seconds()
    folders = ("--input", str(inbox), "--warehouse", str(warehouse))
    chosen = ("--workers", str(options.workers), "--model", options.model)
    cost = newsmill("ingest", *folders, *chosen, *flags, environment={"PREFECT_API_URL": api} if api else None)
    return Spent(cost=cost, server_seconds=server_seconds() - before)


def server_seconds() -> float:
    """CPU seconds of this process's children, which here is the server alone."""
    ticks = 0
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
        fields = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def print_shares(pairs: Sequence[tuple[Spent, Spent]], options: argparse.Namespace) -> list[Claim]:
    """Prefect's share of wall time, pair by pair, and of CPU time."""
    from tasks.settings import BATCH_FILES

    wall = [(direct.cost.wall_seconds, with_.cost.wall_seconds) for direct, with_ in pairs]
    cpu = [(direct.cost.cpu_seconds, with_.cost.cpu_seconds) for direct, with_ in pairs]
    shares = [100 * (with_ - direct) / with_ for direct, with_ in wall]
    cpu_shares = [100 * (with_ - direct) / with_ for direct, with_ in cpu]
    served = [with_.server_seconds for _, with_ in pairs]
    batches = ceil(options.articles / BATCH_FILES)
    milliseconds = [1000 * (with_ - direct) / batches for direct, with_ in cpu]
    is_met = median(shares) <= TARGET_PERCENT
    print(f"\n{options.model}, {options.workers} workers, {options.articles:,} articles in {batches} batches,", end=" ")
    print(f"{len(pairs)} pairs; median (least to greatest)")
    print(f"  ingest --direct              {spread([direct for direct, _ in wall], '.1f')} s")
    print(f"  ingest with Prefect          {spread([with_ for _, with_ in wall], '.1f')} s")
    print(f"  Prefect's share of wall      {spread(shares, '.1f')} %, target {TARGET_PERCENT:.0f} %: {verdict(is_met)}")
    print(f"  of the command's CPU         {spread(cpu_shares, '.1f')} %, {spread(milliseconds, '.0f')} ms a batch")
    print(f"  the server's CPU beside it   {spread(served, '.1f')} s")
    claim = f"Prefect's share of wall time, {options.articles:,} articles, server running, {options.workers} workers"
    beside = f"its server takes {median(served):.1f} s of CPU, the command {median(milliseconds):.0f} ms more a batch"
    measured = f"{spread(shares, '.1f')} %; {beside}"
    return [Claim(claim=claim, command=COMMAND, measured=measured, target=f"{TARGET_PERCENT:.0f} %", met=is_met)]


if __name__ == "__main__":
    main()
