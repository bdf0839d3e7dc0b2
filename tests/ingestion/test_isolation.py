"""An article that breaks the program is alone in quarantine; its neighbours are stored."""

from dataclasses import replace

import pytest

from schemas.errors import NewsmillError
from tasks.ingestion import gathering
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.quarantine import Selection
from tasks.ingestion.replaying import run_replay
from tasks.reading.parsing import FileReading, ReadingSettings, parse_file
from tasks.storage import faults
from tests.identity.stories import ELECTION, FLOOD
from tests.ingestion.mill import Mill, block, words

OUTCOMES = "SELECT outcome, reason, count(*) FROM outcomes GROUP BY ALL ORDER BY ALL"
OPEN = "SELECT path, position_in_file, reason, detail FROM quarantine WHERE status = 'open'"
POISON = "Ada Lovelace"


@pytest.fixture
def poisoned(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> Mill:
    """Five files, one of whose articles makes the enrichment raise."""
    monkeypatch.setattr(faults, "FAIL_ON", POISON)
    for number in range(4):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number)))
    mill.put("english.txt", f"{block('District votes', ELECTION)}\n{block('Bridge closed', FLOOD)}")
    return mill


@pytest.mark.model
def test_the_article_that_fails_is_refused_alone(poisoned: Mill) -> None:
    poisoned.ingest()
    assert poisoned.rows(OUTCOMES) == [("new", None, 5), ("refused", "failed_processing", 1)]
    (refusal,) = poisoned.rows(OPEN)
    assert refusal == ("english.txt", 2, "failed_processing", "InjectedFault: a test asked for this failure")
    assert poisoned.rows("SELECT headline, enrichment_status FROM articles WHERE language = 'en'") == [
        ("District votes", "done")
    ]
    assert poisoned.broken() == []


@pytest.mark.model
def test_the_same_article_further_on_in_its_file_is_refused_with_it(poisoned: Mill) -> None:
    poisoned.put("english.txt", "\n".join([block("Bridge closed", FLOOD)] * 2))
    poisoned.ingest()
    assert poisoned.rows(OUTCOMES) == [("new", None, 4), ("refused", "failed_processing", 2)]
    assert poisoned.column("SELECT DISTINCT enrichment_status FROM articles") == ["no_model"]


@pytest.mark.model
def test_a_pass_after_that_tries_it_no_more(poisoned: Mill) -> None:
    poisoned.ingest()
    before = poisoned.tables()
    poisoned.ingest()
    assert poisoned.tables() == before


@pytest.mark.model
def test_it_is_stored_when_it_is_replayed_with_what_failed_mended(
    poisoned: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned.ingest()
    monkeypatch.setattr(faults, "FAIL_ON", None)
    run_replay(poisoned.settings, Selection(), prepare_here)
    assert poisoned.rows(OUTCOMES) == [("new", None, 6)]
    assert poisoned.rows(OPEN) == []
    assert poisoned.rows("SELECT status, attempts FROM quarantine") == [("replayed", 1)]
    assert poisoned.broken() == []


@pytest.mark.model
def test_what_still_fails_counts_another_attempt(poisoned: Mill) -> None:
    poisoned.ingest()
    run_replay(poisoned.settings, Selection(), prepare_here)
    assert poisoned.rows("SELECT status, attempts FROM quarantine") == [("open", 2)]
    assert poisoned.rows(OUTCOMES) == [("new", None, 5), ("refused", "failed_processing", 1)]
    assert poisoned.broken() == []


@pytest.mark.parametrize("poisons", [(7,), (0, 7), (3, 4, 19)])
def test_an_article_that_the_tables_cannot_take_is_refused_alone(
    mill: Mill, monkeypatch: pytest.MonkeyPatch, poisons: tuple[int, ...]
) -> None:
    articles = [block(f"Nummer {n}", words(n) + " Giftig." * (n in poisons)) for n in range(20)]
    for number in range(0, 20, 4):
        mill.put(f"{number // 4}.txt", "\n".join(articles[number : number + 4]))
    monkeypatch.setattr(faults, "FAIL_COMMIT_ON", "Giftig")
    mill.ingest()
    assert mill.rows(OUTCOMES) == [("new", None, 20 - len(poisons)), ("refused", "failed_processing", len(poisons))]
    error = "InjectedFault: a test asked for this row to fail"
    assert sorted(mill.rows(OPEN)) == [
        (f"{number // 4}.txt", number % 4 + 1, "failed_processing", error) for number in poisons
    ]
    assert mill.broken() == []

    before = mill.tables()
    mill.ingest()
    assert mill.tables() == before

    monkeypatch.setattr(faults, "FAIL_COMMIT_ON", None)
    run_replay(mill.settings, Selection(), prepare_here)
    assert mill.rows(OUTCOMES) == [("new", None, 20)]
    assert mill.rows(OPEN) == []
    assert mill.broken() == []


def test_when_everything_fails_at_the_commit_no_article_is_blamed(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(25):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number) + " Giftig."))
    monkeypatch.setattr(faults, "FAIL_COMMIT_ON", "Giftig")
    with pytest.raises(faults.InjectedFault):
        mill.ingest()
    assert mill.column("SELECT count(*) FROM quarantine") == [0]


def test_a_full_disk_is_no_articles_fault(mill: Mill) -> None:
    mill.put("a.txt", block("Nummer 1", words(1)))
    mill.ingest()
    mill.put("b.txt", block("Nummer 2", words(2)))
    # A part cannot be written where a file stands in the place of its folder.
    folder = mill.warehouse / "store" / "outcomes"
    folder.rename(folder.with_name("moved"))
    folder.touch()
    with pytest.raises(OSError, match="outcomes"):
        mill.ingest()
    folder.unlink()
    folder.with_name("moved").rename(folder)
    assert mill.column("SELECT count(*) FROM quarantine") == [0]
    mill.ingest()
    assert mill.column("SELECT count(*) FROM articles") == [2]


def parse_or_break(data: bytes, settings: ReadingSettings) -> FileReading:
    if b"Nummer 2" in data:
        raise RecursionError("too deep")
    return parse_file(data, settings)


def test_a_missing_gazetteer_is_no_articles_fault(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    mill.put("english.txt", block("Bridge closed", FLOOD))
    monkeypatch.setenv("NEWSMILL_GAZETTEER", str(mill.input / "nowhere.sqlite"))
    with pytest.raises(NewsmillError, match="There is no gazetteer at"):
        mill.ingest()
    assert mill.rows(OUTCOMES) == []
    assert mill.rows(OPEN) == []
    monkeypatch.delenv("NEWSMILL_GAZETTEER")
    mill.ingest()
    assert mill.rows(OUTCOMES) == [("new", None, 1)]


def test_a_file_that_breaks_the_parser_is_refused_whole_and_kept(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number)))
    with monkeypatch.context() as broken:
        broken.setattr(gathering, "parse_file", parse_or_break)
        mill.ingest()
    assert mill.rows(OPEN) == [("2.txt", None, "failed_processing", "RecursionError: too deep")]
    assert mill.column("SELECT count(*) FROM articles") == [3]
    run_replay(mill.settings, Selection(), prepare_here)
    assert mill.column("SELECT count(*) FROM articles") == [4]
    assert mill.rows("SELECT DISTINCT outcome FROM files") == [("read",)]
    assert mill.broken() == []


def test_halves_of_a_failed_batch_are_tried_until_one_file_is_left(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number)))
    sizes = []

    def counted(plans: object) -> object:
        for plan in plans:  # type: ignore[attr-defined]
            sizes.append(len(plan.files))
            yield from prepare_here([plan])

    monkeypatch.setattr(gathering, "parse_file", parse_or_break)
    mill.ingest(counted)  # type: ignore[arg-type]
    assert sizes == [8, 4, 4, 2, 2, 1, 1, 1]
    assert mill.column("SELECT count(*) FROM articles") == [7]


def test_a_limit_of_the_settings_is_no_fault_of_the_file(mill: Mill) -> None:
    mill.put("a.txt", block("Nummer 1", words(1)))
    mill.ingest(reading=replace(mill.settings.reading, max_file_bytes=10))
    assert mill.rows("SELECT outcome, reason, file_id FROM files") == [("refused", "too_large", None)]
