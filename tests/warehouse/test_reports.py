"""Every report over a small warehouse, its rows in full."""

from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from schemas.errors import WrongUse
from tasks.reporting import run_report
from tests.example_warehouse import memory_warehouse
from tests.examples import (
    DAY,
    NOON,
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

LATER = datetime(2025, 12, 3, 18, 0, tzinfo=UTC)
NOVEMBER = date(2025, 11, 20)
THIRD = date(2025, 12, 3)
PARIS: dict[str, Any] = {
    "surface": "Paris",
    "geonames_id": 2988507,
    "place_name": "Paris",
    "country_code": "FR",
    "admin1_code": "FR.11",
    "admin1_name": "Île-de-France",
    "latitude_deg": 48.85341,
    "longitude_deg": 2.3488,
    "section": "body",
}
ADA: dict[str, Any] = {"surface": "Ada Lovelace", "label": "PERSON", "start_char": 71, "section": "body"}
KING: dict[str, Any] = {"surface": "William King", "label": "PERSON", "start_char": 90, "section": "body"}

# a1 a flood in December, corrected once; a2 copies it; a3 and a4 two older stories; c.txt holds a refused block.
ARTICLES = [
    article(is_current=False, headline="Flood shuts bridge in Leeds", source="herald", entity_count=1),
    article(
        version_no=2, file_id=file_id("b"), source="herald", entity_count=4, location_count=3, flags=["short_body"]
    ),
    article(
        article_id="a2",
        position_in_file=2,
        published_date=THIRD,
        duplicate_of="a1",
        duplicate_kind="near",
        similarity=0.91234,
        source="tribune",
        flags=["short_body", "future_date"],
    ),
    article(
        article_id="a3",
        position_in_file=3,
        published_date=NOVEMBER,
        headline="Ada Lovelace visits Paris",
        standfirst=None,
        entity_count=3,
        location_count=1,
        pipeline_id="p0",
        first_seen_at=LATER,
    ),
    article(
        article_id="a4",
        position_in_file=4,
        published_date=NOVEMBER,
        headline="Paris applauds",
        standfirst=None,
        language=None,
        language_confidence=None,
        enrichment_status="no_model",
    ),
]
ENTITIES = [
    entity(),
    entity(version_no=2),
    entity(version_no=2, mention_no=2, **ADA),
    entity(version_no=2, mention_no=3, surface="UN", label="ORG", start_char=200),
    entity(version_no=2, mention_no=4, **KING),
    entity(article_id="a3", published_date=NOVEMBER, **ADA),
    entity(
        article_id="a3",
        mention_no=2,
        published_date=NOVEMBER,
        canonical_name="Ada Lovelace",
        **ADA | {"surface": "Lovelace"},
    ),
    entity(article_id="a3", mention_no=3, published_date=NOVEMBER, **KING),
]
LOCATIONS = [
    location(version_no=2),
    location(version_no=2, mention_no=2, section="body", start_char=700, role="organisation"),
    unresolved(version_no=2, mention_no=3, surface="Nowhere", section="body", start_char=800),
    location(article_id="a3", published_date=NOVEMBER, **PARIS),
]
FILES = [
    file(article_count=4),
    file(path="b.txt", file_id=file_id("b"), modified_at=LATER),
    file(path="c.txt", file_id=file_id("c")),
    file(path="copy/b.txt", file_id=file_id("b"), outcome="duplicate"),
    file(path="photo.jpg", file_id=file_id("p"), outcome="refused", reason="binary", article_count=0),
    file(path=".hidden", file_id=None, outcome="skipped", reason="hidden", article_count=0),
]
OUTCOMES = [
    outcome(),
    outcome(file_id=file_id("b"), outcome="new_version", version_no=2, ingested_at=LATER),
    outcome(position_in_file=2, article_id="a2", outcome="near_duplicate"),
    outcome(position_in_file=3, article_id="a3"),
    outcome(position_in_file=4, article_id="a4"),
    refused(file_id=file_id("c")),
]
QUARANTINE = [
    quarantined(path="c.txt", file_id=file_id("c")),
    quarantined(
        path="photo.jpg", file_id=file_id("p"), position_in_file=None, reason="binary", detail=None, last_seen_at=LATER
    ),
    quarantined(path="d.txt", file_id=file_id("d"), status="discarded"),
]
RUNS = [
    run(run_id="r1", articles_new=3, articles_near_duplicate=1, articles_refused=1, files_read=2, files_refused=1),
    run(
        run_id="r2",
        started_at=LATER,
        finished_at=LATER.replace(second=2),
        files_read=1,
        articles_new_version=1,
        words=3000,
    ),
]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return memory_warehouse(
        articles=ARTICLES,
        entities=ENTITIES,
        locations=LOCATIONS,
        files=FILES,
        outcomes=OUTCOMES,
        quarantine=QUARANTINE,
        runs=RUNS,
    )


EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "articles_about_places": [
        (
            "admin1",
            "Île-de-France",
            "FR",
            "FR.11",
            1,
            1,
        ),
        (
            "admin1",
            "England",
            "GB",
            "GB.ENG",
            1,
            1,
        ),
        (
            "city",
            "Leeds",
            "GB",
            "2644688",
            1,
            1,
        ),
        (
            "city",
            "Paris",
            "FR",
            "2988507",
            1,
            1,
        ),
        (
            "country",
            "France",
            "FR",
            "FR",
            1,
            1,
        ),
        (
            "country",
            "United Kingdom",
            "GB",
            "GB",
            1,
            1,
        ),
    ],
    "corrections_by_month": [
        (
            "2025-12",
            1,
            1,
            1,
            54.0,
        ),
    ],
    "countries_by_month": [
        (
            "2025-11",
            "FR",
            "France",
            1,
            1,
        ),
        (
            "2025-12",
            "GB",
            "United Kingdom",
            2,
            1,
        ),
    ],
    "enrichment_by_month": [
        (
            "2025-11",
            2,
            1,
            0,
            1,
            1,
            0,
            0,
            0.5,
            3,
            1,
        ),
        (
            "2025-12",
            3,
            3,
            3,
            0,
            0,
            0,
            0,
            1.0,
            5,
            3,
        ),
    ],
    "flags": [
        (
            "short_body",
            2,
        ),
        (
            "future_date",
            1,
        ),
    ],
    "headline_numbers": [
        (
            3,
            1,
            1,
            66,
            7,
            3,
            2,
            3,
            2,
            NOVEMBER,
            DAY,
        ),
    ],
    "languages": [
        (
            "en",
            2,
            0.99,
        ),
        (
            "",
            1,
            None,
        ),
    ],
    "latest_corrections": [
        (
            LATER,
            DAY,
            "a1",
            2,
            "Flood shuts bridge in Leeds",
            "Flood closes bridge in Leeds",
            0,
            54.0,
        ),
    ],
    "latest_runs": [
        (
            "r2",
            "ingest",
            "done",
            LATER,
            LATER.replace(second=2),
            1,
            1,
            0,
            0,
            0,
            3000,
            1500.0,
            None,
        ),
        (
            "r1",
            "ingest",
            "done",
            NOON,
            NOON,
            2,
            4,
            0,
            2,
            0,
            0,
            None,
            None,
        ),
    ],
    "map_points": [
        (
            "Leeds",
            "city",
            "GB",
            "United Kingdom",
            2644688,
            53.79648,
            -1.54785,
            2,
            1,
        ),
        (
            "Paris",
            "city",
            "FR",
            "France",
            2988507,
            48.85341,
            2.3488,
            1,
            1,
        ),
    ],
    "most_copied": [
        (
            "a1",
            DAY,
            "Flood closes bridge in Leeds",
            "herald",
            1,
            0,
            1,
            0.912,
            ["a2"],
        ),
    ],
    "outcomes_funnel": [
        (
            "file",
            "read",
            "",
            3,
        ),
        (
            "file",
            "duplicate",
            "",
            1,
        ),
        (
            "file",
            "refused",
            "binary",
            1,
        ),
        (
            "file",
            "skipped",
            "hidden",
            1,
        ),
        (
            "article",
            "new",
            "",
            3,
        ),
        (
            "article",
            "near_duplicate",
            "",
            1,
        ),
        (
            "article",
            "new_version",
            "",
            1,
        ),
        (
            "article",
            "refused",
            "invalid_date",
            1,
        ),
    ],
    "people_together": [
        (
            "Ada Lovelace",
            "William King",
            2,
        ),
    ],
    "places_by_month": [
        (
            "2025-11",
            "Paris",
            "FR",
            2988507,
            1,
            1,
        ),
        (
            "2025-12",
            "Leeds",
            "GB",
            2644688,
            2,
            1,
        ),
    ],
    "quarantine_by_reason": [
        (
            "binary",
            1,
            0,
            0,
            "photo.jpg",
            LATER,
        ),
        (
            "invalid_date",
            1,
            0,
            1,
            "c.txt",
            NOON,
        ),
    ],
    "top_organisations": [
        (
            "United Nations",
            1,
            1,
            1,
            0,
            None,
        ),
    ],
    "top_people": [
        (
            "Ada Lovelace",
            3,
            2,
            1,
            1,
            4.0,
        ),
        (
            "William King",
            2,
            2,
            1,
            1,
            4.0,
        ),
    ],
    "top_places": [
        (
            "Leeds",
            "city",
            "GB",
            2644688,
            2,
            1,
            1,
            0,
            None,
        ),
        (
            "Paris",
            "city",
            "FR",
            2988507,
            1,
            1,
            0,
            1,
            0.0,
        ),
    ],
    "unresolved_places": [
        (
            "Nowhere",
            "not_in_gazetteer",
            1,
            1,
        ),
    ],
    "volume_by_day": [
        (
            NOVEMBER,
            2,
            0,
            0,
            38,
        ),
        (
            DAY,
            1,
            0,
            1,
            28,
        ),
        (
            THIRD,
            0,
            1,
            0,
            0,
        ),
    ],
    "volume_by_source": [
        (
            "",
            2,
            0,
            38,
            NOVEMBER,
            NOVEMBER,
            LATER,
        ),
        (
            "herald",
            1,
            0,
            28,
            DAY,
            DAY,
            NOON,
        ),
        (
            "tribune",
            0,
            1,
            0,
            THIRD,
            THIRD,
            NOON,
        ),
    ],
}
EXPECTED["missing_days"] = [(date(2025, 11, day),) for day in range(21, 31)]
EXPECTED["rising_names"] = []
EXPECTED["people_and_places"] = []
EXPECTED["freshness"] = [
    (DAY, LATER, "r2", "ingest", "done", LATER, LATER.replace(second=2), LATER.replace(second=2)),
]


@pytest.mark.parametrize("name", sorted(load_queries("reports")))
def test_report_gives_these_rows(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    rows = run_report(connection, name).records
    for row in rows:
        row.pop("hours_since_arrival", None)  # moves with the clock
    assert [tuple(row.values()) for row in rows] == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(load_queries("reports")))
def test_report_asks_a_question_and_orders_its_rows(name: str) -> None:
    query = load_queries("reports")[name]
    assert query.question.endswith("?")
    assert "ORDER BY" in query.sql or "-- One row: no order to give." in query.sql


@pytest.mark.parametrize("folder", ["views", "checks"])
def test_views_and_checks_begin_with_what_they_mean(folder: str) -> None:
    for query in load_queries(folder).values():
        first = query.sql.splitlines()[0]
        assert first.startswith("-- ")
        assert first.endswith("?" if folder == "views" else ".") or folder == "checks"


def test_an_empty_warehouse_has_every_report() -> None:
    empty = memory_warehouse()
    counts = {name: run_report(empty, name).rows.num_rows for name in load_queries("reports")}
    assert {name: count for name, count in counts.items() if count} == {"headline_numbers": 1, "freshness": 1}


def test_an_unknown_report_is_wrong_use(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WrongUse, match="no report 'volume'"):
        run_report(connection, "volume")


def stories(day: date, first: int, count: int) -> list[Any]:
    """So many articles of one day, each of its own."""
    return [
        article(article_id=f"s{first + n}", headline=f"Story {first + n}", published_date=day) for n in range(count)
    ]


def test_a_name_rises_when_this_week_beats_a_usual_week_twice() -> None:
    this_week, before = stories(DAY, 0, 3), stories(NOVEMBER, 10, 4)
    rows = [entity(article_id=a.article_id, published_date=a.published_date, **ADA) for a in [*this_week, *before]]
    rows += [
        entity(article_id=a.article_id, published_date=a.published_date, mention_no=2, **KING)
        for a in [*this_week[:2], *before]
    ]
    report = run_report(memory_warehouse(articles=[*this_week, *before], entities=rows), "rising_names")
    assert report.records == [
        {
            "label": "PERSON",
            "canonical_name": "Ada Lovelace",
            "week_article_count": 3,
            "before_article_count": 4,
            "trend": 3.0,
        }
    ]


def test_people_and_places_meet_in_articles() -> None:
    articles = stories(DAY, 0, 3)
    report = run_report(
        memory_warehouse(
            articles=articles,
            entities=[entity(article_id=a.article_id, **ADA) for a in articles],
            locations=[location(article_id=a.article_id) for a in articles[:2]],
        ),
        "people_and_places",
    )
    assert [tuple(row.values()) for row in report.records] == [("Ada Lovelace", "Leeds", "GB", 2)]
