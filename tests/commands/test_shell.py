"""`newsmill sql` without a query: a conversation at a terminal, a query from a pipe."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.commands.shell import COMMANDS, Shell, command_words
from schemas.errors import WrongUse
from schemas.tables import TABLES
from tasks.reporting.results import Format
from tests.commands.terminal import CTRL_C, CTRL_D, ENTER, TAB, UP, Terminal, at_terminal
from tests.example_news import NEWS
from tests.example_warehouse import disk_warehouse
from warehouse import load_queries

PROMPT = "newsmill>"
FOR_EVER = "SELECT count(*) FROM range(1000000000) AS a, range(1000000) AS b;"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return disk_warehouse(tmp_path_factory.mktemp("stored") / "data", **NEWS)


def test_a_closed_standard_input_is_an_empty_query(stored: Path, project: Path) -> None:
    command = f"{sys.executable} -m flows.cli sql --warehouse {stored} <&-"
    ended = subprocess.run(["bash", "-c", command], cwd=project, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (2, 'newsmill: Give a query: newsmill sql "SELECT …".\n')


def test_a_query_may_have_lines_and_errors_end_nothing(stored: Path, project: Path, tmp_path: Path) -> None:
    with at_terminal(project, "sql", "--warehouse", str(stored), XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.expect(PROMPT)
        terminal.press("SELECT 40 + count(*) AS answer", ENTER)
        terminal.expect("...>")
        terminal.press("FROM runs;", ENTER)
        terminal.expect("answer", "42", "1 row", PROMPT)
        terminal.press("SELEC 1;", ENTER)
        terminal.expect('Parser Error: syntax error at or near "SELEC" (line 1, column 1)', PROMPT)
        terminal.press("DROP VIEW articles;", ENTER)
        terminal.expect("Only queries that read are run", PROMPT)
        terminal.press("SELECT 1 AS one; SELECT 'a;b' AS two;", ENTER)
        terminal.expect("1 row", "two", "a;b", "1 row", PROMPT)
        terminal.press(CTRL_D)
        assert terminal.end() == 0


def test_ctrl_c_gives_up_the_line_or_the_query_and_nothing_else(stored: Path, project: Path, tmp_path: Path) -> None:
    with at_terminal(project, "sql", "--warehouse", str(stored), XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.expect(PROMPT)
        terminal.press("SELECT 'never", CTRL_C)
        terminal.expect(PROMPT)
        for _ in range(2):
            terminal.press(FOR_EVER, ENTER)
            terminal.expect("b;")
            pressed_while_running(terminal)
        terminal.press("SELECT 6 * 7 AS answer;", ENTER)
        terminal.expect("42", "1 row", PROMPT)
        terminal.press("\\q", ENTER)
        assert terminal.end() == 0


def pressed_while_running(terminal: Terminal) -> None:
    """Ctrl-C once the query runs: the terminal then turns keys into signals again."""
    for _ in range(10):
        terminal.read()
    os.write(terminal.screen, CTRL_C.encode())
    terminal.expect("Stopped.", PROMPT)


def test_what_was_asked_comes_back_in_the_next_session(stored: Path, project: Path, tmp_path: Path) -> None:
    for keys in (("SELECT 'remember me' AS said;", ENTER), (UP, ENTER)):
        with at_terminal(project, "sql", "--warehouse", str(stored), XDG_STATE_HOME=str(tmp_path)) as terminal:
            terminal.expect(PROMPT)
            terminal.press(*keys)
            terminal.expect("remember me", "said", "remember me", "1 row", PROMPT)
            terminal.press(CTRL_D)
            assert terminal.end() == 0
    assert (tmp_path / "newsmill" / "sql_history").stat().st_mode & 0o077 == 0


def test_tab_completes(stored: Path, project: Path, tmp_path: Path) -> None:
    # What cannot be made is done without: here the folder of the history is a file.
    (tmp_path / "file").touch()
    with at_terminal(project, "sql", "--warehouse", str(stored), XDG_STATE_HOME=str(tmp_path / "file")) as terminal:
        terminal.expect(PROMPT)
        terminal.press("SELECT count(DISTINCT canonical_n", TAB)
        terminal.expect("canonical_name")
        terminal.press(") AS names FROM article_ent", TAB)
        terminal.expect("article_entities")
        terminal.press(" WHERE label = 'PERSON';", ENTER)
        terminal.expect("1 row", PROMPT)
        terminal.press(".report top_peo", TAB)
        terminal.expect("top_people")
        terminal.press(ENTER)
        terminal.expect("Ada Lovelace", "2 rows", PROMPT)


def test_sigterm_ends_it(stored: Path, project: Path, tmp_path: Path) -> None:
    with at_terminal(project, "sql", "--warehouse", str(stored), XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.expect(PROMPT)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM


def test_a_pipe_is_read_as_the_query(stored: Path, project: Path) -> None:
    command = [sys.executable, "-m", "flows.cli", "sql", "--warehouse", str(stored), "--format", "csv"]
    answered = subprocess.run(
        command, input="SELECT count(*) AS n\nFROM runs\n", cwd=project, capture_output=True, text=True, check=True
    )
    assert answered.stdout == "n\n2\n"
    refused = subprocess.run(command, input=" \n", cwd=project, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr) == (2, 'newsmill: Give a query: newsmill sql "SELECT …".\n')


def test_an_output_needs_a_query(stored: Path, project: Path, tmp_path: Path) -> None:
    wanted = ("sql", "--warehouse", str(stored), "--output", str(tmp_path / "rows.csv"), "--format", "csv")
    with at_terminal(project, *wanted) as terminal:
        assert terminal.end() == 2
        assert "Give the query whose rows are to be written" in terminal.seen


@pytest.fixture
def shell(stored: Path) -> Shell:
    return Shell(warehouse=stored, form=Format.CSV, as_of=None)


def test_every_command_is_told_of_and_does_something(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.answer(".help")
    told = capsys.readouterr().out
    assert [name for name in COMMANDS if name not in told] == []
    shell.answer(".tables")
    assert capsys.readouterr().out.split() == [*TABLES, *load_queries("views")]
    shell.answer("\\d")
    assert "articles" in capsys.readouterr().out
    shell.answer(".columns article_places;")
    assert "place_name,VARCHAR" in capsys.readouterr().out
    shell.answer(".reports")
    assert len(capsys.readouterr().out.splitlines()) == len(load_queries("reports"))
    shell.answer(".report top_people")
    assert capsys.readouterr().out.startswith("canonical_name,mention_count")
    shell.answer(".format json")
    shell.answer("SELECT 1 AS one;")
    assert capsys.readouterr().out == '[\n{"one": 1}\n]\n'
    for leaving in (".quit", "\\q", "exit", "quit;"):
        with pytest.raises(EOFError):
            shell.answer(leaving)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (".tabels", "There is no command .tabels; .help lists them."),
        (".columns x; DROP", "There is no table or view 'x; DROP'; .tables lists them."),
        (".report x", "There is no report 'x'; .reports lists them."),
        (".format yaml", r"\.format takes table, json, csv, parquet, not 'yaml'\."),
        (".format parquet", "Parquet is not for a terminal"),
        ("COPY articles TO 'x'", "Only queries that read"),
    ],
)
def test_a_wrong_line_is_told_in_a_sentence(shell: Shell, line: str, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        shell.answer(line)


def test_commands_and_what_follows_them_are_completed() -> None:
    assert command_words(".re") == list(COMMANDS)
    assert "top_people" in command_words(".report ")
    assert "daily_volume" in command_words(".columns d")
    assert command_words(".format ") == ["table", "json", "csv"]
    assert command_words(".help x") == []
