"""Every report over a small warehouse, its rows in full."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from schemas.errors import WrongUse
from schemas.reasons import Role
from tasks.reporting.reports import run_report
from tests.example_news import LATER, NOVEMBER, THIRD, news_warehouse
from tests.example_warehouse import memory_warehouse
from tests.examples import DAY, NOON, article, entity, location
from warehouse import load_queries


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return news_warehouse()


EXPECTED: dict[str, list[tuple[Any, ...]]] = {
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
    "languages_without_model": [
        (
            "",
            1,
            18,
            date(2025, 11, 20),
            date(2025, 11, 20),
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
            0,
            "photo.jpg",
            LATER,
        ),
        (
            "invalid_date",
            1,
            0,
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
}
EXPECTED["articles_about_places"] = [
    ("admin1", "Île-de-France", "FR", "FR.11", 1, 0, 1),
    ("admin1", "England", "GB", "GB.ENG", 1, 0, 1),
    ("city", "Leeds", "GB", "2644688", 1, 0, 1),
    ("city", "Paris", "FR", "2988507", 1, 0, 1),
    ("country", "France", "FR", "FR", 1, 0, 1),
    ("country", "United Kingdom", "GB", "GB", 1, 0, 1),
]
EXPECTED["corrections_by_month"] = [("2025-11", 2, 0, 0, 0, None), ("2025-12", 1, 1, 1, 1, 54.0)]
EXPECTED["countries_by_month"] = [("2025-11", "FR", "France", 1, 1, 1), ("2025-12", "GB", "United Kingdom", 1, 2, 1)]
FLOOD = ("a1", DAY, "Flood closes bridge in Leeds", "herald")
EXPECTED["most_copied"] = [(*FLOOD, 2, 1, 0, 1, 0.912, DAY, "copy", ["copy", "tribune"], ["a2"])]
EXPECTED["top_people"] = [("Ada Lovelace", 3, 2, 1, 1, 2.0), ("William King", 2, 2, 1, 1, 2.0)]
EXPECTED["volume_by_day_and_source"] = [
    (NOVEMBER, "", 2, 0, 38),
    (DAY, "herald", 1, 0, 28),
    (THIRD, "tribune", 0, 1, 0),
]
EXPECTED["volume_by_source"] = [
    ("", 2, 0, 0, 38, NOVEMBER, NOVEMBER, LATER),
    ("herald", 1, 0, 0, 28, DAY, DAY, NOON),
    ("copy", 0, 0, 1, 0, DAY, DAY, NOON),
    ("tribune", 0, 1, 0, 0, THIRD, THIRD, NOON),
]
EXPECTED["alarms"] = []
EXPECTED["names_over_time"] = [
    ("PERSON", 1, "Ada Lovelace", "day", NOVEMBER, 1, 2, 1, 1, 2.0),
    ("PERSON", 1, "Ada Lovelace", "day", DAY, 1, 1, 1, 1, 2.0),
    ("PERSON", 2, "William King", "day", NOVEMBER, 1, 1, 1, 1, 2.0),
    ("PERSON", 2, "William King", "day", DAY, 1, 1, 1, 1, 2.0),
    ("ORG", 1, "United Nations", "day", DAY, 1, 1, 1, 0, None),
]
EXPECTED["places_over_time"] = [
    (1, "Leeds", "city", "GB", "United Kingdom", 53.79648, -1.54785, "day", DAY, 1, 2, 1, 0, None),
    (2, "Paris", "city", "FR", "France", 48.85341, 2.3488, "day", NOVEMBER, 1, 1, 0, 1, 0.0),
]
EXPECTED["missing_days"] = [(date(2025, 11, day),) for day in range(21, 31)]
EXPECTED["rising_names"] = []
EXPECTED["people_and_places"] = []
EXPECTED["publisher_regions"] = []
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
        assert first.endswith("?") or folder == "checks"


def test_an_empty_warehouse_has_every_report() -> None:
    empty = memory_warehouse()
    counts = {name: run_report(empty, name).rows.num_rows for name in load_queries("reports")}
    assert {name: count for name, count in counts.items() if count} == {"headline_numbers": 1, "freshness": 1}


def test_an_unknown_report_is_wrong_use(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WrongUse, match="no report 'volume'"):
        run_report(connection, "volume")


@pytest.mark.parametrize(
    ("days", "step"), [(1, "day"), (62, "day"), (63, "week"), (400, "week"), (900, "month"), (4000, "year")]
)
def test_steps_grow_with_the_time_that_articles_cover(days: int, step: str) -> None:
    # Twenty articles evenly over the days, and one that is misdated by a century.
    dates = [DAY + timedelta(days=round(number * (days - 1) / 19)) for number in range(20)]
    dates += [DAY, DAY, dates[-1], dates[-1], DAY.replace(year=1925)]
    news = memory_warehouse(
        articles=[article(article_id=f"a{number}", published_date=day) for number, day in enumerate(dates)]
    )
    assert news.execute("SELECT step FROM reporting_step").fetchall() == [(step,)]


def stories(day: date, first: int, count: int) -> list[Any]:
    """So many articles of one day, each of its own."""
    return [
        article(article_id=f"s{first + n}", headline=f"Story {first + n}", published_date=day) for n in range(count)
    ]


def test_an_article_is_about_what_it_says_first() -> None:
    paris = {"surface": "Paris", "place_name": "Paris", "geonames_id": 2988507, "country_code": "FR"}
    late = [location(mention_no=n, start_char=900 + 10 * n, admin1_code="FR.11", **paris) for n in (2, 3, 4)]
    once = [location(mention_no=5, start_char=2000, surface="Rome", place_name="Rome", geonames_id=3169070)]
    once = [replace(row, country_code="IT", admin1_code="IT.07") for row in once]
    news = memory_warehouse(articles=[article()], locations=[location(), *late, *once])
    rows = news.execute(
        "SELECT place_name, round(score, 2), place_rank, is_focus FROM article_places "
        "WHERE level = 'city' ORDER BY place_rank"
    ).fetchall()
    assert rows == [("Leeds", 0.59, 1, True), ("Paris", 0.35, 2, True), ("Rome", 0.06, 3, False)]


def test_institutions_and_peoples_say_less_than_the_place() -> None:
    rome = {"surface": "Rome", "place_name": "Rome", "geonames_id": 3169070, "country_code": "IT", "start_char": 23}
    rows = [location(mention_no=1, role=Role.ORGANISATION, **rome), location(mention_no=2, start_char=30)]
    news = memory_warehouse(articles=[article()], locations=rows)
    assert news.execute(
        "SELECT country_code FROM article_places WHERE level = 'country' ORDER BY place_rank"
    ).fetchall() == [("GB",), ("IT",)]


def test_a_source_is_at_home_where_its_articles_are() -> None:
    herald = [replace(story, source="herald") for story in stories(DAY, 0, 6)]
    globe = [replace(story, source="globe") for story in stories(DAY, 10, 8)]
    rare = [replace(story, source="rare") for story in stories(DAY, 20, 4)]
    paris = {"surface": "Paris", "place_name": "Paris", "geonames_id": 2988507, "country_code": "FR"}
    rows = [location(article_id=story.article_id) for story in [*herald, *rare]]
    # Unsure places, and those named through a people, do not count.
    rows += [location(article_id=story.article_id, mention_no=2, confidence=0.5, **paris) for story in herald]
    rows += [location(article_id=story.article_id, mention_no=3, role=Role.DEMONYM, **paris) for story in herald]
    # One country, a division for every second article.
    rows += [
        replace(
            location(article_id=story.article_id, **paris), admin1_code=f"FR.{number // 2}", admin1_name=f"D{number}"
        )
        for number, story in enumerate(globe)
    ]
    news = memory_warehouse(articles=[*herald, *globe, *rare], locations=rows)
    assert [tuple(row.values()) for row in run_report(news, "publisher_regions").records] == [
        ("globe", "FR", "", "", 2, "8 of 8 articles name FR", "CC0-1.0"),
        ("herald", "GB", "GB.ENG", "", 2, "6 of 6 articles name England", "CC0-1.0"),
    ]


def test_names_in_capitals_are_not_counted_apart() -> None:
    articles = stories(DAY, 0, 3)
    names = ["KYIV", "Kyiv", "Kyiv"]
    rows = [
        entity(article_id=a.article_id, surface=name, canonical_name=name, label="GPE", entity_id="k")
        for a, name in zip(articles, names, strict=True)
    ]
    news = memory_warehouse(articles=articles, entities=rows)
    assert news.execute("SELECT canonical_name, article_count FROM name_trends").fetchall() == [("Kyiv", 3)]
