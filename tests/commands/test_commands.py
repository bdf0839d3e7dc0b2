"""Each command does what it says, from a first ingest to a takedown."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.commands.quarantine import terminal_text
from tests.commands.conftest import GOOD, REFUSED, Newsmill
from tests.ingestion.mill import Mill, block, words

DAYS = ("--start", "2025-12-01", "--end", "2025-12-31")


def cells(table: str) -> list[list[str]]:
    """The cells of a printed table."""
    lines = [line for line in table.splitlines() if "│" in line]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_ingest_prints_a_table_of_counted_outcomes(newsmill: Newsmill, mill: Mill) -> None:
    mill.put("good.txt", GOOD)
    mill.put("copy.txt", GOOD)
    mill.put("refused.txt", REFUSED)
    mill.put(".hidden", GOOD)
    answer = newsmill("ingest")
    assert (answer.code, answer.err) == (0, "")
    assert [row[:2] for row in cells(answer.out)] == [
        ["read", "1"],
        ["duplicate", "1"],
        ["skipped", "1"],
        ["refused", "1"],
        ["new", "1"],
    ]


def test_a_second_ingest_says_that_nothing_is_new(newsmill: Newsmill, filled: Mill) -> None:
    answer = newsmill("ingest")
    assert (answer.code, answer.out, answer.err) == (0, "Ingest: nothing new.\n", "")


def test_an_empty_folder_is_named(newsmill: Newsmill, mill: Mill) -> None:
    answer = newsmill("ingest")
    assert (answer.code, answer.out, answer.err) == (0, f"Ingest: there are no files in {mill.input}.\n", "")


def test_flags_come_before_variables(newsmill: Newsmill, mill: Mill, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text(GOOD)
    assert newsmill("ingest", "--input", "other", "--warehouse", "elsewhere").code == 0
    assert (tmp_path / "elsewhere" / "catalog.duckdb").exists()
    assert not mill.warehouse.exists()


def test_json_is_an_array_of_objects_and_nothing_else(newsmill_there: Newsmill) -> None:
    query = "SELECT headline, published_date FROM articles ORDER BY headline"
    answer = newsmill_there("sql", query, "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out) == [
        {"headline": "Brücke gesperrt", "published_date": "2025-12-01"},
        {"headline": "Wahl", "published_date": "2025-11-30"},
    ]


def test_json_of_no_rows_is_an_empty_array(newsmill_there: Newsmill) -> None:
    answer = newsmill_there("sql", "SELECT headline FROM articles WHERE false", "--format", "json")
    assert (answer.code, json.loads(answer.out), answer.err) == (0, [], "")


def test_sql_reads_an_earlier_snapshot(newsmill_there: Newsmill) -> None:
    answer = newsmill_there("sql", "SELECT count(*) AS n FROM runs", "--format", "json", "--as-of", "1")
    assert json.loads(answer.out) == [{"n": 0}]


def test_status_as_json_is_one_object(newsmill_there: Newsmill) -> None:
    answer = newsmill_there("status", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert isinstance(json.loads(answer.out), dict)


def test_status_is_readable(newsmill_there: Newsmill) -> None:
    answer = newsmill_there("status")
    assert (answer.code, answer.err) == (0, "")
    assert "ambiguous_date" in answer.out


def test_quarantine_lists_shows_replays_and_discards(newsmill: Newsmill, filled: Mill) -> None:
    listed = newsmill("quarantine", "list")
    assert listed.code == 0
    assert "refused.txt" in listed.out
    assert "The header's date can be read in two ways" in " ".join(listed.out.split())
    replayed = newsmill("quarantine", "replay", "--reason", "ambiguous_date")
    assert (replayed.code, [row[:2] for row in cells(replayed.out)]) == (0, [["refused", "1"]])
    discarded = newsmill("quarantine", "discard", "--file", "refused.txt")
    assert (discarded.code, discarded.out) == (0, "Discarded 1 refusal.\n")
    assert newsmill("quarantine", "list").out == "Nothing waits in quarantine.\n"


def test_an_ambiguous_date_is_stored_and_closed_once_an_order_is_named(newsmill: Newsmill, filled: Mill) -> None:
    assert newsmill("quarantine", "replay", "--reason", "ambiguous_date", "--day-first").code == 0
    assert filled.column("SELECT published_date FROM articles WHERE headline = 'Streik'") == [date(2025, 4, 3)]
    assert newsmill("quarantine", "list").out == "Nothing waits in quarantine.\n"
    assert "replayed" in newsmill("quarantine", "list", "--status", "all").out


@pytest.mark.parametrize(("flag", "day"), [("--day-first", date(2025, 4, 3)), ("--month-first", date(2025, 3, 4))])
def test_an_ingest_reads_ambiguous_dates_as_it_is_told(newsmill: Newsmill, mill: Mill, flag: str, day: date) -> None:
    mill.put("a.txt", REFUSED)
    assert newsmill("ingest", flag).code == 0
    assert mill.column("SELECT published_date FROM articles") == [day]


def test_ingest_names_the_reasons_it_met_and_where_to_look(newsmill: Newsmill, mill: Mill) -> None:
    mill.put("good.txt", f"{GOOD}\n{block('Wahl', words(2), day='2025-02-30')}")
    mill.put("a.txt", REFUSED)
    mill.put("b.txt", f"{REFUSED}\n\n")
    mill.put("c.txt", "no header")
    mill.put(".hidden", GOOD)
    lines = newsmill("ingest").out.splitlines()
    assert lines[-3:] == [
        "refused: 2 ambiguous_date, 1 invalid_date, 1 no_header",
        "skipped: 1 hidden",
        "`newsmill quarantine list` says what was found and where.",
    ]
    assert newsmill("ingest").out == "Ingest: nothing new.\n"


FILTERS = [
    (("--reason", "ambiguous_date"), True),
    (("--reason", "binary"), False),
    (("--file", "refused.txt"), True),
    (("--file", "good.txt"), False),
    (("--since", "2000-01-01"), True),
    (("--since", "2999-01-01"), False),
    (("--until", "2000-01-01"), False),
]


@pytest.mark.parametrize(("options", "is_met"), FILTERS)
def test_every_command_of_the_quarantine_takes_the_same_filters(
    newsmill: Newsmill, filled: Mill, project: Path, options: tuple[str, ...], is_met: bool
) -> None:
    assert ("refused.txt" in newsmill("quarantine", "list", *options).out) == is_met
    shown = start(project, "quarantine", "show", *options, "--warehouse", str(filled.warehouse))
    assert (shown.communicate()[0], shown.returncode) == ((REFUSED, 0) if is_met else ("", 2))
    newsmill("quarantine", "replay", *options)
    assert filled.column("SELECT attempts FROM quarantine") == [1 + is_met]
    assert newsmill("quarantine", "discard", *options).out == f"Discarded {int(is_met)} refusal{'s' * (not is_met)}.\n"
    assert filled.column("SELECT status FROM quarantine") == ["discarded" if is_met else "open"]


def test_everything_is_discarded_only_when_it_is_meant(newsmill: Newsmill, filled: Mill) -> None:
    answer = newsmill("quarantine", "discard")
    assert (answer.code, answer.out) == (2, "")
    assert "discard would close the one open refusal" in answer.err
    assert filled.column("SELECT status FROM quarantine") == ["open"]
    assert newsmill("quarantine", "discard", "--yes").out == "Discarded 1 refusal.\n"
    assert filled.column("SELECT status FROM quarantine") == ["discarded"]
    assert newsmill("quarantine", "discard").out == "Discarded 0 refusals.\n"


def test_one_refused_article_of_a_file_is_shown_by_its_number(project: Path, mill: Mill) -> None:
    blocks = [block("Wahl", words(2), day="2025-02-30"), GOOD, REFUSED]
    mill.put("a.txt", "\n".join(blocks))
    mill.ingest()
    where = ("--warehouse", str(mill.warehouse))
    shown = [
        start(project, "quarantine", "show", "a.txt", *more, *where).communicate()
        for more in ((), ("--article", "1"), ("--article", "3"))
    ]
    assert [out for out, _ in shown] == [f"{blocks[0]}\n{blocks[2]}", f"{blocks[0]}\n", blocks[2]]
    assert "a.txt, article 3: ambiguous_date, open." in shown[2][1]


def test_a_file_name_is_shown_as_it_is_and_never_as_mark_up(newsmill: Newsmill, mill: Mill) -> None:
    mill.put("[bold red]x[/] \x1b[31m.txt", REFUSED)
    assert newsmill("ingest").code == 0
    listed = newsmill("quarantine", "list").out
    assert "[bold red]x[/] \\x1b[31m.txt" in listed.replace("\n", "")
    assert "\x1b" not in listed


def test_a_dry_run_and_a_backfill_say_how_many_versions_they_looked_at(newsmill: Newsmill, filled: Mill) -> None:
    for flags in (("--dry-run",), (), ("--stale",), ("--stage", "enrich")):
        answer = newsmill("backfill", *DAYS, *flags)
        assert (answer.code, answer.err) == (0, "")
        expected = "0 stored versions" if "--stale" in flags else "1 stored version in"
        assert expected in answer.out
        assert "nothing differs from what is stored" in answer.out


def test_maintain_says_that_the_warehouse_is_sound(newsmill: Newsmill, filled: Mill) -> None:
    answer = newsmill("maintain")
    assert (answer.code, answer.err) == (0, "")
    assert "every check holds" in answer.out


def test_maintain_names_a_damaged_file_and_fails(newsmill: Newsmill, filled: Mill) -> None:
    part = next((filled.warehouse / "store" / "articles" / "published_month=2025-12").iterdir())
    part.write_bytes(b"")
    for flags in ((), ("--verify",)):
        answer = newsmill("maintain", *flags)
        assert answer.code == 1
        assert part.name in answer.out
        assert answer.err == (
            "newsmill: Files are damaged; the lines above say which. `newsmill maintain --repair` mends most.\n"
        )
    for reading in (("sql", "SELECT max(text) FROM articles"), ("status",), ("report", "--output", "page.html")):
        answer = newsmill(*reading)
        assert answer.code == 1
        assert "maintain --repair" in answer.err
        assert answer.err.count("\n") == 1
    mended = newsmill("maintain", "--repair")
    assert (mended.code, "1 damaged file: 1 article and 0 bookkeeping rows made again." in mended.err) == (0, True)
    assert newsmill("maintain", "--repair").err == "No file is damaged.\n"


def test_verify_changes_nothing(newsmill: Newsmill, filled: Mill) -> None:
    before = {file: file.stat().st_mtime_ns for file in filled.warehouse.rglob("*") if file.is_file()}
    assert newsmill("maintain", "--verify").code == 0
    after = {file: file.stat().st_mtime_ns for file in filled.warehouse.rglob("*") if file.is_file()}
    assert {file: time for file, time in after.items() if "ledger" not in file.name} == {
        file: time for file, time in before.items() if "ledger" not in file.name
    }


def test_a_warehouse_keeps_its_promises_after_a_mixed_ingest(newsmill: Newsmill, filled: Mill) -> None:
    filled.put("good.txt", f"{GOOD} Nachtrag.\n{block('Sturm', words(7))}")
    assert newsmill("ingest").code == 0
    assert newsmill("maintain").code == 0
    assert filled.broken() == []


def test_forget_says_what_it_removed_and_leaves_the_input_alone(newsmill: Newsmill, filled: Mill) -> None:
    answer = newsmill("forget", "refused.txt", "--yes")
    assert answer.code == 0
    assert "The input file refused.txt is yours to delete" in answer.err
    assert (filled.input / "refused.txt").exists()
    assert newsmill("forget", "good.txt", "--yes").code == 0
    assert json.loads(newsmill("sql", "SELECT headline FROM articles", "--format", "json").out) == []


def test_forget_a_second_time_says_when_it_was_done(newsmill: Newsmill, filled: Mill) -> None:
    (article_id,) = filled.column("SELECT article_id FROM articles WHERE headline = 'Wahl'")
    before = datetime.now(UTC)
    assert newsmill("forget", article_id, "--yes").err.startswith("Removed 1 article with all versions")
    # Midnight may come in between.
    days = {f"{moment:%Y-%m-%d}" for moment in (before, datetime.now(UTC))}
    answer = newsmill("forget", article_id, "--yes")
    assert (answer.code, answer.out) == (1, "")
    told = {f"newsmill: {article_id} was already taken down on {day}; nothing of it is left.\n" for day in days}
    assert answer.err in told
    assert newsmill("forget", "good.txt", "--yes").code in {0, 1}
    assert "was already taken down on" in newsmill("forget", "good.txt", "--yes").err


def test_an_export_says_that_it_replaces_an_earlier_one(newsmill_there: Newsmill) -> None:
    first, second = (newsmill_there("export", "--output", "copy").err for _ in range(2))
    assert first.endswith(" to copy.\n")
    assert second.endswith(" to copy, in the place of an earlier export.\n")


def test_status_shows_where_it_looks_what_goes_on_and_the_snapshots(
    newsmill: Newsmill, filled: Mill, project: Path
) -> None:
    program = """
import sys, time
from pathlib import Path
from flows.commands.quarantine import terminal_text
from schemas.reasons import RunKind
from tasks.ingestion.runs import recorded_run
from tasks.storage.opening import writing
with writing(Path(sys.argv[1])) as (warehouse, ledger), recorded_run(warehouse, ledger, RunKind.MAINTAIN) as run:
    print(run.run_id, flush=True)
    time.sleep(600)
"""
    command = [sys.executable, "-c", program, str(filled.warehouse)]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        run_id = other.stdout.readline().strip()
        under_way = newsmill("status").out
        other.kill()
    lines = [" ".join(line.split()) for line in under_way.splitlines()]
    assert lines[:2] == [f"Warehouse {filled.warehouse}", f"Input {filled.input}"]
    assert lines[2].startswith("Under way maintain since ")
    assert lines[2].endswith(f"({run_id})")
    cut_off = json.loads(newsmill("status", "--json").out)["premises"]["open_runs"]
    assert [(run["run_id"], run["is_alive"]) for run in cut_off] == [(run_id, False)]
    assert any(
        line.startswith("Interrupted maintain since") for line in map(str.strip, squeezed(newsmill("status").out))
    )
    newsmill("ingest")
    assert any(line.startswith("Interrupted maintain of") for line in squeezed(newsmill("status").out))
    snapshot = next(line for line in reversed(squeezed(newsmill("status").out)) if line.strip()).split()[0]
    counted = newsmill("sql", "SELECT count(*) AS n FROM articles", "--as-of", snapshot, "--format", "json")
    assert json.loads(counted.out) == [{"n": 2}]


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_export_copies_every_table(newsmill_there: Newsmill, tmp_path: Path) -> None:
    assert newsmill_there("export", "--output", "copy").code == 0
    pattern = str(tmp_path / "copy" / "articles" / "*" / "*.parquet")
    assert duckdb.execute("SELECT count(*) FROM read_parquet(?)", [pattern]).fetchone() == (2,)


def test_report_is_one_page(newsmill_there: Newsmill, tmp_path: Path) -> None:
    answer = newsmill_there("report", "--output", "page.html")
    assert (answer.code, answer.out) == (0, "")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_quarantine_shows_the_kept_bytes(project: Path, filled: Mill) -> None:
    shown = start(project, "quarantine", "show", "refused.txt", "--warehouse", str(filled.warehouse))
    out, err = shown.communicate()
    assert out == REFUSED
    assert err.startswith("refused.txt: ambiguous_date, open. The header's date can be read in two ways")
    assert "Found: 03/04/2025\n" in err
    assert "tried once" in err


def start(project: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flows.cli", *arguments]
    environment = os.environ | {"NEWSMILL_DIRECT": "1"} | variables
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=project, env=environment, stdout=pipe, stderr=pipe, text=True)


def test_the_exit_code_reaches_the_shell(project: Path, filled: Mill) -> None:
    where = ("--warehouse", str(filled.warehouse))
    for arguments, code in ((("sql", "SELECT 1", *where), 0), (("sql", "SELEC 1", *where), 2)):
        program = start(project, *arguments)
        program.communicate()
        assert program.returncode == code


def test_a_reader_that_goes_early_is_no_error(project: Path, filled: Mill) -> None:
    query = "SELECT * FROM range(200000)"
    program = start(project, "sql", query, "--format", "csv", "--warehouse", str(filled.warehouse))
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.readline()
    program.stdout.close()
    assert (program.wait(60), program.stderr.read()) == (0, "")
    program.stderr.close()


@pytest.mark.parametrize(
    ("ending", "code", "last_line"),
    [(signal.SIGINT, 130, "newsmill: Stopped."), (signal.SIGTERM, 143, "newsmill: Stopped.")],
)
def test_watch_takes_in_a_file_that_arrives_and_ends_when_told(
    mill: Mill, project: Path, ending: int, code: int, last_line: str
) -> None:
    where = ("--input", str(mill.input), "--warehouse", str(mill.warehouse))
    program = start(project, "watch", *where, "--quiet", "0.2", "--workers", "1", "--model", "en_core_web_sm")
    assert program.stdout is not None
    assert program.stderr is not None
    with program.stdout as out, program.stderr as err:
        assert err.readline() == f"Watching {mill.input}; Ctrl-C ends it.\n"
        mill.put("good.txt", GOOD)
        assert any("new" in line for line in out)
        assert mill.column("SELECT headline FROM articles") == ["Brücke gesperrt"]
        program.send_signal(ending)
        last = err.read()
        assert (program.wait(60), last.startswith(last_line)) == (code, True), last


def test_a_query_ends_when_told(newsmill: Newsmill, mill: Mill, project: Path) -> None:
    mill.put("good.txt", GOOD)
    assert newsmill("ingest").code == 0
    slow = "SELECT count(*) FROM range(1000000000000) AS numbers (n) WHERE n % 7 = 3"
    program = start(project, "sql", slow, "--warehouse", str(mill.warehouse))
    assert program.stdout is not None
    assert program.stderr is not None
    with program.stdout, program.stderr as err:
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(5)
        program.send_signal(signal.SIGINT)
        assert (program.wait(60), err.read().startswith("newsmill: Stopped.")) == (130, True)


def test_watch_waits_for_files_that_grow_are_replaced_or_go(mill: Mill, project: Path) -> None:
    where = ("--input", str(mill.input), "--warehouse", str(mill.warehouse))
    program = start(project, "watch", *where, "--quiet", "3", "--workers", "1", "--model", "en_core_web_sm")
    assert program.stdout is not None
    assert program.stderr is not None
    with program.stdout as out, program.stderr as err:
        err.readline()
        old = mill.put("old.txt", block("Alt", words(9)))
        os.utime(old, (1, 1))
        mill.put("gone.txt", block("Fort", words(8)))
        for number in range(6):
            time.sleep(0.5)
            (mill.input / "gone.txt").unlink(missing_ok=True)
            with (mill.input / "grows.txt").open("a", encoding="utf-8") as file:
                file.write(f"{words(20 + number)}\n" if number else f"{block('Wächst', words(20))}\n")
            mill.put("next", block(f"Fassung {number}", words(40 + number))).rename(mill.input / "renamed.txt")
        taken = iter(out)
        while mill.column("SELECT count(*) FROM articles") != [3]:
            next(taken)
        program.send_signal(signal.SIGTERM)
        program.wait(60)
    assert mill.rows("SELECT headline, version_no, paragraph_count FROM articles ORDER BY headline") == [
        ("Alt", 1, 1),
        ("Fassung 5", 1, 1),
        ("Wächst", 1, 6),
    ]


def test_diff_and_changes_tell_what_a_correction_changed(newsmill: Newsmill, mill: Mill) -> None:
    mill.put("a.txt", block("Flut in Leeds", f"{words(1)}\nDie Brücke ist zu."))
    assert newsmill("ingest").code == 0
    (since,) = mill.column("SELECT commit_id FROM snapshot")
    mill.put("a.txt", block("Flut in Leeds", f"{words(1)}\nDie Brücke ist offen."))
    assert newsmill("ingest").code == 0
    (article_id,) = mill.column("SELECT DISTINCT article_id FROM articles")
    answer = newsmill("diff", article_id[:10])
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[1:] == ["~ Die Brücke ist [-zu.-] {+offen.+}"]
    (step,) = json.loads(newsmill("diff", article_id, "--json").out)
    assert [line["edit"] for line in step["lines"]] == ["same", "same", "changed"]
    changed = json.loads(newsmill("changes", "--since", str(since), "--format", "json").out)
    assert [(row["change"], row["version_no"]) for row in changed] == [("superseded", 1), ("new_version", 2)]


def test_an_encoding_that_is_given_is_not_guessed(newsmill: Newsmill, mill: Mill) -> None:
    mill.put("old.txt", block("Żółw", words(1)).encode("cp1250"))
    assert newsmill("ingest", "--encoding", "cp1250").code == 0
    assert mill.column("SELECT headline FROM articles") == ["Żółw"]
    assert newsmill("ingest", "--encoding", "nonsense").code == 2


def test_what_is_shown_at_a_terminal_cannot_command_it() -> None:
    hostile = "Wahl\x1b]0;owned\x07\r\n„Straße“\n".encode() + b"\xff"
    assert terminal_text(hostile) == "Wahl\\x1b]0;owned\\x07\\x0d\n„Straße“\n\\xff"


def test_damage_inside_the_ledger_is_told_in_a_sentence(newsmill: Newsmill, filled: Mill) -> None:
    file = filled.warehouse / "ledger.sqlite"
    with closing(sqlite3.connect(file)) as ledger:
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name IN ('inputs', 'runs')"
        pages = [page for (page,) in ledger.execute(query)]
        (size,) = ledger.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as handle:
        for page in pages:
            handle.seek((page - 1) * size)
            handle.write(b"\xff" * size)
    for command in (["ingest"], ["maintain", "--verify"], ["maintain", "--repair"], ["status"]):
        answer = newsmill(*command)
        assert answer.code == 1
        assert "Traceback" not in answer.err
        assert "ledger.sqlite" in answer.err
        assert "backup" in answer.err
