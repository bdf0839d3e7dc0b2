"""What Prefect costs: its share of the time of a whole `ingest`, a server running beside it.

    python -m benchmarks.prefect [--articles 2000] [--pairs 5] [--model en_core_web_md] [--workers N]

Whole commands are timed, with Prefect and `--direct`, in turn; the share is (with - direct) / with. The server is the
one that `newsmill serve` starts, on this machine, so what it computes slows both down alike. Target: 5 %.
"""

import argparse
import os
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.measuring import Cost, in_turn, newsmill, print_machine, scratch, spread, verdict
from benchmarks.news import write_articles

TARGET_PERCENT = 5.0


def main(arguments: list[str] | None = None) -> None:
    """Prints the share of one run."""
    from flows.server_process import prefect_server

    options = parse_arguments(arguments)
    print_machine()
    with scratch() as folder:
        inbox = options.input or write_articles(folder / "in", options.articles)
        with prefect_server(folder / "prefect", settings={"PREFECT_SERVER_UI_ENABLED": "false"}) as server:
            before = server_seconds()
            pairs = [
                in_turn(
                    number,
                    partial(ingest, inbox, folder / f"direct-{number}", options, "--direct"),
                    partial(ingest, inbox, folder / f"prefect-{number}", options, api=server.address),
                )
                for number in range(options.pairs)
            ]
            print_shares(pairs, options, server_seconds() - before)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How much of what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000, help="full-length articles to make")
    parser.add_argument("--input", type=Path, help="a folder of dumps instead of made articles")
    parser.add_argument("--pairs", type=int, default=5, help="repeats of the comparison")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="worker processes of both")
    parser.add_argument("--model", default="en_core_web_md", help="spaCy pipeline")
    return parser.parse_args(arguments)


def ingest(inbox: Path, warehouse: Path, options: argparse.Namespace, *flags: str, api: str = "") -> Cost:
    """The cost of one whole command into a new warehouse."""
    folders = ("--input", str(inbox), "--warehouse", str(warehouse))
    chosen = ("--workers", str(options.workers), "--model", options.model)
    return newsmill("ingest", *folders, *chosen, *flags, environment={"PREFECT_API_URL": api} if api else None)


def server_seconds() -> float:
    """CPU seconds of this process's children, which here is the server alone."""
    ticks = 0
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
        fields = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def print_shares(pairs: list[tuple[Cost, Cost]], options: argparse.Namespace, server: float) -> None:
    """Prefect's share of wall time, pair by pair, and of CPU time."""
    shares = [100 * (with_.wall_seconds - direct.wall_seconds) / with_.wall_seconds for direct, with_ in pairs]
    cpu = [100 * (with_.cpu_seconds - direct.cpu_seconds) / with_.cpu_seconds for direct, with_ in pairs]
    print(f"\n{options.model}, {options.workers} workers, {len(pairs)} pairs; median (least to greatest)")
    print(f"  ingest --direct           {spread([direct.wall_seconds for direct, _ in pairs], '.1f')} s")
    print(f"  ingest with Prefect       {spread([with_.wall_seconds for _, with_ in pairs], '.1f')} s")
    print(f"  Prefect's share of wall   {spread(shares, '.1f')} %, target {TARGET_PERCENT:.0f} %: ", end="")
    print(verdict(median(shares) < TARGET_PERCENT))
    print(f"  of CPU, without server    {spread(cpu, '.1f')} %")
    print(f"  the server's CPU          {server / len(pairs):.1f} s a pair")


if __name__ == "__main__":
    main()
