"""Killed at any point, the mill shows a whole state, and the next pass loses and doubles nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from tasks.ingestion import gathering
from tasks.reporting.checking import run_checks
from tasks.storage.opening import writing
from tasks.storage.retention import expire
from tests.ingestion.mill import VOLATILE, Mill, block, mill_at, words

FAULT_POINTS = ["part_written", "parts_synced", "before_commit", "after_commit", "catalog_swapped", "tables_linked"]
FIRST = block("Erste Meldung", words(1))
# Corrects the first, adds one, repeats one, refuses one.
SECOND = "\n".join(
    [
        block("Erste Meldung", words(1) + " Nachtrag vom Abend."),
        block("Zweite Meldung", words(2)),
        block("Zweite Meldung", words(2)),
        block("Keine Meldung", words(3), day="2025-02-30"),
    ]
)
IDS = {"article_id", "duplicate_of"}


def start(mill: Mill, *arguments: str, project: Path, **variables: str) -> subprocess.Popen[bytes]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "flows.cli", *arguments, "--warehouse", str(mill.warehouse)]
    return subprocess.Popen(command, cwd=project, env=os.environ | variables, stderr=subprocess.PIPE)


def complaints(program: subprocess.Popen[bytes]) -> list[bytes]:
    """What a program says on its way to the end, but for how far it is, which it tells where the machine is slow."""
    return [line for line in program.communicate()[1].splitlines() if b" of " not in line or b" files" not in line]


def ingest_command(mill: Mill) -> Sequence[str]:
    return (
        "ingest",
        "--direct",
        "--workers",
        "1",
        "--input",
        str(mill.input),
        "--model",
        mill.settings.enrichment.model,
    )


def glob_count(mill: Mill, table: str) -> int:
    """Rows that a plain glob finds."""
    pattern = str(mill.warehouse / "tables" / table / "*" / "*.parquet")
    row = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [pattern]).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory: pytest.TempPathFactory) -> Mill:
    """A mill that did the same without a fault."""
    mill = mill_at(tmp_path_factory.mktemp("unharmed"))
    mill.put("a.txt", FIRST)
    mill.ingest()
    mill.put("a.txt", SECOND)
    mill.ingest()
    return mill


@pytest.mark.parametrize("point", FAULT_POINTS)
def test_killed_in_a_commit_it_shows_the_state_before_or_after(
    mill: Mill, unharmed: Mill, project: Path, point: str
) -> None:
    mill.put("a.txt", FIRST)
    mill.ingest()
    before = mill.tables()
    mill.put("a.txt", SECOND)
    killed = start(mill, *ingest_command(mill), project=project, NEWSMILL_KILL_AT=point)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL

    # As a reader who knows nothing of newsmill finds it, whatever is to be mended.
    with duckdb.connect(str(mill.warehouse / "catalog.duckdb"), read_only=True) as connection:
        assert run_checks(connection) == []
    committed = point in {"after_commit", "catalog_swapped", "tables_linked"}
    assert (mill.tables() == before) != committed
    assert mill.broken() == []

    mill.ingest()
    assert mill.tables(without=VOLATILE) == unharmed.tables(without=VOLATILE)
    assert glob_count(mill, "articles") == mill.column("SELECT count(*) FROM articles")[0]
    # A run as short as this is shown once, when it has ended.
    ended = point in {"catalog_swapped", "tables_linked"}
    assert mill.rows("SELECT kind, status, finished_at IS NULL FROM runs ORDER BY started_at") == [
        ("ingest", "done", False),
        ("ingest", "done" if ended else "interrupted", not ended),
        ("ingest", "done", False),
    ]


@pytest.mark.parametrize("point", FAULT_POINTS)
def test_killed_while_joining_files_upkeep_has_changed_no_row(mill: Mill, project: Path, point: str) -> None:
    for text in (FIRST, SECOND):
        mill.put("a.txt", text)
        mill.ingest()
    before = mill.tables()
    killed = start(mill, "maintain", "--keep-days", "0", project=project, NEWSMILL_KILL_AT=point)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert mill.tables() == before
    assert mill.broken() == []
    again = start(mill, "maintain", "--keep-days", "0", project=project)
    assert (complaints(again), again.returncode) == ([], 0)
    assert mill.tables() == before
    assert glob_count(mill, "articles") == mill.column("SELECT count(*) FROM articles")[0]
    stored = {file.name for file in (mill.warehouse / "store").rglob("*.parquet") if "0000-00" not in str(file.parent)}
    assert stored == {file.name for file in (mill.warehouse / "tables").rglob("*.parquet")}


def test_a_worker_that_dies_takes_no_article_with_it(mill: Mill, project: Path) -> None:
    # So many that three kills, far enough apart to meet different batches, all come before the end.
    for number in range(60):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number, 3000)))
    running = start(mill, *ingest_command(mill), "--workers", "2", "--batch-size", "1", project=project)
    killed = 0
    while running.poll() is None:
        for worker in workers_of(running.pid)[: killed < 3]:
            os.kill(worker, signal.SIGKILL)
            killed += 1
        time.sleep(0.3)
    assert (complaints(running), running.returncode, killed) == ([], 0, 3)
    assert mill.rows("SELECT outcome, count(*) FROM outcomes GROUP BY ALL") == [("new", 60)]
    assert mill.broken() == []


def workers_of(pid: int) -> list[int]:
    """The processes that a command has started to read and enrich: those forked from its fork server."""
    servers = [child for child in children_of(pid) if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return [worker for server in servers for worker in children_of(server)]


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_what_a_killed_pass_left_behind_goes(mill: Mill, project: Path) -> None:
    mill.put("a.txt", FIRST)
    start(mill, *ingest_command(mill), project=project, NEWSMILL_KILL_AT="before_commit").communicate()
    mill.ingest()
    left = {file.name for file in (mill.warehouse / "tmp").rglob("*") if file.is_file() and file.suffix != ".lock"}
    assert {name for name in left if not name.startswith("blank-")} == set()
    with writing(mill.warehouse) as (warehouse, ledger):
        expire(warehouse, ledger)
    stored = {file.name for file in (mill.warehouse / "store").rglob("*.parquet") if "0000-00" not in str(file.parent)}
    linked = {file.name for file in (mill.warehouse / "tables").rglob("*.parquet")}
    assert stored == linked


def test_a_file_cut_into_slices_is_committed_whole_or_not_at_all(
    mill: Mill, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mill.put("a.txt", "\n".join(block(f"Nummer {number}", words(number)) for number in range(6)))
    program = "from tasks.ingestion import gathering; from flows.cli import main; gathering.SLICE_ARTICLES = 2; main()"
    command = [sys.executable, "-c", program, *ingest_command(mill), "--warehouse", str(mill.warehouse)]
    environment = os.environ | {"NEWSMILL_KILL_AT": "before_commit"}
    assert subprocess.run(command, cwd=project, env=environment, check=False).returncode == -signal.SIGKILL
    assert mill.column("SELECT count(*) FROM articles") == [0]
    monkeypatch.setattr(gathering, "SLICE_ARTICLES", 2)
    mill.ingest()
    assert mill.column("SELECT count(*) FROM articles") == [6]
    assert mill.broken() == []


def test_two_passes_at_once_store_everything_once(mill: Mill, project: Path) -> None:
    for number in range(12):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number)))
    both = [start(mill, *ingest_command(mill), "--batch-size", "2", project=project) for _ in range(2)]
    assert [(complaints(program), program.returncode) for program in both] == [([], 0)] * 2
    assert mill.rows("SELECT outcome, count(*) FROM outcomes GROUP BY ALL") == [("new", 12)]
    assert mill.rows("SELECT outcome, count(*) FROM files GROUP BY ALL") == [("read", 12)]
    assert mill.column("SELECT count(DISTINCT headline) FROM articles") == [12]
    assert mill.column("SELECT status FROM runs") == ["done", "done"]
    assert mill.broken() == []
