"""Whatever a commit relies on is on the disk before the commit is, as the system calls of real commands show."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.tiny import write_tiny_pipeline
from tasks.storage.opening import reading
from tests.ingestion.mill import Mill, block, mill_at, words
from tests.storage.traces import SYNCS, Call, find_losses, traced

STRACE = shutil.which("strace")


@pytest.fixture(scope="session")
def strace() -> str:
    """The program that shows a process's system calls."""
    if STRACE is None:
        if os.environ.get("NEWSMILL_REQUIRE_TRACE"):
            pytest.fail("NEWSMILL_REQUIRE_TRACE is set and there is no strace")
        pytest.skip("no strace installed")
    return STRACE


def command(mill: Mill, name: str, *arguments: str) -> list[str]:
    """A newsmill command as a process."""
    return [sys.executable, "-m", "flows.cli", name, *arguments, "--warehouse", str(mill.warehouse)]


def ingest(mill: Mill) -> list[str]:
    light = ["--direct", "--workers", "1", "--model", mill.settings.enrichment.model]
    return command(mill, "ingest", *light, "--input", str(mill.input))


@pytest.fixture(scope="module")
def first_ingest(strace: str, project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mill, list[Call]]:
    """A warehouse and the calls that made it."""
    folder = tmp_path_factory.mktemp("first")
    mill = mill_at(folder)
    mill.put("a.txt", "\n".join([block("Erste Meldung", words(1)), block("Alte Meldung", words(2), day="2025-10-01")]))
    mill.put("b.bin", b"\x00\x01ELF")
    return mill, traced(ingest(mill), folder / "trace", strace=strace, folder=project)


def test_nothing_is_committed_before_it_is_on_the_disk(first_ingest: tuple[Mill, list[Call]]) -> None:
    mill, calls = first_ingest
    assert mill.column("SELECT count(*) FROM articles") == [2]
    assert find_losses(calls, mill.warehouse) == []


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("store/articles/published_month=2025-12/*.parquet", id="bytes of a part"),
        pytest.param("store/articles/published_month=2025-12", id="name of a part"),
        pytest.param("store/articles/published_month=0000-00", id="name of an empty part"),
        pytest.param("store/articles", id="name of a month"),
        pytest.param("store", id="name of a table"),
        pytest.param("raw/??", id="names of raw bytes"),
        pytest.param("raw", id="names of folders of raw bytes"),
        pytest.param("tables/articles/published_month=2025-12", id="link to a part"),
        pytest.param("tmp/catalog-*.duckdb", id="bytes of the catalog"),
        pytest.param("tmp/manifest.json.*", id="bytes of the manifest"),
        pytest.param("tmp/*.zst.*", id="raw bytes"),
        pytest.param("", id="names of catalog, manifest and ledger"),
    ],
)
def test_a_sync_that_was_left_out_would_be_seen(first_ingest: tuple[Mill, list[Call]], place: str) -> None:
    mill, calls = first_ingest
    wanted = mill.warehouse / place
    is_left_out = [call.name in SYNCS and any(Path(path).match(str(wanted)) for path in call.paths) for call in calls]
    assert any(is_left_out)
    left = [call for call, out in zip(calls, is_left_out, strict=True) if not out]
    assert find_losses(left, mill.warehouse) != []


@pytest.fixture
def renewable(project: Path, tmp_path: Path) -> tuple[Mill, list[str]]:
    """A warehouse of English articles, and the backfill that finds more places in them."""
    few = write_tiny_pipeline(tmp_path / "few", ["Paris"], "1.0.0")
    more = write_tiny_pipeline(tmp_path / "more", ["Paris", "Vallmora"], "2.0.0")
    mill = mill_at(tmp_path, few)
    for number, day in enumerate(["2025-11-30", "2025-12-01", "2025-12-02"]):
        mill.put(f"{number}.txt", block(f"Report {number}", f"{ENGLISH} It was number {number}.", day=day))
        subprocess.run(ingest(mill), cwd=project, check=True, capture_output=True)
    days = ["--start", "2025-12-01", "--end", "2025-12-31"]
    return mill, command(mill, "backfill", "--direct", "--workers", "1", "--model", more, *days)


ENGLISH = "The minister said in Vallmora that the government would not pay for the new bridge in Paris this year."


def files_of(mill: Mill) -> list[Path]:
    """Everything that stands in the warehouse."""
    return [mill.warehouse, *mill.warehouse.rglob("*")]


@pytest.mark.model
def test_nothing_is_replaced_before_its_replacement_is_on_the_disk(
    renewable: tuple[Mill, list[str]], strace: str, project: Path, tmp_path: Path
) -> None:
    mill, backfill = renewable
    before = files_of(mill)
    calls = traced(backfill, tmp_path / "trace", strace=strace, folder=project)
    assert mill.column("SELECT entity_count FROM articles ORDER BY published_date") == [1, 2, 2]
    assert find_losses(calls, mill.warehouse, before) == []

    before = files_of(mill)
    upkeep = command(mill, "maintain", "--keep-days", "0")
    calls = traced(upkeep, tmp_path / "trace", strace=strace, folder=project)
    gone = [call.paths[-1] for call in calls if call.name.startswith("unlink")]
    assert len([path for path in gone if "/store/" in path]) > 10
    assert find_losses(calls, mill.warehouse, before) == []


def test_an_old_part_is_deleted_after_the_ledger_has_let_it_go(
    first_ingest: tuple[Mill, list[Call]], strace: str, project: Path, tmp_path: Path
) -> None:
    shutil.copytree(first_ingest[0].warehouse, tmp_path / "data")
    mill = mill_at(tmp_path)
    for _ in range(2):  # the second joins what the first and the ingest say of themselves
        subprocess.run(command(mill, "maintain"), cwd=project, check=True, capture_output=True)
    with reading(mill.warehouse) as (warehouse, ledger):
        query = "SELECT path FROM parts WHERE removed_by IS NOT NULL AND table_name = 'runs'"
        superseded = [path for (path,) in ledger.execute(query)]
        part = warehouse.store / superseded[0]
    # It dies on entering the call that would delete this part.
    options = ["-f", "-qq", "-o", "/dev/null", "-P", str(part), "-e", "inject=unlink,unlinkat:signal=KILL"]
    upkeep = command(mill, "maintain", "--keep-days", "0")
    killed = subprocess.run([strace, *options, *upkeep], cwd=project, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert part.exists()
    with reading(mill.warehouse) as (_, ledger):
        assert ledger.execute("SELECT count(*) FROM parts WHERE path = ?", (superseded[0],)).fetchone() == (0,)
    assert mill.broken() == []
    subprocess.run(upkeep, cwd=project, check=True, capture_output=True)
    assert not part.exists()
