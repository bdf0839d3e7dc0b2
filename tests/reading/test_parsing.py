# ruff: noqa: RUF001 - other scripts look like Latin to it
"""One file to articles and refusals."""

from datetime import UTC, date, datetime

import pytest

from schemas.reasons import Flag, Reason
from tasks.reading.parsing import FileReading, ParsedArticle, WholeRefusal
from tasks.reading.settings import ReadingSettings
from tests.reading.dumps import BODY, DUMP, HEADER, only_article, read


def test_a_dump_becomes_an_article() -> None:
    article = only_article(f" date 2025-12-01 Flood closes bridge\nThe city of Leeds is cut in two\n{BODY}")
    assert article == ParsedArticle(
        position_in_file=1,
        published_date=date(2025, 12, 1),
        published_at=None,
        headline="Flood closes bridge",
        standfirst="The city of Leeds is cut in two",
        paragraphs=tuple(BODY.split("\n")),
        text=f"Flood closes bridge\nThe city of Leeds is cut in two\n{BODY}",
        word_count=32,
        byline=None,
        dateline=None,
        language="en",
        language_confidence=article.language_confidence,
        flags=(),
        noise=(),
        removed_lines=(),
    )


@pytest.mark.parametrize(
    ("dump", "reason", "detail"),
    [
        pytest.param("Flood in Leeds\nIt rained.", Reason.NO_HEADER, "Flood in Leeds", id="no header"),
        pytest.param(
            "published 2025-12-01 Flood\nIt rained.", Reason.NO_HEADER, "published 2025-12-01 Flood", id="word"
        ),
        pytest.param("<html><head><title>News</title></head></html>", Reason.NO_HEADER, "News", id="a web page"),
        pytest.param("date unknown Flood\nIt rained.", Reason.NO_DATE, "date unknown Flood", id="no date"),
        pytest.param("date 2025-02-30 Flood\nIt rained.", Reason.INVALID_DATE, "2025-02-30", id="30 February"),
        pytest.param("date 03/04/2025 Flood\nIt rained.", Reason.AMBIGUOUS_DATE, "03/04/2025", id="ambiguous"),
        pytest.param("date 2025-12-01", Reason.NO_HEADLINE, None, id="only a date"),
        pytest.param("date 2025-12-01\n \n\u200b", Reason.NO_HEADLINE, None, id="nothing visible"),
        pytest.param("date 2025-12-01 Flood", Reason.NO_BODY, "Flood", id="only a headline"),
        pytest.param("date 2025-12-01\nFlood", Reason.NO_BODY, "Flood", id="headline on the next line"),
        pytest.param("date 2025-12-01 Flood\n<p></p>\n&nbsp;", Reason.NO_BODY, "Flood", id="only mark-up"),
    ],
)
def test_says_why_a_file_is_refused(dump: str, reason: Reason, detail: str | None) -> None:
    assert read(dump) == FileReading(blocks=(), refusal=WholeRefusal(reason=reason, detail=detail))


@pytest.mark.parametrize(
    ("dump", "flag"),
    [
        pytest.param(DUMP.replace("2025-12-01", "1970-01-01"), Flag.IMPLAUSIBLE_DATE, id="first day of computers"),
        pytest.param(DUMP.replace("2025-12-01", "0201-12-01"), Flag.IMPLAUSIBLE_DATE, id="a typing error"),
        pytest.param(DUMP.replace("2025-12-01", "2025-12-12"), Flag.FUTURE_DATE, id="ten days ahead"),
        pytest.param(f"{HEADER}\nMore to follow.", Flag.SHORT_BODY, id="three words"),
        pytest.param(f"{DUMP}\n{'iVBORw0KGgo' * 1000}", Flag.LONG_WORD, id="a picture in base64"),
        pytest.param(f"{DUMP}\n{BODY}", Flag.REPEATED_PARAGRAPHS, id="paragraphs twice"),
        pytest.param(f"{DUMP}\nNo-one was imme-\ndiately hurt.", Flag.HYPHENATION_REPAIRED, id="hyphens"),
        pytest.param(f"<p>{HEADER}</p>\n<p>{BODY}</p>", Flag.MARKUP_REMOVED, id="tags"),
    ],
)
def test_what_is_odd_is_flagged_and_kept(dump: str, flag: Flag) -> None:
    assert only_article(dump, ReadingSettings(today=date(2025, 12, 2))).flags == (flag,)


def test_tomorrow_is_not_the_future_somewhere() -> None:
    assert only_article(DUMP, ReadingSettings(today=date(2025, 11, 30))).flags == ()


def test_today_is_no_part_of_the_settings_identity() -> None:
    settings = ReadingSettings(today=date(2025, 11, 30))
    assert (settings, hash(settings), repr(settings)) == (
        ReadingSettings(),
        hash(ReadingSettings()),
        repr(ReadingSettings()),
    )


def test_the_day_is_the_headers_and_the_instant_is_utc() -> None:
    article = only_article(DUMP.replace("2025-12-01", "2025-12-01T23:30:00-05:00"))
    assert article.published_date == date(2025, 12, 1)
    assert article.published_at == datetime(2025, 12, 2, 4, 30, tzinfo=UTC)


def test_a_setting_decides_ambiguous_dates() -> None:
    dump = DUMP.replace("2025-12-01", "03/04/2025")
    assert only_article(dump, ReadingSettings(day_first=True)).published_date == date(2025, 4, 3)
    assert only_article(dump, ReadingSettings(day_first=False)).published_date == date(2025, 3, 4)


def test_chinese_text_is_neither_short_nor_one_long_word() -> None:
    article = only_article(f" date 2025-12-01 好奇心日报\n{'经过两天的大雨，这座桥于星期一关闭，' * 40}")
    assert (article.language, article.flags) == ("zh", ())
