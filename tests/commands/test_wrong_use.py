"""What cannot be done is said in one line that helps, with exit code 2 and without a trace of it on stdout."""

from pathlib import Path

import pytest

from tests.commands.conftest import Newsmill
from tests.ingestion.mill import Mill

DAYS = ("--start", "2025-12-01", "--end", "2025-12-31")

WRONG: list[tuple[tuple[str, ...], str]] = [
    (("ingest", "--input", "nowhere"), "The input folder nowhere does not exist. Name one with --input DIR."),
    (("ingest", "--input", "file.txt"), "The input file.txt is a file; newsmill reads a folder."),
    (("watch", "--input", "nowhere"), "does not exist"),
    (("serve", "--input", "nowhere"), "does not exist"),
    (("ingest", "--warehouse", "in/data"), "The warehouse in/data lies inside the input"),
    (("watch", "--warehouse", "in"), "The warehouse in lies inside the input"),
    (("serve", "--every", "sometimes"), "--every takes a number and s, m, h or d, such as 15m"),
    (("ingest", "--inptu", "in"), "No such option"),
    (("ingest", "--workers", "0"), "'--workers': Input should be greater than or equal to 1"),
    (("ingest", "--workers", "many"), "'--workers': Input should be a valid integer"),
    (("ingest", "--batch-size", "-1"), "'--batch-size': Input should be greater"),
    (("ingest", "folder"), "folder"),
    (("ingset",), "ingset"),
    (("sql", "SELEC 1"), "SELEC"),
    (("sql", "SELECT * FROM nowhere"), "nowhere"),
    (("sql", "DROP TABLE articles"), "SELECT"),
    (("sql", "SELECT 1; SELECT 2"), "one"),
    (("sql", ""), ""),
    (("sql", "SELECT 1", "--format", "xml"), "--format takes table, json, csv, parquet, not 'xml'."),
    (("sql", "SELECT 1", "--as-of", "999"), "There is no snapshot 999"),
    (("sql", "SELECT 1", "--as-of", "yesterday"), "--as-of takes a snapshot number or a time"),
    (("backfill",), "--start"),
    (("backfill", "--start", "2025-12-01", "--end", "1 Dec"), "'1 Dec' is not a day such as 2025-12-01."),
    (("backfill", "--start", "2025-12-31", "--end", "2025-12-01"), "before it starts"),
    (("backfill", *DAYS, "--stage", "read"), "--stage takes parse or enrich, not 'read'."),
    (("quarantine", "list", "--reason", "bad"), "There is no reason 'bad'; reasons are ambiguous_date,"),
    (("quarantine", "show", "nobody.txt"), "Nothing in quarantine is named 'nobody.txt'"),
    (("quarantine", "show"), "Say what to show: a file, or --reason, --since, --until"),
    (("quarantine", "show", "a.txt", "--file", "b.txt"), "Name the file once"),
    (("quarantine", "list", "--status", "closed"), "--status takes open, replayed, superseded, discarded or all"),
    (("ingest", "--language", "german"), "fr=fr_core_news_sm, not 'german'"),
    (("backfill", *DAYS, "--language", "de=nothing"), "The model 'nothing' for the language 'de' is not installed"),
    (("watch", "--language", "de=en_core_web_sm"), "The model en_core_web_sm reads 'en', not 'de'"),
    (("ingest", "--model", "en_core_web_xl"), "The language model 'en_core_web_xl' is not installed."),
    (("quarantine", "list", "--since", "monday"), "'monday' is not a day such as 2025-12-01."),
    (("maintain", "--keep-days", "-1"), "'--keep-days': Input should be greater"),
    (("forget", "nobody", "--yes"), "Nothing stored is named 'nobody'"),
    (("export", "--output", "copy", "--format", "xml"), "--format takes parquet, csv, jsonl, not 'xml'."),
]


@pytest.mark.parametrize(("command", "hint"), WRONG, ids=[" ".join(command) for command, _ in WRONG])
def test_wrong_use_is_one_line_on_stderr(
    newsmill_there: Newsmill, tmp_path: Path, command: tuple[str, ...], hint: str
) -> None:
    (tmp_path / "file.txt").touch()
    answer = newsmill_there(*command)
    assert answer.code == 2, answer
    assert answer.out == ""
    assert answer.err.count("\n") == 1, answer.err
    assert answer.err.startswith("newsmill: ")
    assert hint in answer.err


READING = [
    ("sql", "SELECT 1"),
    ("status",),
    ("report",),
    ("export", "--output", "copy"),
    ("backfill", *DAYS),
    ("maintain",),
    ("maintain", "--verify"),
    ("quarantine", "list"),
    ("quarantine", "replay"),
    ("quarantine", "discard"),
    ("quarantine", "show", "a.txt"),
    ("forget", "a.txt", "--yes"),
]


@pytest.mark.parametrize("command", READING, ids=[" ".join(command) for command in READING])
def test_a_command_that_needs_a_warehouse_makes_none(newsmill: Newsmill, mill: Mill, command: tuple[str, ...]) -> None:
    answer = newsmill(*command)
    assert answer.code == 2, answer
    assert answer.err == f"newsmill: There is no warehouse at {mill.warehouse}. `newsmill ingest` makes one.\n"
    assert not mill.warehouse.exists()


def test_a_variable_is_named_when_its_value_is_wrong(
    newsmill: Newsmill, mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSMILL_WORKERS", "two")
    answer = newsmill("ingest")
    assert (answer.code, answer.err) == (
        2,
        "newsmill: NEWSMILL_WORKERS takes a whole number above zero, not two.\n",
    )


def test_a_warehouse_that_cannot_be_made_is_said_in_a_line(newsmill: Newsmill, mill: Mill, tmp_path: Path) -> None:
    (tmp_path / "occupied").touch()
    mill.put("a.txt", "text")
    answer = newsmill("ingest", "--warehouse", "occupied/data")
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "cannot be made" in answer.err


def test_a_damaged_warehouse_is_said_in_a_line(newsmill: Newsmill, filled: Mill) -> None:
    (filled.warehouse / "ledger.sqlite").write_bytes(b"damaged" * 1000)
    for command in (("status",), ("ingest",), ("sql", "SELECT 1")):
        answer = newsmill(*command)
        assert (answer.code, answer.err.count("\n")) == (1, 1), answer
        assert "cannot be opened" in answer.err


def test_a_variable_that_means_nothing_is_named(newsmill: Newsmill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSMILL_DAY_FIRST", "1")
    answer = newsmill("--version")
    assert answer.code == 0
    assert "NEWSMILL_DAY_FIRST means nothing" in answer.err


def test_an_error_cannot_command_the_terminal(newsmill: Newsmill, mill: Mill) -> None:
    answer = newsmill("ingest", "--input", "/no/\x1b[31m")
    assert answer.code == 2
    assert "\x1b" not in answer.err
    assert "no" in answer.err
