"""The header line of an article: the word `date`, a date, the headline."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from schemas.reasons import Reason
from tasks.reading.characters import DASHES, QUOTES
from tasks.reading.dates import WrittenDate, parse_date

# Only so much of a line is looked at for a date; a line may have millions of characters.
DATE_CHARACTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """One header line; `day` is None exactly where `problem` says why."""

    keyword: str  # as written, with the colon if there is one: headers inside a file are compared by it
    headline: str  # as written; empty when it stands on the next line
    goes_on: bool = False  # a comma or full stop follows the date, as in a sentence
    day: date | None = None
    instant: datetime | None = None
    problem: Reason | None = None
    detail: str | None = None


# What takes no space and may have got in anywhere, except joiners, which shape words.
HIDDEN = "\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
HIDDEN_CHARACTER = re.compile(f"[{HIDDEN}]")
# Tags, quotes, dashes, stars and whatever cannot be seen may stand before the word.
TAG = r"<[^<>\n]{1,100}>"
LEAD = rf"(?:{TAG}|[^\w\n<]){{0,24}}"
WORD = rf"[dD][{HIDDEN}]*(?:a[{HIDDEN}]*t[{HIDDEN}]*e|A[{HIDDEN}]*T[{HIDDEN}]*E)\b"
AROUND = QUOTES + r"(\[{<>)\]}*_"
COLON = r"(?:[\s*_\"')\]}]{0,4}|</[a-z]{1,10}>)[:=\N{FULLWIDTH COLON}]"
KEYWORD = re.compile(rf"(?P<lead>{LEAD})(?P<word>{WORD})(?P<colon>{COLON})?")
BEFORE_DATE = re.compile(rf"(?:</?[A-Za-z][^<>\n]{{0,60}}>|[\s{HIDDEN}{AROUND}{DASHES}])*")
SEPARATORS = rf"[|:>*/~=\N{{BULLET}}\N{{MIDDLE DOT}}{DASHES}]"
AFTER_DATE = re.compile(
    rf"(?:</[a-z]{{1,10}}>|[{AROUND}])*(?:{SEPARATORS}(?=[^\W\d]))?(?:\s*(?:{SEPARATORS}+|[,;.])(?=\s|$))*[\s{HIDDEN}]*"
)
CLOSING = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "«": "»", "(": ")", "[": "]", "*": "*", "_": "_"}


def parse_header(line: str, day_first: bool | None) -> Header | None:
    """The header that a line is, if it must be one, such as a file's first; None without the word `date`."""
    keyword = KEYWORD.match(line)
    if keyword is None:
        return None
    style = HIDDEN_CHARACTER.sub("", keyword["word"]) + (":" if keyword["colon"] else "")
    at = end_of(BEFORE_DATE, line, keyword.end())
    written = parse_hidden_date(line[at : at + DATE_CHARACTERS], day_first)
    if written is None:
        detail = line.strip()[:DATE_CHARACTERS]
        return Header(keyword=style, headline="", problem=Reason.NO_DATE, detail=detail)
    after = end_of(AFTER_DATE, line, at + written.end)
    return Header(
        keyword=style,
        headline=without_closing(line[after:], keyword["lead"]),
        goes_on=any(mark in ".,;" for mark in line[at + written.end : after]),
        day=written.day,
        instant=written.instant,
        problem=written.problem,
        detail=written.detail,
    )


def parse_hidden_date(text: str, day_first: bool | None) -> WrittenDate | None:
    """The date at the beginning of a text that may have characters in it which cannot be seen."""
    if not HIDDEN_CHARACTER.search(text):
        return parse_date(text, day_first)
    seen = [at for at, character in enumerate(text) if not HIDDEN_CHARACTER.match(character)]
    written = parse_date("".join(text[at] for at in seen), day_first)
    return written and replace(written, end=seen[written.end - 1] + 1 if written.end else 0)


def end_of(pattern: re.Pattern[str], line: str, start: int) -> int:
    """Where a pattern that also matches nothing ends."""
    found = pattern.match(line, start)
    return found.end() if found else start


def without_closing(headline: str, lead: str) -> str:
    """Without the quotation mark or star at the end that was opened before the header's first word."""
    closing = CLOSING.get(lead.strip()[-1:])
    trimmed = headline.rstrip()
    if closing is None or not trimmed.endswith(closing):
        return trimmed
    if closing in "*_":  # bold type may begin anew behind the date: **Date:** 2025-12-01 **Headline**
        inner = trimmed.strip(closing)
        return inner.strip() if closing not in inner else trimmed.rstrip(closing).rstrip()
    return trimmed.removesuffix(closing).rstrip()


FACT = re.compile(r"\w[\w ]{0,30}:\s")
PLACEHOLDER = re.compile(r"\s*(?i:unknown|none|null|n/?a|tbd|missing|undated|nan)\s+(?=[^a-z\s.,;])")


RANGE = re.compile(r"(?:to|until|till|and|bis|und|au|et|al|y)\s+\d", re.IGNORECASE)


def is_header_inside(line: str, header: Header, first: Header | None) -> bool:
    """Whether a line below the first header begins another article, rather than being a sentence or a fact box.

    Prose goes on in lower case or with a full stop after the date. A fact box names another fact (`Place: Geneva`) or
    has nothing after the date; then only the first header's own way of writing tells a header.
    """
    like_the_first = first is not None and first.keyword == header.keyword
    if header.problem is Reason.NO_DATE:
        keyword = KEYWORD.match(line)
        return like_the_first and keyword is not None and PLACEHOLDER.match(line, keyword.end()) is not None
    if not header.headline:
        # A fact box begins with a capital.
        return like_the_first and first is not None and (not first.headline or header.keyword == "date")
    word = header.headline.split(maxsplit=1)[0].strip(QUOTES + "([{<>)]}*_")
    if header.goes_on or (word[:1].islower() and word.islower()) or RANGE.match(header.headline):
        return False
    return like_the_first or not (FACT.match(header.headline) or header.headline.endswith("."))


MAIL_FIELD = re.compile(
    r"\s*(?:from|to|cc|subject|message-id|mime-version|content-[a-z-]+|reply-to|return-path|received|x-[a-z-]+):\s",
    re.IGNORECASE,
)


def is_mail_field(header: Header, below: str) -> bool:
    """Whether a first header is the `Date:` field of an electronic letter, by the field below it."""
    return not header.headline and MAIL_FIELD.match(below) is not None
