"""Headers, and where one article ends and the next begins."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Flag
from tasks.reading.parsing import ParsedArticle
from tests.reading.dumps import BODY, DUMP, HEADER, only_article, read, story


@pytest.mark.parametrize(
    "header",
    [
        " date 2025-12-01 Flood in Leeds",
        "date 2025-12-01 Flood in Leeds",
        "\t\tdate 2025-12-01 Flood in Leeds",
        "\ufeff date 2025-12-01 Flood in Leeds",
        "\xa0date\xa02025-12-01\xa0Flood in Leeds",
        "DATE 2025-12-01 Flood in Leeds",
        "Date: 2025-12-01 Flood in Leeds",
        "date = 2025-12-01 Flood in Leeds",
        "date 2025-12-01 - Flood in Leeds",
        "date 2025-12-01 \u2014 Flood in Leeds",
        "date 2025-12-01: Flood in Leeds",
        "date 2025-12-01, Flood in Leeds",
        "date 2025-12-01 | Flood in Leeds",
        "date [2025-12-01] Flood in Leeds",
        "date (2025-12-01) Flood in Leeds",
        '"date 2025-12-01 Flood in Leeds"',
        'date "2025-12-01" Flood in Leeds',
        "\u201cdate 2025-12-01 Flood in Leeds\u201d",
        "**date 2025-12-01 Flood in Leeds**",
        "- date 2025-12-01 Flood in Leeds",
        "<p>date 2025-12-01 Flood in Leeds</p>",
        "# date 2025-12-01 Flood in Leeds",
        "date Monday, December 1, 2025 Flood in Leeds",
        "date 2025-12-01T10:15:00+01:00 Flood in Leeds",
        "date 2025-12-01\nFlood in Leeds",
        "date 2025-12-01\n\n  Flood in Leeds",
    ],
)
def test_a_header_is_read_however_it_is_written(header: str) -> None:
    article = only_article(f"{header}\n{BODY}")
    assert (article.published_date, article.headline) == (date(2025, 12, 1), "Flood in Leeds")
    assert article.paragraphs == tuple(BODY.split("\n"))


@pytest.mark.parametrize(
    "headline",
    [
        "...",
        "-5C freeze grips Leeds",
        '"Enough is enough," says mayor',
        "'Enough'",
        '=HYPERLINK("x")',
        "3 die",
        "iOS 26",
    ],
)
def test_a_headline_keeps_its_own_marks(headline: str) -> None:
    assert only_article(f" date 2025-12-01 {headline}\n{BODY}").headline == headline


@pytest.mark.parametrize("between", ["\n", "\r\n", "\r", "\n\n\n", "\u2028", "\x0c", "\n \t\n"])
def test_articles_are_parted_whatever_the_line_ends(between: str) -> None:
    assert story(read(between.join([DUMP, DUMP.replace("Flood", "Storm"), DUMP]))) == [
        "Flood closes bridge in Leeds",
        "Storm closes bridge in Leeds",
        "Flood closes bridge in Leeds",
    ]


def test_the_forms_of_headers_may_be_mixed_in_one_file() -> None:
    dump = f"date 2025-12-01 One\n{BODY}\n Date: 2 Dec 2025 Two\n{BODY}\nDATE 20251203 Three\n{BODY}"
    assert story(read(dump)) == ["One", "Two", "Three"]


def test_one_bad_block_does_not_take_its_neighbours_along() -> None:
    blocks = [
        "2025-12-01 One",
        "2025-13-40 Two",
        "2025-12-03 Three",
        "03/04/2025 Four",
        "unknown Five",
        "2025-12-06 Six",
    ]
    reading = read(
        "\n".join(f" date {block}\n{BODY}" for block in [*blocks, "2025-12-07 Seven\n date 2025-12-08 Eight"])
    )
    assert story(reading) == [
        "One",
        "invalid_date",
        "Three",
        "ambiguous_date",
        "no_date",
        "Six",
        "no_body",
        "Eight",
    ]
    assert [block.position_in_file for block in reading.blocks] == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "line",
    [
        "The date 2025-12-01 was chosen by the council.",
        "date 2025-12-01 was chosen by the council.",
        "Date 2025-12-01. Place: Geneva. Parties: both delegations.",
        "Date: 2025-12-01 Place: Geneva",
        "Date: 2025-12-01",
        "Date night is back in Leeds",
        "Dates 2025-12-01 and 2025-12-02 are free.",
        "He set a date. 2025-12-01 is the day.",
        "They agreed on date 2025-12-01 Geneva time.",
        "Date: 2025-12-01 to 2025-12-05",
        "DATE 2025-12-01 TO 2025-12-05",
        "Date: Monday, December 1",
        "date 1 December was chosen",
        "date 12/11/2025 was chosen",
        "Date 2025-12-01: The council met.",
        "Date 2025-12-01 (Monday) was chosen",
        "date 2025-12-01 and 2025-12-02 are free",
        "- Date: 2025-12-01",
        "Date of birth: 2025-12-01",
        "Sell-by date 2025-12-01 Flood",
    ],
)
def test_the_word_date_in_a_text_begins_no_article(line: str) -> None:
    assert only_article(f"{DUMP}\n{line}\n{BODY}").paragraphs[2] == line


@pytest.mark.parametrize("glue", [" ", "", "  "])
def test_files_joined_without_a_line_end_come_apart(glue: str) -> None:
    reading = read(f"{DUMP}{glue}date 2025-12-02 Bridge open again\n{BODY}")
    assert story(reading) == ["Flood closes bridge in Leeds", "Bridge open again"]
    first, second = reading.blocks
    assert isinstance(first, ParsedArticle)
    assert isinstance(second, ParsedArticle)
    assert (first.paragraphs, first.flags, second.flags) == (tuple(BODY.split("\n")), (), (Flag.GLUED_HEADER,))


def test_a_headline_without_text_comes_apart_from_the_file_joined_to_it() -> None:
    assert story(read(f" date 2025-12-01 WHEAT PRICES RISE{DUMP}")) == ["no_body", "Flood closes bridge in Leeds"]


def test_a_word_before_a_glued_header_keeps_it_a_sentence() -> None:
    assert len(read(f"{DUMP} They met on date 2025-12-02 In Leeds.").blocks) == 1


def test_litter_before_the_first_header_is_flagged() -> None:
    article = only_article(f"From: desk@example.org\n-----\n{DUMP}")
    assert article.flags == (Flag.JUNK_BEFORE_HEADER,)


def test_a_long_text_before_the_first_header_is_refused_not_lost() -> None:
    assert story(read(f"published 2025-12-01 Storm\n{BODY * 10}\n{DUMP}")) == [
        "no_header",
        "Flood closes bridge in Leeds",
    ]


def test_a_repeated_byte_order_mark_does_not_hide_a_header() -> None:
    assert len(read(f"\ufeff{DUMP}\n\ufeff{DUMP}").blocks) == 2


def test_a_header_is_compared_with_its_own_first_line_only() -> None:
    assert only_article(f"\n\n{HEADER}\n{BODY}").headline == "Flood closes bridge in Leeds"


@pytest.mark.parametrize(
    "between", ["\x1e", "\n---\n", "\n* * *\n", "\n-30-\n", "\n\x0c\n", "\n<hr>\n", "\x00\n", "\u2029", " "]
)
def test_what_stands_between_articles_takes_none_along(between: str) -> None:
    assert story(read(between.join([DUMP, DUMP.replace("Flood", "Storm")]))) == [
        "Flood closes bridge in Leeds",
        "Storm closes bridge in Leeds",
    ]


BAD_BLOCKS = {
    " date 2025-13-40 One\nA text.": "invalid_date",
    " date 03/04/2025 One\nA text.": "ambiguous_date",
    " date unknown One\nA text.": "no_date",
    " date Dec 1 One\nA text.": "invalid_date",
    " date 2025-12-04 One": "no_body",
    " date 2025-12-05": "no_headline",
    " date 2025-12-05 \n\n": "no_headline",
    " date 2025-12-05 <p></p>\n<br>": "no_headline",
}
BETWEEN = ["\n", "\r\n", "\r", "\n\n", "\u2028", "\n \t\n\n", "\x0c"]


@given(st.lists(st.tuples(st.sampled_from(["good", *BAD_BLOCKS]), st.sampled_from(BETWEEN)), min_size=2, max_size=9))
def test_every_block_ends_in_its_own_outcome_wherever_it_stands(parts: list[tuple[str, str]]) -> None:
    blocks = [DUMP.replace("Leeds", f"Leeds {at}", 1) if kind == "good" else kind for at, (kind, _) in enumerate(parts)]
    reading = read("".join(block + end for block, (_, end) in zip(blocks, parts, strict=True)))
    assert story(reading) == [
        BAD_BLOCKS.get(kind, f"Flood closes bridge in Leeds {at}") for at, (kind, _) in enumerate(parts)
    ]
    good = [block for block in reading.blocks if isinstance(block, ParsedArticle)]
    assert all(article.paragraphs == tuple(BODY.split("\n")) for article in good)


@pytest.mark.parametrize(
    "litter",
    [
        "From: desk@example.org\nSubject: news\n\n",
        "Date: Mon, 1 Dec 2025 10:15:00 +0000\nFrom: desk@example.org\nSubject: news\n\n",
        "From: desk@example.org\nDate: Mon, 1 Dec 2025 10:15:00 +0000\nMessage-ID: <1@example.org>\n\n",
        '<?xml version="1.0"?>\n<html><body>\n',
        "Daily dump 2025-12-01, page 1 of 3\n=====\n",
        "The date of this dump is unknown.\n",
        "Last update 2025-12-01\n",
        "\x00\ufeff\n{}\n",
    ],
)
def test_litter_before_the_first_header_makes_no_article(litter: str) -> None:
    assert story(read(f"{litter}{DUMP}\n{DUMP}")) == ["Flood closes bridge in Leeds"] * 2


def test_a_header_ends_where_a_tag_ends_its_line() -> None:
    article = only_article(f" date 2025-12-01 Flood in Leeds</h1><p>{BODY.replace(chr(10), '</p><p>')}</p>")
    assert (article.headline, article.paragraphs) == ("Flood in Leeds", tuple(BODY.split("\n")))


def test_a_header_glued_to_a_headline_that_ends_in_a_mark_begins_a_block() -> None:
    assert story(read(f' date 2025-12-01 "Enough!"date 2025-12-02 Flood\n{BODY}')) == ["no_body", "Flood"]
