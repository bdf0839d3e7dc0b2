"""A warehouse or an input on a disk that cannot be written: reading works, writing says so."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import fill
from tests.ingestion.mill import Mill, block, mill_at, words
from tests.small_disk import SmallDisk, small_disk


@pytest.fixture
def read_only(tmp_path: Path, project: Path) -> Iterator[SmallDisk]:
    """A disk that holds a filled warehouse, and the input beside it."""
    mill = fill(mill_at(tmp_path / "made"))
    with small_disk(tmp_path / "disk", project) as disk:
        disk.well("cp", "--archive", str(mill.warehouse), str(disk.folder / "data"))
        disk.well("cp", "--archive", str(mill.input), str(disk.folder / "in"))
        disk.forbid_writing()
        yield disk


def test_after_an_upgrade_a_read_only_warehouse_has_the_views_of_the_newsmill_that_reads(
    tmp_path: Path, project: Path
) -> None:
    made = fill(mill_at(tmp_path / "made")).warehouse
    with small_disk(tmp_path / "disk", project) as disk:
        disk.well("cp", "--archive", str(made), str(disk.folder / "data"))
        assert disk.newsmill("sql", "SELECT 1", *where(disk)).returncode == 0
        age = "import sys, pathlib, tests.storage.commits as c; c.age_views(pathlib.Path(sys.argv[1]))"
        disk.well("env", f"PYTHONPATH={project}", sys.executable, "-c", age, str(disk.folder / "data"))
        disk.forbid_writing()
        asked = disk.newsmill("sql", "SELECT count(measured) AS n FROM alarms", "--format", "csv", *where(disk))
        assert (asked.stdout, asked.stderr) == ("n\n0\n", "")


INGEST = [sys.executable, "-m", "flows.cli", "ingest"]


def where(disk: SmallDisk) -> tuple[str, str]:
    return "--warehouse", str(disk.folder / "data")


def test_everything_that_reads_works_on_a_read_only_warehouse(read_only: SmallDisk, tmp_path: Path) -> None:
    asked = read_only.newsmill("sql", "SELECT count(*) AS n FROM articles", "--format", "csv", *where(read_only))
    assert (asked.stdout, asked.stderr) == ("n\n2\n", "")
    # It was copied there: the catalog still names the place where it was made, and cannot be written anew.
    query = "SELECT commit_id > 0 AS is_known FROM snapshot"
    assert read_only.newsmill("sql", query, "--format", "csv", *where(read_only)).stdout == "is_known\ntrue\n"
    for command in (
        ["status"],
        ["maintain", "--verify"],
        ["quarantine", "list"],
        ["changes", "--since", "0"],
        ["report", "--output", str(tmp_path / "report.html")],
        ["export", "--output", str(tmp_path / "export")],
    ):
        ended = read_only.newsmill(*command, *where(read_only))
        assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["maintain"], id="maintain"),
        pytest.param(["quarantine", "discard", "--yes"], id="discard"),
        pytest.param(["backfill", "--direct", "--start", "2025-12-01", "--end", "2025-12-01"], id="backfill"),
        pytest.param(["ingest", "--direct", "--workers", "1"], id="ingest"),
    ],
)
def test_what_would_write_says_that_it_cannot(read_only: SmallDisk, command: list[str]) -> None:
    more = ["--input", str(read_only.folder / "in")] if command[0] == "ingest" else []
    model = ["--model", "en_core_web_sm"] if command[0] in {"ingest", "backfill"} else []
    ended = read_only.newsmill(*command, *more, *model, *where(read_only))
    assert ended.returncode == 1
    assert ended.stderr.startswith("newsmill: ")
    assert "read-only" in ended.stderr.lower()
    assert ended.stderr.count("\n") == 1


def test_a_read_only_input_is_read(read_only: SmallDisk, tmp_path: Path) -> None:
    folders = ["--input", str(read_only.folder / "in"), "--warehouse", str(tmp_path / "data")]
    ended = read_only.newsmill("ingest", "--direct", "--workers", "1", "--model", "en_core_web_sm", *folders)
    assert (ended.returncode, ended.stderr) == (0, "")
    read = Mill(settings=mill_at(tmp_path).settings)
    assert read.column("SELECT count(*) FROM articles") == [2]


def test_a_report_that_cannot_be_written_is_said_in_a_line(read_only: SmallDisk) -> None:
    ended = read_only.newsmill("report", "--output", str(read_only.folder / "report.html"), *where(read_only))
    assert ended.returncode == 1
    assert "read-only" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_what_a_killed_pass_committed_is_read_although_it_cannot_be_published(tmp_path: Path, project: Path) -> None:
    mill = fill(mill_at(tmp_path / "made"))
    mill.put("later.txt", block("Später", words(9)))
    with small_disk(tmp_path / "disk", project) as disk:
        disk.well("cp", "--archive", str(mill.warehouse), str(disk.folder / "data"))
        light = ["--direct", "--workers", "1", "--model", "en_core_web_sm", "--input", str(mill.input)]
        disk.run("env", "NEWSMILL_KILL_AT=after_commit", *INGEST, *light, *where(disk))
        disk.forbid_writing()
        asked = disk.newsmill("sql", "SELECT count(*) AS n FROM articles", "--format", "csv", *where(disk))
        assert asked.stdout == "n\n3\n"


def test_a_ledger_whose_newest_commits_cannot_be_read_there_is_not_taken_for_whole(
    tmp_path: Path, project: Path
) -> None:
    mill = fill(mill_at(tmp_path / "made"))
    mill.put("later.txt", block("Später", words(9)))
    with small_disk(tmp_path / "disk", project) as disk:
        disk.well("cp", "--archive", str(mill.warehouse), str(disk.folder / "data"))
        light = ["--direct", "--workers", "1", "--model", "en_core_web_sm", "--input", str(mill.input)]
        disk.run("env", "NEWSMILL_KILL_AT=after_commit", *INGEST, *light, *where(disk))
        # A copy may leave it out: it is made anew wherever something can be written.
        disk.well("rm", str(disk.folder / "data" / "ledger.sqlite-shm"))
        disk.forbid_writing()
        asked = disk.newsmill("sql", "SELECT 1", *where(disk))
        assert (asked.returncode, asked.stderr.count("\n")) == (1, 1)
        assert "cannot be read on a read-only disk" in asked.stderr
