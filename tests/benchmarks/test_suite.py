"""Benchmarks run, quickly, and give rows for the table; what they say about speed is not looked at here."""

import pytest

from benchmarks.__main__ import SUITE, run_benchmark
from benchmarks.made_rows import LATENESS, month_rows
from benchmarks.made_warehouse import months
from schemas.tables import TABLES


@pytest.mark.parametrize(("name", "claims"), [("queries", 3), ("backfill", 2)])
def test_a_quick_run_gives_its_claims(name: str, claims: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_benchmark(name, SUITE[name].split())
    assert [claim.command for claim in found] == [f"python -m benchmarks.{name}"] * claims
    assert "ratio" in capsys.readouterr().out


def test_the_same_month_is_made_alike_and_every_table_has_rows() -> None:
    (month,) = months(1)
    pieces, again = month_rows(month, 200), month_rows(month, 200)
    assert pieces == again
    assert len(pieces) == len(LATENESS)
    assert {name for piece in pieces for name, rows in piece.items() if len(rows)} == TABLES.keys()
