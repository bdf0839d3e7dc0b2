"""Lines that recur across a source's articles are found from the articles, whatever the order they come in."""

import random

from schemas.reasons import Flag, NoiseKind
from tasks.identity.lines import RECURS_IN, edge_lines
from tasks.ingestion.plans import FailedBatch
from tests.ingestion.mill import VOLATILE, Mill, block, words

FOOTER = "Der Bote erscheint im Verlag der Stadt Leeds."
MARKED = "SELECT text[span.start_char + 1:span.end_char] FROM articles, unnest(noise) AS of (span) WHERE span.kind = $kind"


def put_articles(mill: Mill, numbers: range, folder: str = "bote", last: str = FOOTER) -> None:
    for number in numbers:
        mill.put(f"{folder}/{number}.txt", block(f"Meldung {number}", f"{words(number)}\n{words(100 + number)}\n{last}"))


def marked(mill: Mill) -> list[str]:
    return mill.column(MARKED.replace("$kind", f"'{NoiseKind.RECURRING}'"))


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


def test_a_line_counts_for_its_own_source_only(mill: Mill) -> None:
    for number in range(RECURS_IN + 2):
        put_articles(mill, range(number, number + 1), folder=f"paper{number}")
    mill.ingest()
    assert marked(mill) == []


def test_copies_of_one_article_do_not_make_a_line_recur(mill: Mill) -> None:
    for number in range(RECURS_IN + 2):
        mill.put(f"bote/{number}.txt", block(f"Ausgabe {number}", f"{words(1)}\n{words(2)}\n{FOOTER}"))
    mill.ingest()
    assert marked(mill) == []


def test_order_and_batches_make_no_difference(mill: Mill) -> None:
    names = [f"bote/{number}.txt" for number in range(RECURS_IN + 5)]
    put_articles(mill, range(RECURS_IN + 5))
    held = {name: (mill.input / name).read_bytes() for name in names}
    for name in names:
        (mill.input / name).unlink()
    random.Random(1).shuffle(names)
    for name in names:
        mill.put(name, held[name])
        mill.ingest()
    together = Mill(settings=mill.settings)
    one_by_one = mill.rows("SELECT headline, flags, noise FROM articles ORDER BY headline")
    assert len(one_by_one) == RECURS_IN + 5
    assert len(marked(together)) == RECURS_IN + 5
    assert {str(flags) for _, flags, _ in one_by_one} == {str([str(Flag.RECURRING_LINES)])}


def test_marking_that_failed_is_done_by_the_next_run(mill: Mill) -> None:
    put_articles(mill, range(RECURS_IN))

    def fails_to_renew(plans):  # type: ignore[no-untyped-def]
        from tasks.ingestion.plans import RenewalPlan
        from tasks.ingestion.preparing import prepare_here

        for plan in plans:
            if isinstance(plan, RenewalPlan):
                yield FailedBatch(plan=plan, error="the model is gone")
            else:
                yield from prepare_here([plan])

    mill.ingest(fails_to_renew)
    assert marked(mill) == []
    mill.ingest()
    assert marked(mill) == [FOOTER] * RECURS_IN


def test_a_backfill_keeps_the_marks_and_changes_nothing(mill: Mill) -> None:
    from datetime import date

    from tasks.ingestion.backfilling import Range, run_backfill
    from tasks.ingestion.preparing import prepare_here

    put_articles(mill, range(RECURS_IN))
    mill.ingest()
    before = mill.tables(without=VOLATILE)
    december = Range(start=date(2025, 12, 1), end=date(2025, 12, 31))
    summary = run_backfill(mill.settings, december, prepare_here)
    assert (summary.changes, mill.tables(without=VOLATILE)) == ({}, before)


def test_only_short_lines_near_an_end_are_counted() -> None:
    lines = [f"Line number {number} of the text." for number in range(20)]
    found = [edge for edge in edge_lines("bote", "\n".join(["Headline", *lines]))]
    assert len(found) == 9
    assert [edge.key for edge in edge_lines("bote", f"Headline\n{'a b c ' * 60}\nTwo words\n1 2 3")] == []
