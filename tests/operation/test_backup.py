"""A warehouse that was copied while it was used, moved, or put back, is whole and goes on."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.ingestion.forgetting import forget
from tasks.maintaining import run_upkeep
from tests.flows.waiting import meanwhile
from tests.ingestion.mill import Mill, block, mill_at, words
from tests.ingestion.sameness import differences

for tool in ("sqlite3", "rsync"):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed", allow_module_level=True)

SCRIPT = Path(__file__).parents[2] / "docs/systemd/newsmill-backup.sh"


def back_up(mill: Mill, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Copy the warehouse as the documents say."""
    return subprocess.run([SCRIPT, mill.warehouse, folder], capture_output=True, text=True, check=False, timeout=120)


def at(mill: Mill, folder: Path) -> Mill:
    """The same input with a warehouse elsewhere."""
    return Mill(settings=replace(mill.settings, warehouse=folder))


def verify(folder: Path) -> None:
    """Every file, every name, every check."""
    upkeep = run_upkeep(folder, verify_only=True)
    assert (upkeep.damage, upkeep.broken) == ([], [])


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    """Three files, taken in, one of them corrected."""
    mill = mill_at(tmp_path)
    for number in range(3):
        mill.put(f"{number}.txt", block(f"Meldung {number}", words(number)))
    mill.ingest()
    mill.put("1.txt", block("Meldung 1", f"{words(1)} Nachtrag."))
    mill.ingest()
    return mill


def test_a_backup_is_a_warehouse(mill: Mill, tmp_path: Path) -> None:
    copied = back_up(mill, tmp_path / "backup")
    assert copied.returncode == 0, copied.stderr
    assert at(mill, tmp_path / "backup").tables() == mill.tables()
    verify(tmp_path / "backup")


def test_backups_during_an_ingest_are_whole_and_go_on(tmp_path: Path) -> None:
    mill = mill_at(tmp_path)
    for number in range(40):
        mill.put(f"{number}.txt", block(f"Meldung {number}", words(number)))
    mill.ingest(batch_files=39)
    copies = [tmp_path / f"backup-{number}" for number in range(4)]
    for number in range(40, 80):
        mill.put(f"{number}.txt", block(f"Meldung {number}", words(number)))
    with meanwhile(lambda: mill.ingest(batch_files=1)):
        codes = [back_up(mill, copy).returncode for copy in copies]
    assert codes == [0] * 4
    taken_in = [at(mill, copy).column("SELECT count(*) FROM articles")[0] for copy in copies]
    assert taken_in == sorted(taken_in)
    assert 40 <= taken_in[0] < 80
    for copy in copies:
        verify(copy)
    restored = at(mill, copies[0])
    restored.ingest()
    found = differences(mill, restored)
    found.pop("runs", None)  # the one that was cut off by the copy is another one
    assert found == {}
    verify(copies[0])


def test_a_second_backup_brings_what_is_new_and_lets_go_what_was_taken_down(mill: Mill, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    back_up(mill, backup)
    taken_down = mill.put("taken-down.txt", block("Geheim", words(9)))
    mill.ingest()
    back_up(mill, backup)
    (raw,) = mill.column("SELECT file_id FROM files WHERE path = 'taken-down.txt'")
    assert at(mill, backup).column("SELECT count(*) FROM articles WHERE headline = 'Geheim'") == [1]
    assert list(backup.rglob(f"{raw}*"))
    taken_down.unlink()
    forget(mill.warehouse, "taken-down.txt", mill.settings.window_days)
    back_up(mill, backup)
    assert not [file for file in backup.rglob("*") if file.is_file() and holds(file, raw)]
    assert at(mill, backup).column("SELECT count(*) FROM articles WHERE headline = 'Geheim'") == [0]
    verify(backup)


def holds(file: Path, raw: str) -> bool:
    """Whether a file is the raw bytes that were taken down, or a ledger with their headline."""
    return raw in file.name or b"Geheim" in file.read_bytes()


def test_a_warehouse_that_lost_files_does_not_replace_its_backup(mill: Mill, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    back_up(mill, backup)
    rows = mill.tables()
    mill.put("new.txt", block("Neu", words(7)))
    mill.ingest()
    lost = max((mill.warehouse / "store/articles").rglob("*.parquet"), key=lambda file: file.stat().st_mtime_ns)
    lost.unlink()
    copied = back_up(mill, backup)
    assert copied.returncode != 0
    assert lost.name in copied.stderr
    assert at(mill, backup).tables() == rows
    verify(backup)


def test_what_came_after_the_backup_is_read_again_from_the_input(mill: Mill, tmp_path: Path) -> None:
    back_up(mill, tmp_path / "backup")
    mill.put("later.txt", block("Später", words(8)))
    mill.put("2.txt", block("Meldung 2", f"{words(2)} Nachtrag."))
    mill.ingest()
    restored = at(mill, tmp_path / "backup")
    restored.ingest()
    assert differences(mill, restored) == {}
    run_upkeep(restored.warehouse, grace=timedelta(0))
    verify(restored.warehouse)


def rename(here: Path, there: Path) -> None:
    """Move a folder on one disk."""
    here.rename(there)


def copy_without_links(here: Path, there: Path) -> None:
    """What a copy to another machine does unless it is told to keep hard links."""
    subprocess.run(["rsync", "-a", f"{here}/", f"{there}/"], check=True, timeout=60)
    shutil.rmtree(here)


@pytest.mark.parametrize("move", [rename, copy_without_links])
def test_a_moved_warehouse_goes_on(mill: Mill, tmp_path: Path, move: Callable[[Path, Path], None]) -> None:
    rows = mill.tables()
    move(mill.warehouse, tmp_path / "moved")
    moved = at(mill, tmp_path / "moved")
    assert moved.tables() == rows
    run_upkeep(moved.warehouse)
    verify(moved.warehouse)
    moved.put("new.txt", block("Neu", words(7)))
    moved.ingest()
    assert moved.column("SELECT count(*) FROM articles WHERE headline = 'Neu'") == [1]


def test_a_moved_input_brings_nothing_new(mill: Mill, tmp_path: Path) -> None:
    rows = mill.tables(but=("runs", "files"))
    shutil.move(mill.input, tmp_path / "moved")
    moved = Mill(settings=replace(mill.settings, input_folder=tmp_path / "moved"))
    moved.ingest()
    assert moved.tables(but=("runs", "files")) == rows
