"""`--log-json`: every line on stderr is one JSON object that says what a run did."""

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.cli import explain
from flows.logs import logs_as_asked
from tasks.enrichment.gazetteer.build import say
from tests.commands.conftest import GOOD, REFUSED, Newsmill
from tests.commands.terminal import at_terminal
from tests.flows.waiting import wait_until
from tests.ingestion.mill import MODEL, Mill, block, words


def lines(err: str) -> list[dict[str, Any]]:
    """The objects on stderr, but for progress, which a busy machine tells of; every line is one."""
    return [line for line in map(json.loads, err.splitlines()) if line["event"] != "progress"]


def events(err: str) -> list[str]:
    return [line["event"] for line in lines(err)]


def test_an_ingest_tells_its_start_its_commits_what_it_refused_and_its_end(newsmill: Newsmill, mill: Mill) -> None:
    mill.put("a.txt", GOOD)
    mill.put("b.txt", f"{block('Wahl', words(2))}\n{REFUSED}")
    told = lines(newsmill("ingest", "--log-json", "--batch-size", "1").err)
    assert [line["event"] for line in told] == [
        "run.started",
        "batch.committed",
        "batch.committed",
        "batch.refused",
        "run.ended",
    ]
    assert {line["run_id"] for line in told} == set(mill.column("SELECT run_id FROM runs"))
    assert all(line["time"].endswith("+00:00") and line["message"] for line in told)
    assert (told[3]["level"], told[3]["outcomes"]) == ("warning", {"articles_refused": 1})
    ended = told[-1]
    assert (ended["status"], ended["level"]) == ("done", "info")
    assert ended["outcomes"] == {"files_read": 2, "articles_new": 2, "articles_refused": 1}


def test_backfill_and_maintain_tell_theirs(newsmill: Newsmill, filled: Mill) -> None:
    assert filled.warehouse.exists()
    assert events(newsmill("maintain", "--log-json").err) == ["run.started", "run.ended"]
    told = newsmill("backfill", "--start", "2025-12-01", "--end", "2025-12-01", "--log-json").err
    assert events(told) == ["run.started", "run.ended"]
    assert lines(told)[-1]["detail"] == "2025-12-01 to 2025-12-01, parse"


def test_wrong_use_and_an_unknown_variable_are_objects_too(newsmill: Newsmill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSMILL_WAREHOUSE2", "x")
    told = lines(newsmill("ingest", "--log-json", "--input", "nowhere\x1b[2J").err)
    assert [(line["event"], line["level"], line["exit_code"]) for line in told] == [
        ("remark", "warning", 0),
        ("command.failed", "error", 2),
    ]


@pytest.mark.parametrize("yes", ["1", "true"])
def test_the_variable_does_what_the_flag_does(
    newsmill: Newsmill, mill: Mill, monkeypatch: pytest.MonkeyPatch, yes: str
) -> None:
    mill.put("a.txt", GOOD)
    monkeypatch.setenv("NEWSMILL_LOG_JSON", yes)
    assert events(newsmill("ingest").err)[-1] == "run.ended"
    monkeypatch.delenv("NEWSMILL_LOG_JSON")
    assert newsmill("ingest").err == ""


def test_a_run_that_fails_ends_with_an_error(newsmill: Newsmill, mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    mill.put("a.txt", GOOD)
    newsmill("ingest")
    for part in mill.warehouse.glob("store/articles/*/*.parquet"):
        part.unlink()
    mill.put("a2.txt", block("Brücke wieder offen", words(1)))
    told = lines(newsmill("backfill", "--start", "2025-12-01", "--end", "2025-12-01", "--log-json").err)
    failed = next(line for line in told if line["event"] == "run.ended")
    assert (failed["status"], failed["level"]) == ("failed", "error")
    assert told[-1]["event"] in {"command.failed", "command.crashed"}


def test_a_fault_of_the_program_is_one_line_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError) as fault:
        raise ZeroDivisionError("a fault\nin two lines")
    with logs_as_asked(["ingest", "--log-json"]):
        assert explain(fault.value) == 1
        logging.getLogger("some.library").warning("soon %s", "gone")
    crashed, warned = lines(capsys.readouterr().err)
    assert (crashed["event"], crashed["error"]) == ("command.crashed", "ZeroDivisionError: a fault\nin two lines")
    assert crashed["traceback"].startswith("Traceback (most recent call last):")
    assert (warned["level"], warned["logger"], warned["message"]) == ("warning", "some.library", "soon gone")
    with pytest.raises(ZeroDivisionError):
        explain(fault.value)


def test_a_server_that_is_gone_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(httpx.ConnectError("[Errno 111] Connection refused")) == 1
    told = capsys.readouterr().err
    assert told.startswith("newsmill: Prefect's server does not answer any more: [Errno 111] Connection refused. ")
    assert told.count("\n") == 1


def test_at_a_terminal_there_is_no_bar(project: Path, mill: Mill) -> None:
    mill.put("a.txt", GOOD)
    flags = ["--direct", "--workers", "1", "--model", MODEL, "--log-json"]
    folders = ["--input", str(mill.input), "--warehouse", str(mill.warehouse)]
    with at_terminal(project, "ingest", *flags, *folders) as terminal:
        assert terminal.end() == 0
        told, _, table = terminal.seen.partition("Ingest")
        assert events(told) == ["run.started", "batch.committed", "run.ended"]
        assert "new article" in table


def test_watch_tells_each_pass_and_that_it_was_stopped(project: Path, mill: Mill, tmp_path: Path) -> None:
    mill.put("a.txt", GOOD)
    flags = ["--direct", "--workers", "1", "--model", MODEL, "--quiet", "0", "--log-json"]
    folders = ["--input", str(mill.input), "--warehouse", str(mill.warehouse)]
    log = tmp_path / "watch.log"
    with log.open("w") as output:
        command = [sys.executable, "-m", "flows.cli", "watch", *flags, *folders]
        watch = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=output)
        try:
            wait_until(lambda: watch.poll() is not None or "run.ended" in log.read_text())
            watch.send_signal(signal.SIGINT)
            assert watch.wait(60) == 130
        finally:
            watch.kill()
    told = events(log.read_text())
    assert told == ["remark", "run.started", "batch.committed", "run.ended", "command.stopped"]
    assert lines(log.read_text())[-1]["exit_code"] == 130


def test_the_first_run_tells_of_the_gazetteer_it_makes_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    with logs_as_asked(["ingest", "--log-json"]):
        say("compiling")
    say("compiling")
    told, plain = capsys.readouterr().err.splitlines()
    assert (json.loads(told)["message"], plain) == ("compiling", "newsmill: compiling")
