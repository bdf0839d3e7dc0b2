"""What Prefect costs: its share of a whole `ingest`, a server running beside it.

    python -m benchmarks.prefect [--articles 20000] [--pairs 2] [--model en_core_web_md] [--workers N]

Whole commands are timed, with Prefect and `--direct`, in turn; the share of the wall time is (with - direct) / with.
Target: 3 %. The server is the one that `newsmill serve` starts, on this machine, so what it computes is in the wall
time. Where other programs run, wall time says little: the share of CPU time is what the command itself takes more with
Prefect, and the server more than beside `--direct`, of all that command, workers and server take. A difference of whole
runs, workers included, would be lost in how fast the processor happens to be for the model.
"""

import argparse
import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from statistics import median

from benchmarks.claims import Claim
from benchmarks.measuring import cpu_seconds, in_turn, newsmill, print_machine, scratch, spread, verdict
from benchmarks.news import write_articles

TARGET_PERCENT = 3.0
COMMAND = "python -m benchmarks.prefect"

# From linux/prctl.h. Workers are children of a fork server, which outlives its command by a moment: whoever is its
# next of kin then can wait for it, and learn what both took.
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Seconds that one command took, and CPU seconds of itself, its workers, and the server meanwhile."""

    wall: float
    command: float
    workers: float
    server: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The same ingest without Prefect and with it."""

    direct: Spent
    recorded: Spent

    @property
    def wall_percent(self) -> float:
        """Prefect's share of the wall time."""
        return 100 * (self.recorded.wall - self.direct.wall) / self.recorded.wall

    @property
    def command_seconds(self) -> float:
        """CPU time that the command takes more with Prefect."""
        return self.recorded.command - self.direct.command

    @property
    def server_seconds(self) -> float:
        """CPU time that the server takes more than when nothing asks it for anything."""
        return self.recorded.server - self.direct.server * self.recorded.wall / self.direct.wall

    @property
    def cpu_percent(self) -> float:
        """Prefect's share of the CPU time of all."""
        whole = self.recorded.command + self.recorded.workers + self.recorded.server
        return 100 * (self.command_seconds + self.server_seconds) / whole


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints the share of one run."""
    from flows.server_process import prefect_server

    options = parse_arguments(arguments)
    print_machine()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with scratch() as folder:
        inbox = options.input or write_articles(folder / "in", options.articles)
        others = children()
        with prefect_server(folder / "prefect", settings={"PREFECT_SERVER_UI_ENABLED": "false"}) as server:
            (server_pid,) = children() - others
            run = partial(ingest, inbox, options, server_pid)
            pairs = [
                in_turn(
                    number,
                    partial(run, folder / f"direct-{number}", "--direct"),
                    partial(run, folder / f"prefect-{number}", api=server.address),
                )
                for number in range(options.pairs)
            ]
    return print_shares([Pair(direct=direct, recorded=recorded) for direct, recorded in pairs], options)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How much of what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="full-length articles to make")
    parser.add_argument("--input", type=Path, help="a folder of dumps instead of made articles")
    parser.add_argument("--pairs", type=int, default=2, help="repeats of the comparison")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="worker processes of both")
    parser.add_argument("--model", default="en_core_web_md", help="spaCy pipeline")
    return parser.parse_args(arguments)


def ingest(
    inbox: Path, options: argparse.Namespace, server_pid: int, warehouse: Path, *flags: str, api: str = ""
) -> Spent:
    """The cost of one whole command into a new warehouse."""
    served = running_seconds(server_pid)
    folders = ("--input", str(inbox), "--warehouse", str(warehouse))
    chosen = ("--workers", str(options.workers), "--model", options.model)
    cost = newsmill("ingest", *folders, *chosen, *flags, environment={"PREFECT_API_URL": api} if api else None)
    served = running_seconds(server_pid) - served
    ended = cpu_seconds()
    while orphans := children() - {server_pid}:
        os.waitpid(orphans.pop(), 0)
    return Spent(wall=cost.wall_seconds, command=cost.cpu_seconds, workers=cpu_seconds() - ended, server=served)


def children() -> set[int]:
    """The processes that this one can wait for."""
    return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()))


def running_seconds(pid: int) -> float:
    """CPU seconds of a running process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def print_shares(pairs: Sequence[Pair], options: argparse.Namespace) -> list[Claim]:
    """Prefect's share of wall time and of CPU time, pair by pair."""
    from tasks.settings import BATCH_FILES

    wall, cpu = [pair.wall_percent for pair in pairs], [pair.cpu_percent for pair in pairs]
    command, server = [pair.command_seconds for pair in pairs], [pair.server_seconds for pair in pairs]
    is_met = median(wall) <= TARGET_PERCENT
    print(f"\n{options.model}, {options.workers} workers, {options.articles:,} articles in some", end=" ")
    print(f"{ceil(options.articles / BATCH_FILES)} batches, {len(pairs)} pairs; median (least to greatest)")
    for name, spents in (
        ("ingest --direct", [pair.direct for pair in pairs]),
        ("ingest with Prefect", [pair.recorded for pair in pairs]),
    ):
        parts = f"command {spread([spent.command for spent in spents], '.1f')}"
        parts += f", workers {spread([spent.workers for spent in spents], '.1f')}"
        parts += f", server {spread([spent.server for spent in spents], '.1f')}"
        print(f"  {name:24} {spread([spent.wall for spent in spents], '.1f')} s; CPU: {parts} s")
    print(f"  share of the wall time   {spread(wall, '.1f')} %, target {TARGET_PERCENT:.0f} %: {verdict(is_met)}")
    print(f"  share of the CPU time    {spread(cpu)} %: ", end="")
    print(f"{spread(command, '.1f')} s in the command, {spread(server, '.1f')} s in the server")
    claim = (
        f"Prefect's share of the wall time, {options.articles:,} articles, {options.workers} workers, server running"
    )
    beside = f"{median(command):.1f} s in the command, {median(server):.1f} s in the server"
    measured = f"{spread(wall, '.1f')} %; of the CPU time {spread(cpu, '.1f')} %, {beside}"
    return [Claim(claim=claim, command=COMMAND, measured=measured, target=f"{TARGET_PERCENT:.0f} %", met=is_met)]


if __name__ == "__main__":
    main()
