"""Every claim about speed and size, one benchmark after the other, each in a process of its own: `make bench`.

    python -m benchmarks [NAME ...] [--quick] [--write]

All of them take about an hour on two quiet cores; `--quick` asks only whether they run. `--write` puts the rows of what
was measured into docs/performance.md, in the place of the same benchmarks' rows there.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.claims import other_machine, rewritten
from benchmarks.measuring import PROJECT, apart, machine
from benchmarks.suite import SUITE, run_benchmark

PAGE = PROJECT / "docs" / "performance.md"


def main(arguments: list[str] | None = None) -> int:
    """Runs each benchmark that is asked for; gives 1 when one of them failed."""
    options = parse_arguments(arguments)
    names = options.names or list(SUITE)
    if options.write:
        refuse_mixture(names)
    failed = []
    for name in names:
        print(f"\n== benchmarks.{name}", flush=True)
        try:
            claims = apart(run_benchmark, name, SUITE[name].split() if options.quick else [])
        except Exception as error:  # noqa: BLE001 the others are measured all the same
            print(f"benchmarks.{name} failed: {error!r}", file=sys.stderr)
            failed.append(name)
            continue
        if options.write:
            today = f"{datetime.now(UTC):%Y-%m-%d}"
            PAGE.write_text(rewritten(PAGE.read_text("utf-8"), claims, machine(), today), "utf-8")
    return int(bool(failed))


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """What to run and what to do with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(SUITE)} [default: all]")
    parser.add_argument("--quick", action="store_true", help="sizes that say nothing about speed")
    parser.add_argument("--write", action="store_true", help="write the table of docs/performance.md")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - SUITE.keys()
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(SUITE)}")
    if options.quick and options.write:
        parser.error("what a quick run finds is not worth writing down")
    return options


def refuse_mixture(names: Sequence[str]) -> None:
    """Raise SystemExit when rows that stay were measured on another machine or with other versions."""
    commands = [f"python -m benchmarks.{name}" for name in names]
    other = other_machine(PAGE.read_text("utf-8"), commands, machine())
    if other:
        raise SystemExit(
            f"The other rows of {PAGE.relative_to(PROJECT)} are of {other} This is {machine()} Measure all anew:"
            " `python -m benchmarks --write`."
        )


if __name__ == "__main__":
    sys.exit(main())
