"""What a run over files that are all known already costs: seconds of `ingest --direct` beyond the start of a process.

    python -m benchmarks.rerun [--files 20000] [--repeats 5]

Whole commands are timed; `newsmill --version` is the start of a process. Target: 3 s. A pipeline of a few names stands
in for the language model when the warehouse is filled; a re-run loads neither it nor Prefect, which is looked at too.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from statistics import median

from benchmarks.claims import Claim
from benchmarks.measuring import PROJECT, Cost, newsmill, print_machine, scratch, spread, verdict
from benchmarks.news import SHORT_WORDS, write_articles
from benchmarks.tiny import write_tiny_pipeline

TARGET_SECONDS = 3.0
COMMAND = "python -m benchmarks.rerun"

# The command in this process, and afterwards the names of what it should have left alone.
HEAVY = (
    "import sys; from flows.cli import run; code = run(sys.argv[1:]);"
    " sys.exit(code or ' '.join({'spacy', 'prefect'} & set(sys.modules)) or None)"
)


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints the seconds of one run."""
    options = parse_arguments(arguments)
    print_machine()
    with scratch() as folder:
        inbox = write_articles(folder / "in", options.files, SHORT_WORDS)
        model = write_tiny_pipeline(folder / "tiny")
        command = ["ingest", "--direct", "--input", str(inbox), "--warehouse", str(folder / "data"), "--model", model]
        first = newsmill(*command, "--workers", "1")
        starts = [newsmill("--version") for _ in range(options.repeats)]
        again = [newsmill(*command) for _ in range(options.repeats)]
        check_imports(command)
    print(f"\n{options.files:,} files of about {SHORT_WORDS} words; median of {options.repeats} (least to greatest)")
    print(f"  first ingest (no language model)  {first.wall_seconds:.1f} s, {first.cpu_seconds:.1f} s of CPU")
    return [print_rerun(starts, again, options.files)]


def print_rerun(starts: Sequence[Cost], again: Sequence[Cost], files: int) -> Claim:
    """The seconds of a re-run beyond those of a process that does nothing."""
    beyond = median([cost.wall_seconds for cost in again]) - median([cost.wall_seconds for cost in starts])
    start, whole = (spread([cost.wall_seconds for cost in side]) for side in (starts, again))
    print(f"  newsmill --version                {start} s")
    print(f"  newsmill ingest --direct, again   {whole} s")
    print(f"  CPU seconds of that               {spread([cost.cpu_seconds for cost in again])} s")
    is_met = beyond < TARGET_SECONDS
    print(f"  beyond process start              {beyond:.2f} s, target {TARGET_SECONDS:.0f}: {verdict(is_met)}")
    print("  spaCy and Prefect                 not imported")
    return Claim(
        claim=f"re-run (`--direct`) over {files:,} known files, beyond the start of a process",
        command=COMMAND,
        measured=f"{beyond:.2f} s: the whole command {whole} s, `newsmill --version` {start} s",
        target=f"< {TARGET_SECONDS:.0f} s",
        met=is_met,
    )


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """How many files, how often."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000, help="one-article files in the input folder")
    parser.add_argument("--repeats", type=int, default=5, help="re-runs to take the median of")
    return parser.parse_args(arguments)


def check_imports(command: list[str]) -> None:
    """Raise CalledProcessError when the command imports spaCy or Prefect; their names are on stderr then."""
    subprocess.run([sys.executable, "-c", HEAVY, *command], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
