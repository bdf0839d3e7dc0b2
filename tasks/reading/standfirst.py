"""Telling a standfirst from a first paragraph."""

import re

from tasks.reading.bylines import DATELINE, is_byline
from tasks.reading.characters import CLOSING_QUOTES, DASHES, FULL_STOPS
from tasks.reading.dates import parse_date

MIN_WORDS, MAX_WORDS = 4, 60
MAX_CHARACTERS = 400

# A sentence ends here, with or without a quotation mark or bracket behind.
SENTENCE_END = re.compile(rf"[{FULL_STOPS}:;,][{CLOSING_QUOTES})\]]*$|[{CLOSING_QUOTES})\]]$")
# A caption, credit, link or teaser is no summary of the article.
FURNITURE = re.compile(
    rf"(?:image|photo|picture|foto|bild|source|quelle|credit|video|watch|read more|share|advertisement|©|https?:|www\."
    rf"|[•*#>{DASHES}])",
    re.IGNORECASE,
)


def find_standfirst(lines: list[str]) -> str | None:
    """The first line below the headline if it is a standfirst, else None.

    It is one if it has no full stop, unlike the paragraph that follows; or if a byline or dateline follows, before
    which no paragraph of the article itself can stand. Dates, bylines, datelines, captions and links are never one.
    """
    if len(lines) < 2:
        return None
    first, second = lines[0], lines[1]
    if len(first) > MAX_CHARACTERS or not MIN_WORDS <= len(first.split()) <= MAX_WORDS:
        return None
    if FURNITURE.match(first) or is_byline(first) or DATELINE.match(first) or is_date(first):
        return None
    if is_byline(second) or DATELINE.match(second[:160]):
        return first
    unfinished = SENTENCE_END.search(first[-8:]) is None
    return first if unfinished and len(second) >= len(first) / 2 and SENTENCE_END.search(second[-8:]) else None


def is_date(line: str) -> bool:
    """Whether a line holds a date and nothing else, such as `Monday, August 5, 2019`."""
    written = parse_date(line[:60], day_first=None)
    return written is not None and written.end >= len(line.rstrip(" ."))
