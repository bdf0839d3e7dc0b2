"""Lines that recur across articles are found from the articles, whatever the order they come in."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from schemas.reasons import Flag
from tasks.identity.lines import RECURS_IN, SENTENCE_RECURS_IN, edge_lines, is_sentence
from tasks.ingestion.backfilling import Range, run_backfill
from tasks.ingestion.plans import FailedBatch, Plan, PreparedBatch, RenewalPlan
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.staging import delete_slice, read_slice, write_slice
from tests.ingestion.mill import VOLATILE, Mill, block, mill_at, words

FOOTER = "Der Bote erscheint im Verlag der Stadt Leeds."
MARKED = "SELECT surface FROM article_noise WHERE kind = 'recurring'"


def put_articles(mill: Mill, numbers: Iterable[int], folder: str = "bote", last: str = FOOTER) -> None:
    for number in numbers:
        mill.put(
            f"{folder}/{number}.txt", block(f"Meldung {number}", f"{words(number)}\n{words(100 + number)}\n{last}")
        )


def marked(mill: Mill) -> list[str]:
    return mill.column(MARKED)


def test_a_line_of_few_articles_is_news(mill: Mill) -> None:
    put_articles(mill, range(RECURS_IN - 1))
    mill.ingest()
    assert marked(mill) == []


def test_a_line_of_many_articles_is_marked_in_all_of_them_also_in_those_stored_before(mill: Mill) -> None:
    put_articles(mill, range(RECURS_IN - 1))
    mill.ingest()
    put_articles(mill, range(RECURS_IN - 1, RECURS_IN + 2))
    mill.ingest()
    assert marked(mill) == [FOOTER] * (RECURS_IN + 2)
    flags = mill.column("SELECT DISTINCT flags FROM articles")
    assert flags == [[Flag.RECURRING_LINES]]
    assert mill.rows("SELECT source, line, article_count FROM recurring_lines") == [("bote", FOOTER, RECURS_IN + 2)]
    assert mill.broken() == []


def test_copies_of_one_article_do_not_make_a_line_recur(mill: Mill) -> None:
    for number in range(RECURS_IN + 2):
        mill.put(f"bote/{number}.txt", block(f"Ausgabe {number}", f"{words(1)}\n{words(2)}\n{FOOTER}"))
    mill.ingest()
    assert marked(mill) == []


def test_order_and_batches_make_no_difference(tmp_path: Path) -> None:
    together, one_by_one = mill_at(tmp_path / "a"), mill_at(tmp_path / "b")
    numbers = list(range(RECURS_IN + 5))
    put_articles(together, numbers)
    together.ingest()
    for number in random.Random(1).sample(numbers, len(numbers)):
        put_articles(one_by_one, [number])
        one_by_one.ingest()
    query = "SELECT headline, flags, noise FROM articles ORDER BY headline"
    assert together.rows(query) == one_by_one.rows(query)
    assert len(marked(together)) == len(numbers)


def test_marking_that_failed_is_done_by_the_next_run(mill: Mill) -> None:
    def failing(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        for plan in plans:
            if isinstance(plan, RenewalPlan):
                yield FailedBatch(plan=plan, error="the model is gone")
            else:
                yield from prepare_here([plan])

    put_articles(mill, range(RECURS_IN))
    mill.ingest(failing)
    assert marked(mill) == []
    mill.ingest()
    assert marked(mill) == [FOOTER] * RECURS_IN


def test_an_article_that_fails_alone_is_marked_by_the_next_run_and_the_others_at_once(mill: Mill) -> None:
    def losing_one(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        for answer in prepare_here(plans):
            if isinstance(answer.plan, RenewalPlan) and isinstance(answer, PreparedBatch):
                (folder,) = answer.slices
                staged = read_slice(folder)
                delete_slice(folder)
                write_slice(folder, replace(staged, blocks=staged.blocks[:-1]))
            yield answer

    put_articles(mill, range(RECURS_IN))
    mill.ingest(losing_one)
    assert marked(mill) == [FOOTER] * (RECURS_IN - 1)
    mill.ingest()
    assert marked(mill) == [FOOTER] * RECURS_IN


def test_a_backfill_keeps_the_marks_and_changes_nothing(mill: Mill) -> None:
    put_articles(mill, range(RECURS_IN))
    mill.ingest()
    before = mill.tables(without=VOLATILE)
    december = Range(start=date(2025, 12, 1), end=date(2025, 12, 31))
    summary = run_backfill(mill.settings, december, prepare_here)
    assert (summary.changes, mill.tables(without=VOLATILE)) == ({}, before)


def test_a_sentence_of_the_news_recurs_only_in_many_more_articles(mill: Mill) -> None:
    background = "Russland überfiel die Ukraine im Februar 2022 und hält etwa ein Fünftel ihres Gebiets besetzt."
    for number in range(SENTENCE_RECURS_IN):
        mill.put(f"{number}.txt", block(f"Meldung {number}", f"{words(number)}\n{words(100 + number)}\n{background}"))
        if number in {SENTENCE_RECURS_IN - 2, SENTENCE_RECURS_IN - 1}:
            mill.ingest()
            assert marked(mill) == ([background] * SENTENCE_RECURS_IN if number == SENTENCE_RECURS_IN - 1 else [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The war began in February 2022 and has killed tens of thousands of people since.", True),
        ("The Associated Press journalist Jane Doe in Kyiv contributed to this report on Monday evening.", False),
        ("Sign up here for the newsletter that we send every morning to a million readers.", False),
        ("The Leeds Herald", False),
        ("Terms were not disclosed.", False),
    ],
)
def test_a_sentence_is_told_from_what_a_paper_says_of_itself(line: str, expected: bool) -> None:
    assert is_sentence(line) is expected


def test_only_short_lines_near_an_end_are_counted() -> None:
    lines = [f"Line number {number} of the text." for number in range(20)]
    assert len(list(edge_lines("\n".join(["Headline", *lines])))) == 9
    assert [edge.key for edge in edge_lines(f"Headline\n{'a b c ' * 60}\nTwo words\n1 2 3")] == []
