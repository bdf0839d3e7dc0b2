"""Every check is silent on good rows and finds the one row that breaks its promise."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from schemas.columns import NoiseSpan
from schemas.reasons import EnrichmentStatus, UnresolvedReason
from tasks.reporting.checking import run_check, run_checks
from tests.example_warehouse import memory_warehouse
from tests.examples import (
    article,
    entity,
    file,
    file_id,
    location,
    outcome,
    quarantined,
    refused,
    run,
    unresolved,
)
from warehouse import load_queries

CHECKS = load_queries("checks")
A1 = article(entity_count=1, location_count=2)
A2 = article(
    article_id="a2",
    position_in_file=2,
    headline="Bridge in Leeds closed by flood",
    duplicate_of="a1",
    duplicate_kind="near",
    similarity=0.9,
)
LEEDS = location()
NOWHERE = unresolved(mention_no=2)

GOOD: dict[str, list[Any]] = {
    "articles": [A1, A2],
    "entities": [entity()],
    "locations": [LEEDS, NOWHERE],
    "files": [
        file(article_count=3),
        file(path="copy.txt", outcome="duplicate"),
        file(path="photo.txt", file_id=file_id("photo"), outcome="refused", reason="binary", article_count=0),
        file(path="gone.txt", file_id=None, outcome="refused", reason="forgotten", article_count=0),
    ],
    "outcomes": [
        outcome(),
        outcome(position_in_file=2, article_id="a2", outcome="near_duplicate"),
        refused(position_in_file=3),
    ],
    "quarantine": [
        quarantined(position_in_file=3),
        quarantined(path="photo.txt", file_id=file_id("photo"), position_in_file=None, reason="binary", detail=None),
    ],
    "runs": [run()],
}


def warehouse_with(**changed: Iterable[Any]) -> duckdb.DuckDBPyConnection:
    return memory_warehouse(**(GOOD | {name: list(rows) for name, rows in changed.items()}))


def test_good_rows_break_no_promise() -> None:
    assert run_checks(warehouse_with()) == []


def test_an_empty_warehouse_breaks_no_promise() -> None:
    assert run_checks(memory_warehouse()) == []


HEADLINE_AS_NOISE = [NoiseSpan(start_char=0, end_char=28, kind="caption")]

BREAKS: list[tuple[str, dict[str, list[Any]]]] = [
    ("mentions_are_outside_noise", {"articles": [replace(A1, noise=HEADLINE_AS_NOISE), A2], "locations": []}),
    (
        "noise_is_in_the_text",
        {"articles": [A1, replace(A2, noise=[NoiseSpan(start_char=9, end_char=999, kind="byline")])]},
    ),
    ("mention_cuts_its_surface", {"entities": [entity(start_char=22, end_char=27)]}),
    ("mention_cuts_its_surface", {"entities": [entity(end_char=23)]}),
    ("mention_cuts_its_surface", {"locations": [replace(LEEDS, surface="York"), NOWHERE]}),
    ("mentions_have_their_article", {"entities": [entity(article_id="a9")]}),
    ("mentions_have_their_article", {"locations": [LEEDS, replace(NOWHERE, published_date=date(2025, 12, 2))]}),
    ("mention_counts_agree", {"entities": []}),
    ("mention_counts_agree", {"locations": [LEEDS]}),
    ("mentions_are_numbered", {"entities": [entity(mention_no=2)]}),
    ("mentions_are_numbered", {"locations": [LEEDS, replace(NOWHERE, mention_no=1)]}),
    ("versions_are_numbered", {"articles": [A1, A2, replace(A2, version_no=3, is_current=False)]}),
    ("versions_are_numbered", {"articles": [A1, A1, A2]}),
    ("one_version_is_current", {"articles": [A1, replace(A2, is_current=False)]}),
    ("one_version_is_current", {"articles": [A1, A2, replace(A2, version_no=2)]}),
    ("article_is_stored_once", {"articles": [A1, replace(A2, content_hash=A1.content_hash)]}),
    ("version_has_one_accepted_outcome", {"outcomes": GOOD["outcomes"][1:]}),
    ("version_has_one_accepted_outcome", {"outcomes": [*GOOD["outcomes"], outcome(file_id=file_id("other"))]}),
    ("outcome_names_a_stored_version", {"articles": [A1]}),
    ("outcome_names_a_stored_version", {"outcomes": [*GOOD["outcomes"][:2], refused(position_in_file=3, reason=None)]}),
    ("outcome_names_a_stored_version", {"outcomes": [*GOOD["outcomes"], refused(position_in_file=4, article_id="a1")]}),
    ("block_has_one_outcome", {"outcomes": [*GOOD["outcomes"], refused(position_in_file=3)]}),
    ("every_block_is_accounted_for", {"outcomes": GOOD["outcomes"][:2]}),
    ("every_block_is_accounted_for", {"outcomes": [*GOOD["outcomes"][:2], refused(position_in_file=4)]}),
    ("every_block_is_accounted_for", {"files": GOOD["files"][1:]}),
    ("file_has_one_standing", {"files": [*GOOD["files"], file(outcome="duplicate")]}),
    ("file_says_why", {"files": [*GOOD["files"], file(path="later.txt", outcome="deferred")]}),
    ("file_says_why", {"files": [*GOOD["files"], file(path="copy2.txt", file_id=None, outcome="duplicate")]}),
    ("refusals_are_in_quarantine", {"quarantine": GOOD["quarantine"][:1]}),
    ("refusals_are_in_quarantine", {"quarantine": GOOD["quarantine"][1:]}),
    ("duplicate_names_a_root", {"articles": [A1, replace(A2, duplicate_of="a9")]}),
    ("duplicate_names_a_root", {"articles": [A1, replace(A2, duplicate_of="a2")]}),
    ("duplicate_names_a_root", {"articles": [A1, replace(A2, similarity=None)]}),
    ("duplicate_names_a_root", {"articles": [A1, replace(A2, duplicate_of=None)]}),
    ("duplicate_names_a_root", {"articles": [A1, A2, replace(A2, article_id="a3", duplicate_of="a2")]}),
    ("coordinates_are_on_earth", {"locations": [replace(LEEDS, latitude_deg=0.0, longitude_deg=0.0), NOWHERE]}),
    ("coordinates_are_on_earth", {"locations": [replace(LEEDS, latitude_deg=90.5), NOWHERE]}),
    ("coordinates_are_on_earth", {"locations": [replace(LEEDS, longitude_deg=-181.0), NOWHERE]}),
    ("coordinates_are_on_earth", {"locations": [replace(LEEDS, longitude_deg=None), NOWHERE]}),
    ("place_is_resolved_or_says_why", {"locations": [LEEDS, replace(NOWHERE, unresolved_reason=None)]}),
    (
        "place_is_resolved_or_says_why",
        {"locations": [replace(LEEDS, unresolved_reason=UnresolvedReason.LOW_CONFIDENCE), NOWHERE]},
    ),
    ("place_is_resolved_or_says_why", {"locations": [replace(LEEDS, confidence=1.5), NOWHERE]}),
    ("text_begins_with_its_headline", {"articles": [A1, replace(A2, headline="Another")]}),
    ("text_begins_with_its_headline", {"articles": [A1, replace(A2, standfirst="Another")]}),
    (
        "only_searched_articles_have_mentions",
        {"articles": [replace(A1, enrichment_status=EnrichmentStatus.FAILED), A2]},
    ),
]


@pytest.mark.parametrize(("check", "rows"), BREAKS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_check_finds_the_row_that_breaks_its_promise(check: str, rows: dict[str, list[Any]]) -> None:
    broken = run_check(warehouse_with(**rows), CHECKS[check])
    assert broken is not None
    assert (broken.name, broken.row_count, len(broken.rows)) == (check, 1, 1)


def test_a_row_in_the_wrong_month_is_found() -> None:
    connection = warehouse_with()
    connection.execute("UPDATE entities SET published_month = '2025-11'")
    broken = run_check(connection, CHECKS["month_matches_date"])
    assert broken is not None
    assert broken.rows == (("entities", "a1 v1 m1", "2025-11", "2025-12-01"),)


def test_months_are_those_of_utc() -> None:
    connection = warehouse_with(runs=[run(started_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))])
    connection.execute("SET TimeZone = 'Asia/Tokyo'")
    assert run_check(connection, CHECKS["month_matches_date"]) is None


def test_every_check_has_a_row_that_breaks_it() -> None:
    assert {check for check, _ in BREAKS} | {"month_matches_date"} == set(CHECKS)


def test_a_broken_promise_reads_as_a_sentence() -> None:
    (broken,) = run_checks(warehouse_with(articles=[A1, A2, replace(A2, version_no=2, content_hash="h")]))[:1]
    assert str(broken) == (
        "one_version_is_current: 1 row breaks the promise 'Exactly one version of every article is current.' "
        "First: article_id=a2, current_count=2"
    )


def test_counts_all_rows_and_shows_the_first() -> None:
    broken = run_check(warehouse_with(outcomes=[]), CHECKS["version_has_one_accepted_outcome"])
    assert broken is not None
    assert broken.row_count == 2
    many = [article(article_id=f"b{n}", is_current=False, headline=f"Story {n}") for n in range(20_000)]
    broken = run_check(memory_warehouse(articles=many), CHECKS["one_version_is_current"])
    assert broken is not None
    assert (broken.row_count, len(broken.rows)) == (20_000, 5)
