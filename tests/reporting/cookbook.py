"""The cookbook's example warehouse and its answers; `python -m tests.reporting.cookbook` writes the answers anew."""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tasks.reporting.querying import run_query
from tasks.reporting.results import Format, write_text

PROJECT = Path(__file__).parents[2]
COOKBOOK = PROJECT / "docs" / "queries.md"
# A question's query, and the answer below it where there is one.
ANSWERED = re.compile(r"```sql\n(?P<query>.*?)```\n(?:\n```\n(?P<answer>.*?)```\n)?", re.DOTALL)


def section(title: str) -> str:
    """The text below one of the cookbook's headings."""
    return COOKBOOK.read_text("utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def make_example(folder: Path) -> None:
    """Leave `newsmill` in the folder, and `example`, the warehouse that the cookbook's commands make as they stand."""
    (folder / "seeds").symlink_to(PROJECT / "seeds")
    command = folder / "newsmill"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flows.cli "$@"\n')
    command.chmod(0o755)
    lines = re.findall(r"^\$ (.*)$", section("A warehouse to try them on"), re.MULTILINE)
    run_typed(folder, "\n".join(lines))


def run_typed(folder: Path, typed: str) -> str:
    """What the shell shows for some lines typed in that folder; raises CalledProcessError when one fails."""
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(PROJECT)}
    environment["NEWSMILL_WAREHOUSE"] = "example"
    ended = subprocess.run(
        ["sh", "-eu"],
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
        check=True,
    )
    return ended.stdout


def answer(warehouse: Path, query: str) -> str:
    """What `newsmill sql` shows."""
    shown = io.StringIO()
    with run_query(warehouse, query) as rows:
        write_text(rows, Format.TABLE, shown)
    return "".join(f"{line.rstrip()}\n" for line in shown.getvalue().splitlines())


def write_answers() -> None:
    """Put the example's answers below the questions that people ask."""
    with tempfile.TemporaryDirectory() as folder:
        make_example(Path(folder))
        warehouse = Path(folder, "example")
        asked = section("What people ask")
        answered = ANSWERED.sub(
            lambda found: f"```sql\n{found['query']}```\n\n```\n{answer(warehouse, found['query'])}```\n", asked
        )
    COOKBOOK.write_text(COOKBOOK.read_text("utf-8").replace(asked, answered), "utf-8")


if __name__ == "__main__":
    write_answers()
