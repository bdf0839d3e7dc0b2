"""Benchmarks run, quickly, and give rows for the table; what they say about speed is not looked at here."""

import subprocess
import sys

import pytest

from benchmarks.made_rows import LATENESS, month_rows
from benchmarks.made_warehouse import months
from benchmarks.measuring import PROJECT
from benchmarks.suite import SUITE, run_benchmark
from schemas.tables import TABLES


@pytest.mark.parametrize(("name", "claims"), [("queries", 3), ("backfill", 2)])
def test_a_quick_run_gives_its_claims(name: str, claims: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_benchmark(name, SUITE[name].split())
    assert [claim.command for claim in found] == [f"python -m benchmarks.{name}"] * claims
    assert "ratio" in capsys.readouterr().out


def test_the_command_runs_a_benchmark_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "benchmarks", "reading", "--quick"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "articles a second" in ended.stdout


def test_the_same_month_is_made_alike_and_every_table_has_rows() -> None:
    (month,) = months(1)
    pieces, again = month_rows(month, 200), month_rows(month, 200)
    assert pieces == again
    assert len(pieces) == len(LATENESS)
    assert {name for piece in pieces for name, rows in piece.items() if len(rows)} == TABLES.keys()
