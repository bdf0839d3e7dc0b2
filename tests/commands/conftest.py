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
    (tmp_path / "in").mkdir(exist_ok=True)
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


def fill(mill: Mill) -> Mill:
    """Take in two articles, a file of repetitions and a refusal."""
    mill.put("good.txt", f"{GOOD}\n{block('Wahl', words(2), day='2025-11-30')}")
    mill.put("copy.txt", f"{GOOD}\n{block('Wahl', words(2), day='2025-11-30')}")
    mill.put("refused.txt", REFUSED)
    mill.ingest()
    return mill


@pytest.fixture
def filled(mill: Mill) -> Mill:
    """The warehouse that `newsmill` works on, filled."""
    return fill(mill)


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Mill:
    """A filled warehouse that no test changes."""
    return fill(mill_at(tmp_path_factory.mktemp("filled")))


@pytest.fixture
def newsmill_there(newsmill: Newsmill, filled_once: Mill, monkeypatch: pytest.MonkeyPatch) -> Newsmill:
    """`newsmill` on that warehouse, for commands that change nothing."""
    monkeypatch.setenv("NEWSMILL_WAREHOUSE", str(filled_once.warehouse))
    return newsmill
