"""Takedown: nothing of the text stays anywhere in the warehouse, and it does not come back."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import WrongUse
from tasks.ingestion.forgetting import forget
from tasks.ingestion.plans import FailedBatch, Plan, PreparedBatch
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.quarantine import Selection, list_refusals
from tasks.ingestion.replaying import run_replay
from tasks.maintaining import run_upkeep
from tasks.reporting.changes import changes_since
from tasks.storage.ledger import last_commit, newest_commits
from tasks.storage.opening import open_warehouse, reading
from tests.ingestion.mill import Mill, block, words

SECRET = "Zwiebelfisch Quastenflosser"
STORY = block(f"Skandal um {SECRET}", f"{words(1)} Der Name {SECRET} darf nicht stehen bleiben.")
OTHER = block("Wahl", words(2))


def mentions_secret(data: bytes) -> bool:
    """Whether any part of the secret stands in some bytes, in any case."""
    return any(word.casefold().encode() in data.lower() for word in SECRET.split())


def leaks(folder: Path) -> Iterator[str]:
    """Files of a warehouse in which the secret can be read, unpacked where they are packed."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        if file.suffix == ".parquet":
            data = repr(pq.read_table(file, partitioning=None).to_pylist()).encode()
        elif file.suffix == ".zst":
            with pa.input_stream(str(file), compression="zstd") as stream:
                data = bytes(stream.read())
        if mentions_secret(data):
            yield str(file.relative_to(folder))


def only_id(mill: Mill) -> str:
    (article_id,) = mill.column(f"SELECT article_id FROM articles WHERE headline LIKE '%{SECRET}' AND version_no = 1")
    return str(article_id)


@pytest.fixture
def told(mill: Mill) -> Mill:
    """A mill that has taken in the story in two versions, and another one."""
    mill.put("story.txt", STORY)
    mill.put("other.txt", OTHER)
    mill.ingest()
    mill.put("story.txt", f"{STORY} Nachtrag vom Abend.")
    mill.ingest()
    return mill


def test_the_search_finds_the_story_before(told: Mill) -> None:
    found = list(leaks(told.warehouse))
    assert any(name.startswith("raw/") for name in found)
    assert any(name.startswith("tables/articles") for name in found)
    assert any(name.startswith("ledger") for name in found)


@pytest.mark.parametrize("named_by", ["article_id", "path", "file_id"])
def test_nothing_of_an_article_stays_however_it_was_named(told: Mill, named_by: str) -> None:
    names = {"article_id": only_id(told), "path": "story.txt"}
    names["file_id"] = told.column("SELECT file_id FROM articles WHERE version_no = 2")[0]
    gone = forget(told.warehouse, names[named_by])
    assert (len(gone.article_ids), len(gone.file_ids), gone.paths) == (1, 2, ("story.txt",))
    assert list(leaks(told.warehouse)) == []
    assert told.column("SELECT headline FROM articles") == ["Wahl"]
    assert told.broken() == []


def test_its_blocks_stay_counted_as_taken_down(told: Mill) -> None:
    forget(told.warehouse, only_id(told))
    query = "SELECT outcome, reason, count(*) FROM outcomes GROUP BY ALL ORDER BY ALL"
    assert told.rows(query) == [("new", None, 1), ("refused", "forgotten", 2)]
    assert told.rows("SELECT DISTINCT reason, status FROM quarantine") == [("forgotten", "discarded")]


def test_it_is_not_taken_in_again_from_its_own_file(told: Mill) -> None:
    forget(told.warehouse, only_id(told))
    os.utime(told.input / "story.txt", (0, 0))
    told.put("again.txt", STORY)
    told.ingest()
    assert list(leaks(told.warehouse)) == []
    assert told.rows("SELECT path, outcome, reason FROM files WHERE path = 'again.txt'") == [
        ("again.txt", "skipped", "forgotten")
    ]
    assert told.broken() == []


def test_it_is_not_taken_in_again_among_others(told: Mill) -> None:
    forget(told.warehouse, only_id(told))
    told.put("many.txt", f"{block('Streik', words(3))}\n{STORY}")
    told.ingest()
    assert list(leaks(told.warehouse)) == []
    assert told.column("SELECT headline FROM articles ORDER BY headline") == ["Streik", "Wahl"]
    assert told.broken() == []
    # The raw bytes of a file that holds it are not kept, and nobody misses them.
    assert run_upkeep(told.warehouse).is_sound


def headlines_as_of(mill: Mill, snapshot: int) -> list[str]:
    with open_warehouse(mill.warehouse, str(snapshot)) as connection:
        return [headline for (headline,) in connection.execute("SELECT headline FROM articles ORDER BY 1").fetchall()]


def test_snapshots_stay_readable_without_it(told: Mill) -> None:
    with reading(told.warehouse) as (_, ledger):
        commits = [number for number, _, _ in newest_commits(ledger, 9)]
    before = {number: headlines_as_of(told, number) for number in commits}
    assert any(SECRET in headline for headlines in before.values() for headline in headlines)
    forget(told.warehouse, only_id(told))
    assert list(leaks(told.warehouse)) == []
    assert {number: headlines_as_of(told, number) for number in commits} == {
        number: [headline for headline in headlines if SECRET not in headline] for number, headlines in before.items()
    }
    assert run_upkeep(told.warehouse).is_sound


def test_a_copy_downstream_is_told_to_drop_it(told: Mill) -> None:
    with reading(told.warehouse) as (_, ledger):
        since = str(last_commit(ledger))
    article_id = only_id(told)
    forget(told.warehouse, article_id)
    with changes_since(told.warehouse, since) as rows:
        assert [(row["change"], row["article_id"]) for row in rows.read_all().to_pylist()] == [
            ("forgotten", article_id)
        ]
    with reading(told.warehouse) as (_, ledger):
        after = str(last_commit(ledger))
    for nothing_since in (after, "0"):
        with changes_since(told.warehouse, nothing_since) as rows:
            assert article_id not in rows.read_all()["article_id"].to_pylist()


def test_copies_of_it_get_another_canonical_copy(mill: Mill) -> None:
    for day in (1, 2, 3):
        mill.put(f"{day}.txt", block(f"Fassung {day}", words(1), day=f"2025-12-0{day}"))
    mill.ingest()
    root = "SELECT c.headline, r.headline FROM articles c LEFT JOIN articles r ON c.duplicate_of = r.article_id"
    assert sorted(mill.rows(root), key=str) == [
        ("Fassung 1", None),
        ("Fassung 2", "Fassung 1"),
        ("Fassung 3", "Fassung 1"),
    ]
    forget(mill.warehouse, "1.txt")
    assert sorted(mill.rows(root), key=str) == [("Fassung 2", None), ("Fassung 3", "Fassung 2")]
    assert mill.broken() == []


def test_other_articles_of_its_file_stay_without_raw_bytes(mill: Mill) -> None:
    mill.put("both.txt", f"{STORY}\n{OTHER}")
    mill.ingest()
    gone = forget(mill.warehouse, only_id(mill))
    assert gone.others_without_raw == 1
    assert mill.column("SELECT headline FROM articles") == ["Wahl"]
    assert list(leaks(mill.warehouse)) == []
    assert mill.broken() == []


def test_a_file_that_was_refused_is_taken_down_with_what_quarantine_says_of_it(mill: Mill) -> None:
    mill.put("notes.txt", f"{SECRET} ohne Kopfzeile\n{words(1)}")
    mill.put("part.txt", f"{OTHER}\n date 2025-02-30 {SECRET}\n{words(2)}\n date 2025-12-01 {SECRET}")
    mill.ingest()
    assert any(name.startswith("tables/quarantine") for name in leaks(mill.warehouse))
    for name in ("notes.txt", "part.txt"):
        forget(mill.warehouse, name)
    assert list(leaks(mill.warehouse)) == []
    assert mill.rows("SELECT DISTINCT status FROM quarantine") == [("discarded",)]
    assert list_refusals(mill.warehouse, Selection()) == []
    assert mill.broken() == []


def test_a_replay_does_not_bring_it_back(mill: Mill) -> None:
    mill.put("part.txt", f"{OTHER}\n date 03/04/2025 {SECRET}\n{words(2)}")
    mill.ingest()
    forget(mill.warehouse, "part.txt")
    run_replay(mill.settings, Selection(), prepare_here)
    assert list(leaks(mill.warehouse)) == []
    assert mill.broken() == []


@pytest.mark.parametrize("finish", ["forget", "maintain"])
def test_a_takedown_that_was_killed_is_finished_by_the_next(told: Mill, project: Path, finish: str) -> None:
    command = [sys.executable, "-m", "flows.cli", "forget", only_id(told), "--yes", "--warehouse", str(told.warehouse)]
    killed = subprocess.run(
        command, cwd=project, env=os.environ | {"NEWSMILL_KILL_AT": "forget_committed"}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert told.column("SELECT headline FROM articles") == ["Wahl"]
    assert any(name.startswith("raw/") for name in leaks(told.warehouse))
    if finish == "maintain":
        assert run_upkeep(told.warehouse).is_sound
    else:
        forget(told.warehouse, "other.txt")
    assert list(leaks(told.warehouse)) == []


def test_what_a_killed_pass_left_of_it_goes_too(mill: Mill, project: Path) -> None:
    mill.put("story.txt", STORY)
    arguments = [
        "--direct",
        "--input",
        str(mill.input),
        "--warehouse",
        str(mill.warehouse),
        "--model",
        "en_core_web_sm",
    ]
    command = [sys.executable, "-m", "flows.cli", "ingest", *arguments]
    subprocess.run(command, cwd=project, env=os.environ | {"NEWSMILL_KILL_AT": "before_commit"}, check=False)
    mill.ingest()
    assert len([name for name in leaks(mill.warehouse) if name.startswith("store/articles")]) == 2
    forget(mill.warehouse, only_id(mill))
    assert list(leaks(mill.warehouse)) == []


def test_a_name_that_nothing_has_is_wrong_use_and_changes_nothing(told: Mill) -> None:
    before = told.tables(but=())
    with pytest.raises(WrongUse, match="Nothing stored is named 'nobody'"):
        forget(told.warehouse, "nobody")
    assert told.tables(but=()) == before


def test_a_pass_that_read_it_before_the_takedown_does_not_store_it_after(told: Mill) -> None:
    def forgotten_meanwhile(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        for answer in prepare_here(plans):
            forget(told.warehouse, only_id(told))
            yield answer

    told.put("again.txt", f"{STORY}\n{block('Streik', words(3))}")
    told.ingest(forgotten_meanwhile)
    assert told.column("SELECT headline FROM articles ORDER BY headline") == ["Streik", "Wahl"]
    assert list(leaks(told.warehouse)) == []
    assert told.broken() == []


def test_other_bytes_that_hold_it_are_kept_neither_when_they_come_twice_nor_when_they_are_touched(told: Mill) -> None:
    forget(told.warehouse, only_id(told))
    for name in ("b.txt", "c.txt"):
        told.put(name, f"{STORY}\n")
    told.ingest()
    assert list(leaks(told.warehouse)) == []
    os.utime(told.input / "b.txt", (0, 0))
    told.ingest()
    assert list(leaks(told.warehouse)) == []
