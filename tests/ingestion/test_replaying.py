"""What was refused is read again from its kept bytes, and becomes what it now is."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.errors import NewsmillError
from schemas.reasons import Reason
from schemas.run import Run
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.quarantine import Selection, list_refusals, refused_bytes
from tasks.ingestion.replaying import discard, run_replay
from tests.ingestion.mill import Mill, block, words

# Refused until a setting says that days come first.
AMBIGUOUS = block("Brücke gesperrt", words(1), day="03/04/2025")
QUARANTINE = "SELECT path, position_in_file, reason, status, attempts FROM quarantine ORDER BY path, position_in_file"


@pytest.fixture
def refused(mill: Mill) -> Mill:
    """A mill with one file refused whole and one article refused in another file."""
    mill.put("whole.txt", AMBIGUOUS)
    mill.put("part.txt", f"{block('Wahl', words(2))}\n{block('Streik', words(3), day='05/06/2025')}")
    mill.ingest()
    return mill


def replay(mill: Mill, selection: Selection = Selection(), **reading: Any) -> Run:  # noqa: B008
    settings = replace(mill.settings, reading=replace(mill.settings.reading, **reading))
    return run_replay(settings, selection, prepare_here)


def test_a_refused_file_and_a_refused_article_are_stored_once_a_setting_tells_how(refused: Mill) -> None:
    run = replay(refused, day_first=True)
    assert (run.files_read, run.articles_new) == (1, 2)
    assert refused.rows("SELECT headline, published_date FROM articles ORDER BY headline") == [
        ("Brücke gesperrt", date(2025, 4, 3)),
        ("Streik", date(2025, 6, 5)),
        ("Wahl", date(2025, 12, 1)),
    ]
    assert refused.rows("SELECT path, outcome, reason FROM files ORDER BY path") == [
        ("part.txt", "read", None),
        ("whole.txt", "read", None),
    ]
    assert refused.rows("SELECT DISTINCT outcome, reason FROM outcomes") == [("new", None)]
    assert refused.rows(QUARANTINE) == [
        ("part.txt", 2, "ambiguous_date", "replayed", 1),
        ("whole.txt", None, "ambiguous_date", "replayed", 1),
    ]
    assert refused.broken() == []


def test_a_replay_leaves_accepted_outcomes_and_articles_as_they_are(refused: Mill) -> None:
    accepted = "SELECT * FROM outcomes WHERE outcome <> 'refused'"
    before = refused.rows(accepted), refused.rows("SELECT * FROM articles")
    replay(refused)
    assert (refused.rows(accepted), refused.rows("SELECT * FROM articles")) == before


def test_what_is_refused_again_stays_open_with_one_more_attempt(refused: Mill) -> None:
    run = replay(refused)
    assert (run.files_refused, run.articles_refused) == (1, 1)
    assert refused.rows(QUARANTINE) == [
        ("part.txt", 2, "ambiguous_date", "open", 2),
        ("whole.txt", None, "ambiguous_date", "open", 2),
    ]
    assert refused.rows("SELECT outcome, reason FROM files WHERE path = 'whole.txt'") == [("refused", "ambiguous_date")]
    assert refused.broken() == []


def test_a_replay_that_succeeded_has_nothing_left_to_do(refused: Mill) -> None:
    replay(refused, day_first=True)
    before = refused.tables()
    run = replay(refused, day_first=True)
    assert (run.files_read, run.articles_new) == (0, 0)
    assert refused.tables() == before


def test_the_next_pass_over_the_folder_repeats_nothing_of_a_replay(refused: Mill) -> None:
    replay(refused, day_first=True)
    before = refused.tables()
    refused.ingest()
    assert refused.tables() == before


@pytest.mark.parametrize(
    ("selection", "paths"),
    [
        pytest.param(Selection(), ["part.txt", "whole.txt"], id="all"),
        pytest.param(Selection(reason=Reason.AMBIGUOUS_DATE), ["part.txt", "whole.txt"], id="its reason"),
        pytest.param(Selection(reason=Reason.NO_HEADER), [], id="another reason"),
        pytest.param(Selection(file="whole.txt"), ["whole.txt"], id="its path"),
        pytest.param(Selection(file="whole"), [], id="the beginning of its path"),
        pytest.param(
            Selection(since=date(2000, 1, 1), until=date(2999, 1, 1)), ["part.txt", "whole.txt"], id="its days"
        ),
        pytest.param(Selection(until=date.today() - timedelta(days=2)), [], id="days before"),  # noqa: DTZ011
    ],
)
def test_a_selection_takes_what_it_names(refused: Mill, selection: Selection, paths: list[str]) -> None:
    assert sorted(refusal.path for refusal in list_refusals(refused.warehouse, selection)) == paths


def test_a_selection_takes_the_beginning_of_a_file_id(refused: Mill) -> None:
    (file_id,) = refused.column("SELECT file_id FROM files WHERE path = 'whole.txt'")
    assert [r.path for r in list_refusals(refused.warehouse, Selection(file=file_id[:8]))] == ["whole.txt"]


def test_the_kept_bytes_are_those_of_the_file(refused: Mill) -> None:
    (refusal,) = list_refusals(refused.warehouse, Selection(file="whole.txt"))
    assert refused_bytes(refused.warehouse, refusal) == AMBIGUOUS.encode()


def test_what_was_discarded_is_open_no_more_and_not_tried_again(refused: Mill) -> None:
    assert discard(refused.warehouse, Selection(file="whole.txt")) == 1
    replay(refused, day_first=True)
    assert refused.rows(QUARANTINE) == [
        ("part.txt", 2, "ambiguous_date", "replayed", 1),
        ("whole.txt", None, "ambiguous_date", "discarded", 1),
    ]
    assert refused.broken() == []


def test_an_archive_keeps_its_reason_when_it_is_replayed(mill: Mill) -> None:
    mill.put("a.rar", b"Rar!" + bytes(100))
    mill.ingest()
    replay(mill)
    assert mill.rows(QUARANTINE) == [("a.rar", None, "unsupported_type", "open", 2)]


@pytest.mark.usefixtures("without_root_powers")
def test_a_file_that_was_never_read_waits_for_the_next_pass(mill: Mill) -> None:
    mill.put("a.txt", AMBIGUOUS).chmod(0)
    mill.ingest()
    replay(mill)
    assert mill.rows(QUARANTINE) == [("a.txt", None, "unreadable", "open", 1)]
    (refusal,) = list_refusals(mill.warehouse, Selection())
    with pytest.raises(NewsmillError, match="the next ingest tries again"):
        refused_bytes(mill.warehouse, refusal)
