# ruff: noqa: RUF001 - other scripts look like Latin to it
"""Header lines in every form that a careful person would read, and in every combination of these forms."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.dumps import BODY, only_article, story
from tests.reading.dumps import read as read_dump

HEADLINE = "Flood in Leeds"

LEADS = [
    "",
    " ",
    "\t",
    "\xa0",
    "\ufeff",
    '"',
    "\u201c",
    "'",
    "- ",
    "\u2014 ",
    "* ",
    "**",
    "> ",
    "# ",
    "<p>",
    "| ",
    "[",
    "\u200b",
]
WORDS = [
    "date",
    "Date",
    "DATE",
    "date:",
    "Date:",
    "DATE:",
    "date :",
    "date =",
    "date -",
    "Date \u2013",
    "Date\uff1a",
    "date\t",
]
WORDS += ["d\u200bate", "da\xadte", "\u200edate\u200e", "**Date:**", "<b>Date:</b>", '"date":', "date\xa0"]
YEAR_FIRST = [
    "2025-12-01",
    "2025/12/01",
    "2025.12.01",
    "20251201",
    "2025-12-1",
    "2025/12/1",
    "2025\u201312\u201301",
    "2025 - 12 - 01",
]
YEAR_FIRST += ["2025\u2212\u200e12\u2212\u200e01", "２０２５-１２-０１", "2025\u200b-12-01"]
DAYS = [
    *YEAR_FIRST,
    "1 December 2025",
    "01 Dec 2025",
    "1st of December, 2025",
    "01-Dec-2025",
    "1. Dezember 2025",
    "Dec 1, 2025",
]
DAYS += ["Dec. 1, 2025", "DECEMBER 1 2025", "December 1st, 2025", "2025 December 1", "Monday, December 1, 2025"]
DAYS += ["Mon, 1 Dec 2025", "Monday 1 December 2025", "Monday, 2025-12-01", "2025年12月1日", "1 de diciembre de 2025"]
ENCLOSED = ["[2025-12-01]", "(2025-12-01)", '"2025-12-01"', "<2025-12-01>", "<time>2025-12-01</time>", "**2025-12-01**"]
TIMES = ["", " 10:15", " 10:15 GMT", ", 10:15 pm EST", " 10:15:00 +0100", " at 10.15am"]
STAMPS = ["", "T10:15:00Z", "T10:15:00+01:00", "T10:15:00.123-05:00", "T10:15"]
BETWEEN = [
    " ",
    "\t",
    "  ",
    " - ",
    " \u2013 ",
    " \u2014 ",
    ": ",
    " : ",
    ", ",
    " | ",
    ". ",
    " -- ",
    " > ",
    " \u2022 ",
    " / ",
    "\xa0",
    "\u2003",
]
BETWEEN += ["\n", "\n\n", "\r\n\r\n", "\n \t\n", "\u2028", " -\n"]

DATED = st.one_of(
    st.tuples(st.sampled_from(DAYS), st.sampled_from(TIMES)).map("".join),
    st.tuples(st.sampled_from(YEAR_FIRST), st.sampled_from(STAMPS)).map("".join),
    st.sampled_from(ENCLOSED),
)


@settings(max_examples=1_000)
@given(st.sampled_from(LEADS), st.sampled_from(WORDS), DATED, st.sampled_from(BETWEEN))
def test_every_combination_of_forms_gives_day_and_headline(lead: str, word: str, dated: str, between: str) -> None:
    article = only_article(f"{lead}{word} {dated}{between}{HEADLINE}\n{BODY}")
    assert (article.published_date, article.headline) == (date(2025, 12, 1), HEADLINE)
    assert article.paragraphs == tuple(BODY.split("\n"))
    assert (article.published_at is not None) == any(clock in dated for clock in ("10:15", "10.15"))


@pytest.mark.parametrize("between", ["-", ":", "|", "\u2014"])
def test_a_mark_right_behind_the_date_is_no_part_of_the_headline(between: str) -> None:
    assert only_article(f" date 2025-12-01{between}{HEADLINE}\n{BODY}").headline == HEADLINE


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        ("date. 2025-12-01 Flood", "no_date"),
        ("date, 2025-12-01 Flood", "no_date"),
        ("dAte 2025-12-01 Flood", "no_header"),
        ("dates 2025-12-01 Flood", "no_header"),
        ("update 2025-12-01 Flood", "no_header"),
        ("To date 2025-12-01 Flood", "no_header"),
        ("date 03/04/2025 Flood", "ambiguous_date"),
        ("date 12.11.2025, 10:15 Flood", "ambiguous_date"),
        ("date 30 February 2025 Flood", "invalid_date"),
        ("date 2025-00-10 Flood", "invalid_date"),
        ("date 2025-12-32 Flood", "invalid_date"),
        ("date 20251301 Flood", "invalid_date"),
        ("date 29/02/2023 Flood", "invalid_date"),
        ("date 12025-12-01 Flood", "invalid_date"),
        ("date 25/12/01 Flood", "invalid_date"),
        ("date Sunday Flood", "invalid_date"),
        ("date unknown Flood", "no_date"),
        ("date: Flood", "no_date"),
        ("date", "no_date"),
    ],
)
def test_a_header_that_is_none_says_why(header: str, outcome: str) -> None:
    assert story(read_dump(f"{header}\n{BODY}")) == []
    refusal = read_dump(f"{header}\n{BODY}").refusal
    assert refusal is not None
    assert refusal.reason.value == outcome


@pytest.mark.parametrize(
    "line",
    [
        "**Date:** 2025-12-01 **Flood in Leeds**",
        "**date 2025-12-01 Flood in Leeds**",
        "*Date:* 2025-12-01 *Flood in Leeds*",
    ],
)
def test_marks_of_bold_type_are_no_part_of_a_headline(line: str) -> None:
    assert only_article(f"{line}\n{BODY}").headline == "Flood in Leeds"
