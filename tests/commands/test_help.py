"""Every command explains itself with an example."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Newsmill

COMMANDS = [
    *(
        "ingest",
        "watch",
        "serve",
        "backfill",
        "sql",
        "report",
        "status",
        "maintain",
        "forget",
        "export",
        "changes",
        "diff",
    ),
    *("entities candidates", "entities show"),
    *("quarantine list", "quarantine show", "quarantine replay", "quarantine discard"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_an_example_of_the_command(newsmill: Newsmill, command: str) -> None:
    answer = newsmill(*command.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    assert f"Example: newsmill {command} " in " ".join(answer.out.split()) + " "


def test_the_first_help_lists_every_command(newsmill: Newsmill) -> None:
    answer = newsmill("--help")
    assert answer.code == 0
    for command in COMMANDS:
        assert command.split()[0] in answer.out


def test_a_group_without_a_command_shows_its_help(newsmill: Newsmill) -> None:
    answer = newsmill("quarantine")
    assert answer.code == 2
    assert "discard" in answer.out + answer.err


def test_help_loads_neither_prefect_nor_spacy_nor_duckdb(project: Path) -> None:
    program = """
import sys
from flows.cli import run
run(["--help"]), run(["ingest", "--help"])
sys.exit(", ".join({"prefect", "spacy", "duckdb", "pyarrow", "numpy"} & set(sys.modules)) or 0)
"""
    finished = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
