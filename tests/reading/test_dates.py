# ruff: noqa: RUF001 - other scripts look like Latin to it
"""Dates as headers write them."""

from datetime import UTC, date, datetime

import pytest

from schemas.reasons import Reason
from tasks.reading.dates import parse_date

FIRST = date(2025, 12, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2025-12-01",
        "2025-12-1",
        "2025/12/01",
        "2025.12.01",
        "20251201",
        "2025\u201312\u201301",
        "２０２５-１２-０１",
        "1 December 2025",
        "1st December 2025",
        "1st of December, 2025",
        "01-Dec-2025",
        "1. Dezember 2025",
        "1 décembre 2025",
        "1 de diciembre de 2025",
        "Dec 1, 2025",
        "Dec. 1 2025",
        "DECEMBER 1, 2025",
        "2025 December 1",
        "Monday, December 1, 2025",
        "Mon, 01 Dec 2025",
        "Montag, 1. Dezember 2025",
        "2025年12月1日",
    ],
)
def test_a_day_is_read_in_many_forms(written: str) -> None:
    found = parse_date(f"{written} Headline 7", day_first=None)
    assert found is not None
    assert (found.day, found.end, found.problem) == (FIRST, len(written), None)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2025-12-01T10:15:30Z", datetime(2025, 12, 1, 10, 15, 30, tzinfo=UTC)),
        ("2025-12-01T23:30:00-05:00", datetime(2025, 12, 2, 4, 30, tzinfo=UTC)),
        ("2025-12-01 10:15", datetime(2025, 12, 1, 10, 15, tzinfo=UTC)),
        ("2025-12-01, 10:15 pm EST", datetime(2025, 12, 2, 3, 15, tzinfo=UTC)),
        ("2025-12-01T10:15:30.123456+0530", datetime(2025, 12, 1, 4, 45, 30, tzinfo=UTC)),
        ("20251201T101530Z", datetime(2025, 12, 1, 10, 15, 30, tzinfo=UTC)),
        ("Mon, 01 Dec 2025 00:05:59 GMT", datetime(2025, 12, 1, 0, 5, 59, tzinfo=UTC)),
        ("2025-12-01 12:00 a.m.", datetime(2025, 12, 1, tzinfo=UTC)),
        ("2025-12-01 10.15am", datetime(2025, 12, 1, 10, 15, tzinfo=UTC)),
        ("2025-12-01 at 10 pm GMT", datetime(2025, 12, 1, 22, tzinfo=UTC)),
        ("1 December 2025 1015 GMT", datetime(2025, 12, 1, 10, 15, tzinfo=UTC)),
        ("2025-12-01 10h15", datetime(2025, 12, 1, 10, 15, tzinfo=UTC)),
        ("2025-12-01 10:15 Uhr", datetime(2025, 12, 1, 10, 15, tzinfo=UTC)),
        ("2025-12-01 10:15 (BST)", datetime(2025, 12, 1, 9, 15, tzinfo=UTC)),
        ("2025-12-01 10:15 GMT+1", datetime(2025, 12, 1, 9, 15, tzinfo=UTC)),
        ("2025-12-01 10:15:00 -05:00", datetime(2025, 12, 1, 15, 15, tzinfo=UTC)),
        ("2025-12-01T10:15+01", datetime(2025, 12, 1, 9, 15, tzinfo=UTC)),
        ("2025-12-01t10:15:00z", datetime(2025, 12, 1, 10, 15, tzinfo=UTC)),
        ("2025-12-01 T10:15Z", datetime(2025, 12, 1, 10, 15, tzinfo=UTC)),
        ("2025-12-01T24:00:00Z", datetime(2025, 12, 2, tzinfo=UTC)),
    ],
)
def test_a_time_is_kept_in_utc_and_the_day_stays_as_written(written: str, instant: datetime) -> None:
    found = parse_date(f"{written} Headline", day_first=None)
    assert found is not None
    assert (found.day, found.instant, found.end) == (FIRST, instant, len(written))


@pytest.mark.parametrize("between", [":", ",", " -", " |", ""])
@pytest.mark.parametrize("zone", ["+01:00", " CET", " (CET)", " +0100"])
def test_a_zone_counts_whatever_stands_behind_it(zone: str, between: str) -> None:
    found = parse_date(f"2025-12-01T10:15:00{zone}{between} Headline", day_first=None)
    assert found is not None
    assert found.instant == datetime(2025, 12, 1, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["IST", "ET", "+99:99"])
def test_a_zone_of_two_meanings_gives_no_instant(zone: str) -> None:
    found = parse_date(f"2025-12-01 10:15 {zone} Headline", day_first=None)
    assert found is not None
    assert (found.day, found.instant) == (FIRST, None)


@pytest.mark.parametrize(
    "written",
    [
        "2025-12-01Z",
        "2025-12-01+01:00",
        "2025-12-01 (Mon)",
        "2025-12-01 [Monday]",
        "2025-12-01, Monday",
        "20251201 Mon.",
    ],
)
def test_a_zone_or_weekday_behind_the_day_belongs_to_it(written: str) -> None:
    found = parse_date(f"{written} - Headline", day_first=None)
    assert found is not None
    assert (found.day, found.instant, found.end) == (FIRST, None, len(written))


@pytest.mark.parametrize(
    "headline",
    ["Monday blues", "10 am-dram groups", "Z is back", "9:75 odds", "EST opens", "10 dead", "T10 league starts"],
)
def test_a_headline_is_not_taken_for_a_time(headline: str) -> None:
    found = parse_date(f"2025-12-01 {headline}", day_first=None)
    assert found is not None
    assert (found.instant, found.end) == (None, 10)


@pytest.mark.parametrize(
    ("written", "day_first", "day"),
    [
        ("23/11/2025", None, date(2025, 11, 23)),
        ("11/23/2025", None, date(2025, 11, 23)),
        ("5.5.2025", None, date(2025, 5, 5)),
        ("03/04/2025", True, date(2025, 4, 3)),
        ("03/04/2025", False, date(2025, 3, 4)),
        ("11/23/2025", True, date(2025, 11, 23)),
    ],
)
def test_a_numeric_date_is_read_where_only_one_reading_is_left(written: str, day_first: bool | None, day: date) -> None:
    found = parse_date(written, day_first)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("03/04/2025", Reason.AMBIGUOUS_DATE),
        ("2025-13-40", Reason.INVALID_DATE),
        ("2023-02-29", Reason.INVALID_DATE),
        ("0000-00-00", Reason.INVALID_DATE),
        ("31 June 2025", Reason.INVALID_DATE),
        ("25-12-01", Reason.INVALID_DATE),
        ("32/13/2025", Reason.INVALID_DATE),
        ("2025-12", Reason.INVALID_DATE),
        ("December 2025", Reason.INVALID_DATE),
        ("1 December", Reason.INVALID_DATE),
        ("1 Dec '25", Reason.INVALID_DATE),
        ("Dec 1", Reason.INVALID_DATE),
        ("2025-335", Reason.INVALID_DATE),
        ("2025-W49-1", Reason.INVALID_DATE),
        ("1764583200", Reason.INVALID_DATE),
        ("2025-12-011", Reason.INVALID_DATE),
    ],
)
def test_a_date_that_is_no_single_day_says_why(written: str, reason: Reason) -> None:
    found = parse_date(f"{written} Headline", day_first=None)
    assert found is not None
    assert (found.day, found.problem) == (None, reason)
    assert found.detail


@pytest.mark.parametrize("written", ["unknown Headline", "night in Leeds", "", "may be later", "5 dead in Leeds"])
def test_words_are_no_date(written: str) -> None:
    assert parse_date(written, day_first=None) is None


def test_a_time_at_the_edge_of_the_calendar_is_left_out() -> None:
    found = parse_date("0001-01-01T00:30:00+05:00", day_first=None)
    assert found is not None
    assert (found.day, found.instant) == (date(1, 1, 1), None)


@pytest.mark.parametrize("headline", ["7 am start for schools", "9am curfew for Kyiv"])
def test_a_headline_that_begins_with_an_hour_keeps_it(headline: str) -> None:
    found = parse_date(f"2025-12-01 {headline}", day_first=None)
    assert found is not None
    assert (found.end, found.instant) == (len("2025-12-01"), None)


@pytest.mark.parametrize(
    "written",
    [
        *("1 grudnia 2025", "1. prosince 2025", "1 Aralık 2025", "1 декабря 2025", "1 грудня 2025", "1 desember 2025"),
        *("1. joulukuuta 2025", "1 decembrie 2025", "1 Δεκεμβρίου 2025", "1 december 2025"),
    ],
)
def test_months_of_many_languages_are_read(written: str) -> None:
    found = parse_date(f"{written} Headline", day_first=None)
    assert found is not None
    assert (found.day, found.end) == (date(2025, 12, 1), len(written))
