"""One pass over the folder: every file and block ends in one counted outcome, and a second pass changes nothing."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from schemas.run import Run
from tasks.ingestion import gathering
from tasks.ingestion.ingesting import COMMITS_TO_JOIN
from tasks.ingestion.plans import FailedBatch, Plan, PreparedBatch
from tasks.ingestion.preparing import prepare_here
from tasks.storage.ledger import live_parts
from tasks.storage.opening import reading
from tests.ingestion.mill import VOLATILE, Mill, block, mill_at, words

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00" + bytes(200)
GOOD = block("Brücke gesperrt", words(1))
TWO_WITH_ONE_BAD = f"{block('Wahl im Norden', words(2))}\n{block('Niemals', words(3), day='2025-02-30')}"


def lay_mixed(mill: Mill) -> None:
    """One file of each kind."""
    files: dict[str, str | bytes] = {
        "good.txt": GOOD,
        "copy/of good.txt": GOOD,
        "two.txt": TWO_WITH_ONE_BAD,
        "empty.txt": "",
        "picture.txt": PNG,
        "headless.txt": words(4),
        "impossible.txt": block("Am Tag danach", words(5), day="2025-11-31"),
        "bodiless.txt": " date 2025-12-01 Nichts weiter",
        ".hidden": GOOD,
        "half.txt.tmp": GOOD,
        "table.csv": "a,b",
    }
    for name, content in files.items():
        mill.put(name, content)


def counts(run: Run) -> dict[str, int]:
    """The counts of a run that are not zero."""
    found = {name: value for name, value in asdict(run).items() if name.startswith(("files_", "articles_"))}
    return {name: value for name, value in found.items() if value}


def test_every_file_and_block_ends_in_one_outcome_with_its_reason(mill: Mill) -> None:
    lay_mixed(mill)
    run = mill.ingest()
    assert mill.rows("SELECT path, outcome, reason, article_count FROM files ORDER BY path") == [
        (".hidden", "skipped", "hidden", 0),
        ("bodiless.txt", "refused", "no_body", 0),
        ("copy/of good.txt", "read", None, 1),
        ("empty.txt", "refused", "empty", 0),
        ("good.txt", "duplicate", None, 0),
        ("half.txt.tmp", "skipped", "temporary", 0),
        ("headless.txt", "refused", "no_header", 0),
        ("impossible.txt", "refused", "invalid_date", 0),
        ("picture.txt", "refused", "binary", 0),
        ("table.csv", "skipped", "unsupported_type", 0),
        ("two.txt", "read", None, 2),
    ]
    outcomes = "SELECT o.position_in_file, o.outcome, o.reason FROM outcomes o JOIN files f USING (file_id)"
    assert sorted(mill.rows(f"{outcomes} WHERE f.path = 'two.txt'")) == [
        (1, "new", None),
        (2, "refused", "invalid_date"),
    ]
    assert counts(run) == {
        "files_read": 2,
        "files_duplicate": 1,
        "files_skipped": 3,
        "files_refused": 5,
        "articles_new": 2,
        "articles_refused": 1,
    }


def test_what_was_listed_is_what_was_counted(mill: Mill) -> None:
    lay_mixed(mill)
    found = counts(mill.ingest())
    listed = sum(1 for path in mill.input.rglob("*") if path.is_file())
    assert sum(n for name, n in found.items() if name.startswith("files_")) == listed
    assert mill.column("SELECT count(*) FROM files") == [listed]
    assert mill.rows("SELECT sum(article_count) FROM files") == mill.rows("SELECT count(*) FROM outcomes") == [(3,)]
    assert mill.column("SELECT count(*) FROM quarantine WHERE status = 'open'") == [6]


def test_no_promise_is_broken_after_a_mixed_pass(mill: Mill) -> None:
    lay_mixed(mill)
    mill.ingest()
    assert mill.broken() == []


def test_a_second_pass_changes_no_table_but_runs(mill: Mill) -> None:
    lay_mixed(mill)
    mill.ingest()
    before = mill.tables()
    assert counts(mill.ingest()) == {}
    assert mill.tables() == before


def test_touched_files_with_the_same_bytes_change_nothing(mill: Mill) -> None:
    lay_mixed(mill)
    mill.ingest()
    before = mill.tables()
    for path in mill.input.rglob("*"):
        os.utime(path, (0, 0))
    mill.ingest()
    assert mill.tables() == before
    assert mill.broken() == []


def test_a_copy_that_sorts_before_its_touched_original_leaves_the_original_read(mill: Mill) -> None:
    mill.put("good.txt", GOOD)
    mill.ingest()
    os.utime(mill.input / "good.txt", (0, 0))
    mill.put("a copy.txt", GOOD)
    mill.ingest()
    standings = mill.rows("SELECT path, outcome FROM files ORDER BY path")
    assert standings == [("a copy.txt", "duplicate"), ("good.txt", "read")]
    assert mill.broken() == []


def test_the_input_is_not_changed(mill: Mill) -> None:
    lay_mixed(mill)
    before = {path: (path.stat(), path.read_bytes()) for path in mill.input.rglob("*") if path.is_file()}
    folders = {path: path.stat().st_mtime_ns for path in mill.input.rglob("*") if path.is_dir()}
    mill.ingest()
    after = {path: (path.stat(), path.read_bytes()) for path in mill.input.rglob("*") if path.is_file()}
    assert {path: (s.st_mtime_ns, s.st_mode, data) for path, (s, data) in after.items()} == {
        path: (s.st_mtime_ns, s.st_mode, data) for path, (s, data) in before.items()
    }
    assert {path: path.stat().st_mtime_ns for path in folders} == folders


def test_an_empty_folder_makes_an_empty_warehouse(mill: Mill) -> None:
    assert counts(mill.ingest()) == {}
    assert mill.column("SELECT count(*) FROM articles") == [0]
    assert mill.broken() == []


def test_a_second_file_is_taken_in_beside_the_first(mill: Mill) -> None:
    mill.put("a.txt", GOOD)
    mill.ingest()
    mill.put("b.txt", block("Wahl", words(2)))
    assert counts(mill.ingest()) == {"files_read": 1, "articles_new": 1}
    assert mill.column("SELECT count(*) FROM articles") == [2]


def test_a_changed_file_gives_a_new_version_and_repeats_the_rest(mill: Mill) -> None:
    mill.put("a.txt", f"{GOOD}\n{block('Wahl', words(2))}")
    mill.ingest()
    mill.put("a.txt", f"{block('Brücke gesperrt', words(1) + ' Nachtrag vom Abend.')}\n{block('Wahl', words(2))}")
    assert counts(mill.ingest()) == {"files_read": 1, "articles_new_version": 1, "articles_unchanged": 1}
    query = "SELECT headline, version_no, is_current FROM articles ORDER BY headline, version_no"
    assert mill.rows(query) == [("Brücke gesperrt", 1, False), ("Brücke gesperrt", 2, True), ("Wahl", 1, True)]
    assert mill.broken() == []


@pytest.mark.parametrize("day", ["0800-02-03", "1605-01-01", "9999-12-31"])
def test_a_correction_of_an_article_of_any_year_takes_the_place_of_the_first(mill: Mill, day: str) -> None:
    mill.put("a.txt", block("Chronik", words(1), day=day))
    mill.ingest()
    mill.put("a.txt", block("Chronik", words(1) + " Nachtrag vom Abend.", day=day))
    mill.ingest()
    query = "SELECT version_no, is_current, published_month FROM articles ORDER BY version_no"
    assert mill.rows(query) == [(1, False, day[:7]), (2, True, day[:7])]


@pytest.mark.parametrize("modified_s", [-(2**31), 0, 2**33, 253_402_300_800])
def test_files_may_carry_any_time(mill: Mill, modified_s: int) -> None:
    file = mill.put("a.txt", GOOD)
    os.utime(file, (modified_s, modified_s))
    assert counts(mill.ingest()) == {"files_read": 1, "articles_new": 1}


def test_the_same_damaged_archive_twice_is_refused_once_and_a_duplicate_once(mill: Mill) -> None:
    mill.put("a.zip", b"PK\x03\x04, cut")
    mill.put("b.zip", b"PK\x03\x04, cut")
    mill.ingest()
    assert mill.rows("SELECT path, outcome, reason FROM files ORDER BY path") == [
        ("a.zip", "refused", "damaged_archive"),
        ("b.zip", "duplicate", None),
    ]


def test_a_file_that_changes_while_it_is_read_is_deferred_and_read_by_the_next_pass(mill: Mill) -> None:
    file = mill.put("a.txt", GOOD)

    def growing(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        for plan in plans:
            with file.open("a", encoding="utf-8") as handle:
                handle.write(" Und noch ein Satz.")
            yield from prepare_here([plan])

    assert counts(mill.ingest(growing)) == {"files_deferred": 1}
    assert mill.rows("SELECT outcome, reason FROM files") == [("deferred", "changed_while_reading")]
    assert counts(mill.ingest()) == {"files_read": 1, "articles_new": 1}
    assert mill.rows("SELECT outcome, reason FROM files") == [("read", None)]


@pytest.mark.usefixtures("without_root_powers")
def test_an_unreadable_file_is_refused_and_read_once_it_can_be(mill: Mill) -> None:
    file = mill.put("a.txt", GOOD)
    file.chmod(0)
    assert counts(mill.ingest()) == {"files_refused": 1}
    assert mill.rows("SELECT file_id, outcome, reason FROM files") == [(None, "refused", "unreadable")]
    file.chmod(stat.S_IRUSR)
    assert counts(mill.ingest()) == {"files_read": 1, "articles_new": 1}
    assert mill.rows("SELECT outcome, reason FROM files") == [("read", None)]
    assert mill.rows("SELECT reason, status FROM quarantine") == [("unreadable", "replayed")]
    assert mill.broken() == []


@pytest.mark.usefixtures("without_root_powers")
def test_an_unreadable_folder_is_refused_and_forgotten_once_it_can_be_read(mill: Mill) -> None:
    folder = mill.put("locked/a.txt", GOOD).parent
    folder.chmod(0)
    try:
        assert counts(mill.ingest()) == {"files_refused": 1}
    finally:
        folder.chmod(stat.S_IRWXU)
    mill.ingest()
    assert mill.rows("SELECT path, outcome FROM files") == [("locked/a.txt", "read")]
    assert mill.rows("SELECT path, status FROM quarantine") == [("locked", "replayed")]


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory) -> Mill:
    """A mill that took in a varied folder in one batch, in one process."""
    mill = mill_at(tmp_path_factory.mktemp("one"))
    lay_varied(mill.input)
    mill.ingest()
    return mill


def lay_varied(folder: Path) -> None:
    """Twenty-four articles in twelve files, with copies, near copies and corrections among them."""
    mill = mill_at(folder.parent)
    for number in range(12):
        story = words(number % 9)
        near = story.replace("Regierung", "Landesregierung")
        mill.put(f"{number:02d}.txt", f"{block(f'Nummer {number}', story)}\n{block(f'Nah {number}', near)}")
    lay_mixed(mill)


STABLE = {"article_id", "duplicate_of", "version_no", *VOLATILE}


@pytest.mark.parametrize("files", [1, 5])
def test_the_size_of_a_batch_changes_nothing_but_times(one_by_one: Mill, tmp_path: Path, files: int) -> None:
    mill = mill_at(tmp_path)
    lay_varied(mill.input)
    mill.ingest(batch_files=files)
    assert mill.tables(without=STABLE) == one_by_one.tables(without=STABLE)


def test_cutting_files_into_slices_changes_nothing_but_times(
    one_by_one: Mill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "SLICE_ARTICLES", 3)
    mill = mill_at(tmp_path)
    lay_varied(mill.input)
    mill.ingest()
    assert mill.tables(without=STABLE) == one_by_one.tables(without=STABLE)
    assert mill.broken() == []


def test_a_batch_is_one_commit_however_it_is_cut(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    # Three slices: four parts would be joined at once.
    monkeypatch.setattr(gathering, "SLICE_ARTICLES", 3)
    mill.put("a.txt", "\n".join(block(f"Nummer {number}", words(number)) for number in range(7)))
    mill.ingest()
    with reading(mill.warehouse) as (_, ledger):
        assert len({part.path.partition("-0")[0] for part in live_parts(ledger, "articles")}) == 1
        assert len(live_parts(ledger, "articles")) == 3
    assert mill.column("SELECT count(*) FROM articles") == [7]


STORED_AND_LINKED = """
    SELECT a.published_date, a.headline, a.text, a.language, a.duplicate_kind, a.similarity, root.headline, root.text
    FROM articles a LEFT JOIN articles root ON a.duplicate_of = root.article_id
    ORDER BY ALL"""


def test_small_parts_are_joined_while_a_long_run_goes_on(mill: Mill) -> None:
    for number in range(COMMITS_TO_JOIN + 2):
        mill.put(f"{number:02}.txt", block(f"Story {number}", words(number)))
    mill.ingest(batch_files=1)
    with reading(mill.warehouse) as (_, ledger):
        kinds = [kind for (kind,) in ledger.execute("SELECT kind FROM commits ORDER BY commit_id")]
    assert kinds[:COMMITS_TO_JOIN] == ["ingest"] * COMMITS_TO_JOIN
    assert kinds[COMMITS_TO_JOIN : COMMITS_TO_JOIN + 2] == ["compact", "ingest"]
    assert len(set(mill.column("SELECT article_id FROM articles"))) == COMMITS_TO_JOIN + 2


def test_several_processes_store_and_link_what_one_does(one_by_one: Mill, tmp_path: Path) -> None:
    mill = mill_at(tmp_path)
    lay_varied(mill.input)
    mill.ingest(workers=2, batch_files=4)
    assert mill.rows(STORED_AND_LINKED) == one_by_one.rows(STORED_AND_LINKED)
    # Which of two equal articles came first is not settled: which is new, and which file holds it.
    assert mill.rows("SELECT count(*) FROM outcomes") == one_by_one.rows("SELECT count(*) FROM outcomes")
    assert mill.broken() == []


def test_a_file_that_is_put_back_is_current_again(mill: Mill) -> None:
    first, second = block("Wahl", words(1)), block("Wahl", f"{words(1)} Nachtrag.")
    for hour, content in enumerate([first, second, first, second, first]):
        os.utime(mill.put("a.txt", content), (hour * 3600, hour * 3600))
        run = mill.ingest()
    assert mill.rows("SELECT version_no, is_current FROM articles ORDER BY version_no") == [(1, True), (2, False)]
    assert mill.rows("SELECT outcome, count(*) FROM outcomes GROUP BY ALL ORDER BY ALL") == [
        ("new", 1),
        ("new_version", 1),
    ]
    assert run.files_read == 0
    assert mill.broken() == []


def test_a_block_that_is_put_back_among_others_is_current_again(mill: Mill) -> None:
    first, second, other = block("Wahl", words(1)), block("Wahl", f"{words(1)} Nachtrag."), block("Streik", words(2))
    for hour, content in enumerate([first, second, f"{other}\n{first}"]):
        os.utime(mill.put("a.txt", content), (hour * 3600, hour * 3600))
        mill.ingest()
    assert mill.rows("SELECT version_no, is_current FROM articles WHERE headline = 'Wahl' ORDER BY version_no") == [
        (1, True),
        (2, False),
    ]
    assert mill.column("SELECT outcome FROM outcomes ORDER BY ingested_at, position_in_file")[-2:] == [
        "new",
        "unchanged",
    ]


def test_a_touched_file_changes_nothing(mill: Mill) -> None:
    file = mill.put("a.txt", block("Wahl", words(1)))
    mill.ingest()
    before = mill.tables()
    os.utime(file)
    mill.ingest()
    assert mill.tables() == before


@pytest.mark.parametrize("mirror", ["a.txt", "z.txt"])
def test_a_mirror_that_is_touched_does_not_undo_a_correction(mill: Mill, mirror: str) -> None:
    first, second = block("Wahl", words(1)), block("Wahl", f"{words(1)} Nachtrag.")
    for name in ("m.txt", mirror):
        os.utime(mill.put(name, first), (1, 1))
    mill.ingest()
    os.utime(mill.put("m.txt", second), (2, 2))
    mill.ingest()
    os.utime(mill.input / mirror, (3, 3))
    mill.ingest()
    assert mill.rows("SELECT version_no, is_current FROM articles ORDER BY version_no") == [(1, False), (2, True)]


def test_a_copy_that_is_put_back_is_current_again(mill: Mill) -> None:
    first, second = block("Wahl", words(1)), block("Wahl", f"{words(1)} Nachtrag.")
    os.utime(mill.put("m.txt", first), (1, 1))
    mill.ingest()
    for hour, content in enumerate([first, second, first], start=2):
        os.utime(mill.put("n.txt", content), (hour, hour))
        mill.ingest()
    assert mill.rows("SELECT version_no, is_current FROM articles ORDER BY version_no") == [(1, True), (2, False)]
