"""The command as a user types it, called in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.cli import run
from tests.ingestion.mill import MODEL, Mill, block, mill_at, words

GOOD = block("Brücke gesperrt", words(1))
REFUSED = block("Streik", words(3), day="03/04/2025")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Newsmill = Callable[..., Answer]


@pytest.fixture
def newsmill(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Newsmill:
    """A function that runs one command in an empty folder, without Prefect, with the light model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSMILL_DIRECT", "1")
    monkeypatch.setenv("NEWSMILL_MODEL", MODEL)
    monkeypatch.setenv("NEWSMILL_WORKERS", "1")
    monkeypatch.setenv("NEWSMILL_WAREHOUSE", str(tmp_path / "data"))
    monkeypatch.setenv("NEWSMILL_INPUT", str(tmp_path / "in"))

    def type_command(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return type_command


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    """The input folder and the warehouse that `newsmill` works on, nothing in them."""
    return mill_at(tmp_path)


@pytest.fixture
def filled(mill: Mill) -> Mill:
    """A warehouse with two articles, a duplicate and a refusal."""
    mill.put("good.txt", f"{GOOD}\n{block('Wahl', words(2), day='2025-11-30')}")
    mill.put("copy.txt", f"{GOOD}\n{block('Wahl', words(2), day='2025-11-30')}")
    mill.put("refused.txt", REFUSED)
    mill.ingest()
    return mill
