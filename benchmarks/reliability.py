"""Whether faults and concurrency lose or double anything.

    python -m benchmarks.reliability kills [--kills 200] [--seed 1]
    python -m benchmarks.reliability together [--seconds 120] [--seed 1]

`kills`: kill -9 at random moments of ingest, backfill and upkeep, while corrections, repetitions, refusals and archives
arrive. After every kill a reader runs all checks before anything is mended. `together`: two ingests, a backfill, upkeep
and four kinds of readers, each a process of its own, at once. At the end of either, what is stored is compared row by
row with a warehouse that had the same files without a fault. A pipeline of a few names stands in for the language
model, so that a command is soon at its commits. Target of both: nothing lost, nothing doubled, nothing torn.
"""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.aftermath import Aftermath, settle
from benchmarks.claims import Claim
from benchmarks.kills import Harm, harm
from benchmarks.measuring import print_machine, scratch, verdict
from benchmarks.sites import site_at
from benchmarks.together import UNPROMISED, print_together, together

COMMAND = "python -m benchmarks.reliability"


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints what was done and seen."""
    options = parse_arguments(arguments)
    print_machine()
    wanted = [options.what] if options.what else ["kills", "together"]
    found = []
    for what in wanted:
        with scratch() as folder:
            found.append(run_kills(folder, options) if what == "kills" else run_together(folder, options))
    return found


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """What to do, how often, how long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["kills", "together"], help="one of the two [default: both]")
    parser.add_argument("--kills", type=int, default=200, help="so many processes are killed")
    parser.add_argument("--seconds", type=float, default=120, help="so long everything runs at once")
    parser.add_argument("--seed", type=int, default=1, help="another number, other news and other moments")
    return parser.parse_args(arguments)


def run_kills(folder: Path, options: argparse.Namespace) -> Claim:
    """The kills and what is left: whether nothing was lost, doubled or torn."""
    began = time.perf_counter()
    done = harm(site_at(folder / "harmed"), options.kills, options.seed)
    print_harm(done, time.perf_counter() - began)
    after = settle(done.site, done.deliveries, folder / "unharmed")
    is_met = print_aftermath(after) and not done.torn and not done.glob_apart and not done.failed
    print(f"  nothing lost, doubled or torn: {verdict(is_met)}")
    return Claim(
        claim=f"harm that `kill -9` does at {done.killed} random moments of ingest, backfill and upkeep",
        command=f"{COMMAND} kills",
        measured=f"{len(done.torn)} torn reads, {len(done.failed)} commands ended badly, plain glob apart"
        f" {done.glob_apart} times; {harm_left(after)}",
        target="none",
        met=is_met,
    )


def run_together(folder: Path, options: argparse.Namespace) -> Claim:
    """Everything at once and what is left: whether nothing was lost, doubled or torn and nobody failed."""
    done = together(site_at(folder / "crowded"), options.seconds, options.seed)
    all_well = print_together(done)
    after = settle(done.site, done.deliveries, folder / "unharmed")
    is_met = print_aftermath(after) and all_well
    print(f"  no error, nothing lost, doubled or torn: {verdict(is_met)}")
    promised = [turns for name, turns in {**done.writers, **done.readers}.items() if name != UNPROMISED]
    return Claim(
        claim=f"harm that four writers and three readers do to each other in {options.seconds:.0f} s",
        command=f"{COMMAND} together",
        measured=f"{sum(len(turns.errors) for turns in promised)} errors, {sum(len(turns.torn) for turns in promised)}"
        f" torn reads in {sum(len(turns.seconds) for turns in promised)} turns; {harm_left(after)}",
        target="none",
        met=is_met,
    )


def harm_left(after: Aftermath) -> str:
    """What is amiss at the end, in all kinds of rows together."""
    lost, doubled = (sum(counts) for counts in zip(*after.differences.values(), strict=True))
    return (
        f"{lost} lost and {doubled} doubled of {sum(after.rows.values()):,} rows, {len(after.broken)} promises broken,"
        f" {after.found_again} found by a second pass, {len(after.left_over)} files left over"
    )


def print_harm(done: Harm, seconds: float) -> None:
    """How many kills, where they hit, and what readers saw right after."""
    print(f"\n{done.killed} kills in {seconds / 60:.0f} min, {len(done.deliveries)} files delivered")
    for (command, hit), count in sorted(done.kills.items()):
        print(f"  {command:<26}{hit:<34}{count:>5}")
    print(f"  came to their end, without a worker too                     {done.survived.total():>5}")
    print(f"  ended badly                                                 {len(done.failed):>5}")
    print(f"  torn reads before mending                                   {len(done.torn):>5}")
    print(f"  plain glob differs after mending                            {done.glob_apart:>5}")
    for line in [*done.failed[:5], *done.torn[:5]]:
        print(f"    {line[:300]}")


def print_aftermath(after: Aftermath) -> bool:
    """What the last pass left, held against the undisturbed warehouse; gives whether they agree."""
    for name, (lost, doubled) in after.differences.items():
        print(f"  {name:<28}{after.rows[name]:>8,} rows, {lost} lost, {doubled} doubled")
    print(f"  promises broken: {len(after.broken)}; found by a second pass: {after.found_again}")
    print(f"  files left over: {len(after.left_over)}")
    for line in [*after.examples, *after.broken[:5], *after.left_over[:5]]:
        print(f"    {line[:300]}")
    return after.is_sound


if __name__ == "__main__":
    sys.exit(int(not all(claim.met for claim in main())))
