"""The questions people ask, each over a few rows whose answer was worked out by hand, at the edges above all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from schemas.reasons import EnrichmentStatus, Flag, Level, Role
from tasks.ingestion.staged_rows import source_of
from tasks.reading.names import UNPACKED_ENDINGS
from tasks.reporting.reports import run_report
from tests.example_news import ADA, KING, PARIS, news_warehouse
from tests.example_warehouse import memory_warehouse
from tests.examples import DAY, NOON, article, entity, file, file_id, location, outcome, run, unresolved
from warehouse import load_queries

COPY: dict[str, Any] = {"duplicate_kind": "near", "similarity": 0.9}
LEEDS_CITY = 2644688


def answers(connection: duckdb.DuckDBPyConnection, report: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in run_report(connection, report).records]


def stories(prefix: str, count: int, day: date, **changed: Any) -> list[Any]:
    return [
        article(article_id=f"{prefix}{n}", headline=f"Story {prefix}{n}", published_date=day, **changed)
        for n in range(count)
    ]


def names(articles: list[Any], **name: Any) -> list[Any]:
    return [entity(article_id=a.article_id, published_date=a.published_date, **name) for a in articles]


# How much news was there, by day and source folder?


def test_volume_counts_a_story_once_whatever_came_of_it() -> None:
    news = memory_warehouse(
        articles=[
            article(article_id="a", source="herald", is_current=False, body="One two three."),
            article(article_id="a", source="herald", version_no=2, body="One two three four."),
            article(article_id="b", source="herald", headline="Another story"),
            article(article_id="c", source="tribune", headline="A copy", duplicate_of="a", **COPY),
            article(article_id="d", headline="At the top of the input", published_date=date(2025, 12, 2)),
        ]
    )
    # a: headline 5 words, standfirst 7, its current text 4; b: 2 and 7 and a body of 16; d: 6 and 7 and 16.
    assert answers(news, "volume_by_day_and_source") == [
        (DAY, "herald", 2, 0, 16 + 25),
        (DAY, "tribune", 0, 1, 0),
        (date(2025, 12, 2), "", 1, 0, 29),
    ]
    assert answers(news, "volume_by_day") == [(DAY, 2, 1, 1, 41), (date(2025, 12, 2), 1, 0, 0, 29)]


# Who and what is rising this week against the four before?


def rising(articles: list[Any], entities: list[Any]) -> list[tuple[Any, ...]]:
    return answers(memory_warehouse(articles=articles, entities=entities), "rising_names")


def test_a_name_rises_when_its_share_of_the_news_doubles() -> None:
    week, before = stories("w", 6, DAY), stories("b", 24, DAY - timedelta(days=7))
    # Ada: 3 of 6 against 6 of 24, twice her share; the King: 3 of 6 against 7 of 24, less than that.
    rows = [*names(week[:3], **ADA), *names(before[:6], **ADA)]
    rows += [replace(row, mention_no=2) for row in [*names(week[:3], **KING), *names(before[:7], **KING)]]
    assert rising([*week, *before], rows) == [("PERSON", "Ada Lovelace", 3, 6, 6, 24, 2.0)]


def test_mentions_copies_and_old_versions_do_not_make_a_name_rise() -> None:
    week, before = stories("w", 4, DAY), stories("b", 8, DAY - timedelta(days=10))
    copies = [replace(a, article_id=f"copy {a.article_id}", duplicate_of="w0", **COPY) for a in week]
    old = replace(week[2], is_current=False)
    week[2] = replace(week[2], version_no=2)
    rows = [*names(week[:2], **ADA), *names(copies, **ADA), *names([old], **ADA), *names(before[:1], **ADA)]
    rows += [replace(row, mention_no=2, start_char=90) for row in names(week[:2], **ADA)]
    news = memory_warehouse(articles=[*week, *before, *copies, old], entities=rows)
    assert news.execute(
        "SELECT mention_count, article_count, week_article_count, before_article_count, trend FROM name_trends"
    ).fetchall() == [(5, 3, 2, 1, 4.0)]  # 2 of 4 against 1 of 8
    assert answers(news, "rising_names") == []  # two articles are too few


def test_weeks_without_news_make_nothing_rise() -> None:
    # Three of the four weeks before are missing: Ada is in half of the articles then and now.
    week, before = stories("w", 8, DAY), stories("b", 8, DAY - timedelta(days=20))
    assert rising([*week, *before], [*names(week[:4], **ADA), *names(before[:4], **ADA)]) == []


def test_nothing_rises_in_the_first_days_of_a_warehouse() -> None:
    week = [story for n in range(7) for story in stories(f"d{n}-", 4, DAY - timedelta(days=n))]
    assert rising(week, names(week, **ADA)) == []
    yesterday = stories("b", 3, DAY - timedelta(days=7))
    assert rising([*week, *yesterday], names(week, **ADA)) == []
    news = memory_warehouse(articles=week, entities=names(week, **ADA))
    assert news.execute("SELECT week_article_count, before_article_count, trend FROM name_trends").fetchall() == [
        (28, None, None)
    ]


def test_a_new_name_rises_and_a_misdated_article_moves_no_week() -> None:
    week, before = stories("w", 3, DAY), stories("b", 30, DAY - timedelta(days=34))
    too_old = stories("o", 5, DAY - timedelta(days=35))
    ahead = stories("f", 5, DAY + timedelta(days=300), flags=[Flag.FUTURE_DATE])
    rows = [*names(week, **ADA), *names(too_old, **ADA), *names(ahead, **ADA)]
    assert rising([*week, *before, *too_old, *ahead], rows) == [("PERSON", "Ada Lovelace", 3, 3, 0, 30, None)]


def test_names_that_rise_alike_stand_in_order_of_name() -> None:
    week, before = stories("w", 3, DAY), stories("b", 9, DAY - timedelta(days=9))
    rows = [*names(week, **KING), *(replace(row, mention_no=2) for row in names(week, **ADA))]
    assert [row[1] for row in rising([*week, *before], rows)] == ["Ada Lovelace", "William King"]


# Which two people, or a person and a place, are in the same articles?


def test_two_people_meet_once_an_article() -> None:
    told = stories("a", 3, DAY)
    copy = replace(told[0], article_id="copy", duplicate_of="a0", **COPY)
    old = replace(told[2], is_current=False)
    told[2] = replace(told[2], version_no=2)
    both = [told[0], told[1], copy, old]
    rows = [*names(both, **ADA), *(replace(row, mention_no=2) for row in names(both, **KING))]
    # Named twice in one article, and alone in another's current version.
    rows += [replace(row, mention_no=3, start_char=200) for row in names(told[:1], **ADA)]
    rows += [replace(row, version_no=2) for row in names(told[2:], **ADA)]
    news = memory_warehouse(articles=[*told, copy, old], entities=rows)
    assert answers(news, "people_together") == [("Ada Lovelace", "William King", 2)]


def test_a_person_meets_places_of_one_name_apart() -> None:
    told = stories("a", 4, DAY)
    city = {"surface": "Washington", "place_name": "Washington", "country_code": "US"}
    state = city | {"geonames_id": 5815135, "level": Level.ADMIN1}
    rows = [location(article_id=a.article_id, geonames_id=4140963, **city) for a in told[:2]]
    rows += [location(article_id=a.article_id, **state) for a in told[1:]]
    rows += [replace(row, mention_no=2, start_char=60) for row in rows[:2]]
    news = memory_warehouse(articles=told, entities=names(told, **ADA), locations=rows)
    assert answers(news, "people_and_places") == [
        ("Ada Lovelace", "Washington", "admin1", "US", "5815135", 3),
        ("Ada Lovelace", "Washington", "city", "US", "4140963", 2),
    ]


# Which places does the news talk about, by country and month? And which articles are about a place?


def test_places_count_for_their_country_and_month() -> None:
    november = stories("n", 1, date(2025, 11, 30))
    december = stories("d", 2, DAY)
    england = {"surface": "England", "geonames_id": 6269131, "place_name": "England", "level": Level.ADMIN1}
    sea: dict[str, Any] = {
        "surface": "North Sea",
        "geonames_id": None,
        "place_name": "North Sea",
        "level": Level.REGION,
    }
    sea |= {"country_code": None, "admin1_code": None, "admin1_name": None}
    rows = [
        location(article_id="n0", published_date=november[0].published_date, **PARIS),
        location(article_id="d0"),
        location(article_id="d0", mention_no=2, start_char=60, role=Role.ORGANISATION),
        location(article_id="d0", mention_no=3, start_char=90, **england),
        location(article_id="d1"),
        location(article_id="d1", mention_no=2, start_char=60, **sea),
        unresolved(article_id="d1", mention_no=3, start_char=90, surface="Nowhere"),
    ]
    news = memory_warehouse(articles=[*november, *december], locations=rows)
    assert answers(news, "countries_by_month") == [
        ("2025-11", "FR", "France", 1, 1, 1),
        ("2025-12", "GB", "United Kingdom", 2, 4, 2),  # Leeds and England; four mentions in two articles
    ]
    assert answers(news, "places_by_month") == [
        ("2025-11", "Paris", "FR", 2988507, 1, 1),
        ("2025-12", "Leeds", "GB", LEEDS_CITY, 3, 2),
        ("2025-12", "England", "GB", 6269131, 1, 1),
        ("2025-12", "North Sea", None, None, 1, 1),
    ]


def test_a_place_inside_another_counts_for_both_and_passing_mentions_apart() -> None:
    told = stories("a", 2, DAY)
    rows = [
        location(article_id="a0"),  # Leeds in the headline: weight 1 / (1 + 23/200) = 0.897
        location(article_id="a0", mention_no=2, **PARIS | {"start_char": 1800}),  # 0.1, a tenth of the two
        location(article_id="a1", **PARIS | {"start_char": 0}),
    ]
    news = memory_warehouse(articles=told, locations=rows)
    about = {row[1]: row[4:] for row in answers(news, "articles_about_places")}
    assert about == {
        "Leeds": (1, 0, 1),
        "England": (1, 0, 1),
        "United Kingdom": (1, 0, 1),
        "Paris": (1, 1, 2),
        "Île-de-France": (1, 1, 2),
        "France": (1, 1, 2),
    }


def test_an_entry_that_two_gazetteers_describe_is_one_place() -> None:
    told = stories("a", 3, DAY)
    moved = location(article_id="a2", latitude_deg=53.8, place_name="Leeds (city)")
    news = memory_warehouse(articles=told, locations=[location(article_id="a0"), location(article_id="a1"), moved])
    assert news.execute("SELECT place_name, latitude_deg, article_count FROM place_trends").fetchall() == [
        ("Leeds", 53.79648, 3)
    ]


# What was corrected, and how long after?


def test_corrections_say_how_long_after_unless_both_came_at_once() -> None:
    """a: 2 h, then 48 h after that; b: both in the first run; c, a copy of a, after 1 h; d: never."""
    hours = {("a", 1): 0, ("a", 2): 2, ("a", 3): 50, ("b", 1): 0, ("b", 2): 0, ("c", 1): 0, ("c", 2): 1, ("d", 1): 0}
    last = {"a": 3, "b": 2, "c": 2, "d": 1}
    rows = [
        article(
            article_id=letter,
            version_no=number,
            is_current=number == last[letter],
            headline=f"Story {letter}" + ("!" if (letter, number) == ("a", 3) else ""),
            body=f"Text {letter} {number}.",
            file_id=file_id(f"{letter}{number}"),
            run_id=f"r{after}",
            **(COPY | {"duplicate_of": "a"} if letter == "c" else {}),
        )
        for (letter, number), after in hours.items()
    ]
    outcomes = [
        outcome(
            file_id=row.file_id,
            article_id=row.article_id,
            version_no=row.version_no,
            outcome="new" if row.version_no == 1 else "new_version",
            ingested_at=NOON + timedelta(hours=hours[row.article_id, row.version_no]),
        )
        for row in rows
    ]
    news = memory_warehouse(articles=rows, outcomes=outcomes)
    found = news.execute(
        "SELECT article_id, version_no, hours_after, headline_changed, duplicate_of FROM corrections ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("a", 2, 2.0, False, None),
        ("a", 3, 48.0, True, None),
        ("b", 2, None, False, None),
        ("c", 2, 1.0, False, "a"),
    ]
    # Three stories, two of them corrected, three times in all; the median of 2 and 48 hours.
    assert answers(news, "corrections_by_month") == [("2025-12", 3, 2, 3, 1, 25.0)]


# What was copied, and which copy was the first?


def test_the_first_copy_is_the_earliest_whatever_its_kind() -> None:
    original = article(article_id="o", source="herald")
    second = DAY + timedelta(days=1)
    near = article(article_id="n", source="tribune", published_date=second, duplicate_of="o", **COPY)
    exact: dict[str, Any] = {"duplicate_kind": "exact", "similarity": 1.0}
    later = article(article_id="x", source="globe", published_date=second, duplicate_of="o", **exact)
    later = replace(later, first_seen_at=NOON + timedelta(hours=1))
    news = memory_warehouse(
        articles=[original, near, later],
        files=[
            file(path="herald/o.txt"),
            file(path="wire.zip!desk/a.txt", file_id=file_id("w"), first_seen_at=NOON + timedelta(hours=3)),
            file(path="desk/b.txt", outcome="duplicate", first_seen_at=NOON + timedelta(hours=2)),
            file(path="desk/c.txt", file_id=file_id("r"), outcome="refused", reason="binary"),
        ],
        outcomes=[
            outcome(article_id="o"),
            # Word for word in another file, and the near copy again from the same one: both are the story once more.
            outcome(file_id=file_id("w"), outcome="exact_duplicate", article_id="o", ingested_at=NOON),
            outcome(file_id=file_id("w"), position_in_file=2, outcome="exact_duplicate", article_id="n"),
        ],
    )
    assert news.execute(
        "SELECT copy_no, copy_kind, article_id, source FROM story_copies ORDER BY copy_no"
    ).fetchall() == [
        (1, "identical", "o", "desk"),
        (2, "identical", "o", "desk"),
        (3, "near", "n", "tribune"),
        (4, "identical", "n", "desk"),
        (5, "exact", "x", "globe"),
    ]
    (row,) = answers(news, "most_copied")
    assert row[4:] == (5, 3, 1, 1, 0.9, DAY, "desk", ["desk", "globe", "tribune"], ["n", "x"])
    by_source = {row[0]: row[1:4] for row in answers(news, "volume_by_source")}
    assert by_source == {"herald": (1, 0, 0), "globe": (0, 1, 0), "tribune": (0, 1, 0), "desk": (0, 0, 3)}


def test_what_a_file_holds_twice_is_no_copy_under_another_path() -> None:
    again = outcome(position_in_file=2, outcome="exact_duplicate")
    news = memory_warehouse(articles=[article()], files=[file()], outcomes=[outcome(), again])
    assert news.execute("FROM identical_copies").fetchall() == []


def test_a_copys_source_is_the_one_its_articles_would_have() -> None:
    members = [
        f"{folder}a.{ending}!{member}"
        for ending in [*UNPACKED_ENDINGS, "TAR.GZ"]
        for folder in ("", "herald/")
        for member in ("m.txt", "desk/m.txt")
    ]
    paths = ["a.txt", "herald/a.txt", "in!/a.txt", "x.b!/a.txt", "a.zip!b.tar!desk/c.gz!c", *members]
    files = [file(path=path, outcome="duplicate") for path in paths]
    news = memory_warehouse(articles=[article()], outcomes=[outcome()], files=files)
    found = news.execute("SELECT path, source FROM story_copies").fetchall()
    assert dict(found) == {path: source_of(path) for path in paths}


# What became of everything, how far is enrichment, and how fresh is it?


def test_only_what_an_earlier_pipeline_did_is_stale() -> None:
    rows = [
        article(article_id="now", headline="Now"),
        article(article_id="then", headline="Then", pipeline_id="p0"),
        article(article_id="nobody", headline="Nobody", pipeline_id="p0", enrichment_status=EnrichmentStatus.NO_MODEL),
    ]
    upkeep = run(run_id="r2", started_at=NOON + timedelta(days=1), pipeline_id=None)
    (row,) = answers(memory_warehouse(articles=rows, runs=[run(), upkeep]), "enrichment_by_month")
    assert row == ("2025-12", 3, 2, 1, 1, 1, 0, 0, 0.6667, 0, 0)


def test_days_are_missing_between_the_first_and_the_latest_that_are_plausible() -> None:
    news = memory_warehouse(
        articles=[
            article(article_id="a", published_date=date(2025, 11, 29)),
            article(article_id="copy", published_date=date(2025, 12, 1), duplicate_of="a", **COPY),
            article(article_id="b", published_date=date(2025, 12, 3)),
            article(article_id="epoch", published_date=date(1970, 1, 1), flags=[Flag.IMPLAUSIBLE_DATE]),
            article(article_id="ahead", published_date=date(2026, 12, 1), flags=[Flag.FUTURE_DATE]),
        ]
    )
    # A day that only repeats an earlier story has had a delivery: it is not missing.
    assert answers(news, "missing_days") == [(date(2025, 11, 30),), (date(2025, 12, 2),)]


def test_every_answer_is_the_same_in_every_zone() -> None:
    late = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    news = memory_warehouse(
        articles=[article(first_seen_at=late, ingested_at=late, published_at=late), *stories("s", 2, DAY)],
        files=[file(first_seen_at=late)],
        outcomes=[outcome(ingested_at=late)],
        runs=[run(started_at=late, finished_at=late + timedelta(hours=1))],
    )
    for connection in (news, news_warehouse()):
        for query in load_queries("reports").values():
            rows = []
            for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Niue"):
                connection.execute(f"SET TimeZone = '{zone}'")
                named = connection.execute(query.sql)
                columns = [column[0] for column in named.description or ()]
                rows.append(
                    [
                        [value for column, value in zip(columns, row, strict=True) if column != "hours_since_arrival"]
                        for row in named.fetchall()
                    ]
                )
            assert rows[0] == rows[1] == rows[2], query.name


# Everything mentioned, in one file.


def test_one_row_a_stretch_with_its_name_and_its_place() -> None:
    told = article(article_id="a", source="herald", flags=[Flag.SHORT_BODY])
    copy = replace(told, article_id="copy", duplicate_of="a", **COPY)
    leeds = location(article_id="a")
    inside = location(article_id="a", mention_no=2, start_char=86, role=Role.ORGANISATION)
    nowhere = unresolved(article_id="a", mention_no=3, surface="Aire", start_char=39)
    rows = [
        entity(article_id="a"),
        entity(article_id="a", mention_no=2, surface="Aire", label="LOC", start_char=39),
        entity(article_id="a", mention_no=3, **ADA),
        entity(article_id="a", mention_no=4, surface="Leeds City Council", label="ORG", start_char=86),
        entity(article_id="copy"),
    ]
    news = memory_warehouse(articles=[told, copy], entities=rows, locations=[leeds, inside, nowhere])
    found = news.execute(
        "SELECT start_char, surface, label, canonical_name, role, place_name, round(latitude_deg, 1), unresolved_reason"
        " FROM article_mentions ORDER BY start_char, end_char"
    ).fetchall()
    assert found == [
        (23, "Leeds", "GPE", "Leeds", "literal", "Leeds", 53.8, None),
        (39, "Aire", "LOC", "Aire", "literal", None, None, "not_in_gazetteer"),
        (71, "Ada Lovelace", "PERSON", "Ada Lovelace", None, None, None, None),
        (86, "Leeds", None, None, "organisation", "Leeds", 53.8, None),
        (86, "Leeds City Council", "ORG", "Leeds City Council", None, None, None, None),
    ]
    assert news.execute("SELECT DISTINCT article_id, headline, source, flags FROM article_mentions").fetchall() == [
        ("a", told.headline, "herald", ["short_body"])
    ]
