"""Opening the ledger: new, half made, damaged, of a later newsmill, by two programs at once."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import NewsmillError, WrongUse
from tasks.storage import commit as commit_module
from tasks.storage import ledger as ledger_module
from tasks.storage import retention
from tasks.storage.commit import transaction
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import instant, microseconds
from tasks.storage.opening import open_warehouse, reading, writing
from tasks.storage.retention import expire
from tests.examples import article
from tests.storage.commits import commit, headlines
from tests.storage.interrupting import is_interrupted

OPEN_TWICE = """
import sys
from pathlib import Path
from tasks.storage.commit import transaction
from tasks.storage.opening import writing
for number in range(5):
    with writing(Path(sys.argv[1])) as (warehouse, ledger):
        with transaction(warehouse, ledger, "ingest", "r1", f"{sys.argv[2]}/{number}"):
            pass
"""


def test_a_place_without_a_warehouse_is_wrong_use_and_stays_empty(root: Path) -> None:
    with pytest.raises(WrongUse, match="There is no warehouse"), reading(root):
        pass
    assert not root.exists()


@pytest.mark.parametrize("made", ["", "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"])
def test_a_ledger_whose_making_was_cut_off_is_none_to_readers_and_is_finished_by_the_next_writer(
    root: Path, made: str
) -> None:
    root.mkdir()
    with closing(sqlite3.connect(root / "ledger.sqlite")) as ledger:
        ledger.execute(made)
    (root / "ledger.sqlite").touch()
    with pytest.raises(WrongUse, match="There is no warehouse"):
        open_warehouse(root)
    commit(root, articles=[article()])
    assert headlines(root) == [article().headline]


def test_a_ledger_that_is_no_database_is_an_error_in_a_sentence(root: Path) -> None:
    commit(root, articles=[article()])
    (root / "ledger.sqlite").write_bytes(b"no database, but longer than a header of one would be" * 100)
    for opening in (reading, writing):
        with pytest.raises(NewsmillError, match="cannot be opened"), opening(root):
            pass


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_bytes(b"")], ids=["missing", "empty"])
def test_a_lost_ledger_is_not_made_anew_over_the_files_it_knew(root: Path, harm: Callable[[Path], Any]) -> None:
    commit(root, articles=[article()])
    harm(root / "ledger.sqlite")
    for opening in (reading, writing):
        with pytest.raises(NewsmillError, match=r"is lost.*backup"), opening(root):
            pass


def test_a_warehouse_of_a_later_newsmill_is_refused(root: Path) -> None:
    with writing(root) as (_, ledger):
        ledger.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    with pytest.raises(NewsmillError, match="schema version 999"), writing(root):
        pass


def test_a_place_that_cannot_be_made_is_an_error_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NewsmillError, match="cannot be made"), writing(tmp_path / "file"):
        pass


def test_two_programs_may_make_and_change_a_warehouse_at_once(root: Path, project: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", OPEN_TWICE, str(root), name], cwd=project, stderr=subprocess.PIPE)
        for name in ("one", "two", "three")
    ]
    assert [program.communicate()[1].decode() for program in programs] == [""] * 3
    with reading(root) as (_, ledger):
        assert ledger.execute("SELECT count(*) FROM commits").fetchone() == (15,)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00", "1969-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"])
def test_instants_survive_the_ledger_to_the_microsecond(text: str) -> None:
    moment = datetime.fromisoformat(f"{text}+00:00")
    assert instant(microseconds(moment)) == moment


def test_who_waits_for_a_long_commit_waits_as_long_as_it_takes(root: Path) -> None:
    with writing(root) as (_, ledger):
        assert ledger.execute("PRAGMA busy_timeout").fetchone()[0] > 3_600_000


def commit_nothing(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    with transaction(warehouse, ledger, "ingest", "r1", publishes=False):
        pass


@pytest.mark.parametrize("change", [commit_nothing, expire])
def test_wherever_ctrl_c_comes_the_ledger_takes_the_next_change(
    root: Path, change: Callable[[Warehouse, sqlite3.Connection], object]
) -> None:
    with writing(root) as (warehouse, ledger):
        for line in count():
            if not is_interrupted(lambda: change(warehouse, ledger), [commit_module, ledger_module, retention], line):
                break
            assert not ledger.in_transaction
        assert line > 10
