"""Lines that recur across articles, found from the articles themselves.

A line near the beginning or the end of an article is remembered by its hash. Once it stands in so many articles, copies
of one article counted once, it is no news wherever it stands near an end. Sources are not told apart: an article that
two of them deliver is stored once, under whichever came first, so a count by source would follow the order of arrival.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tasks.identity.fingerprints import digest

# In 6,000 agency stories the lines that 8 or more share are "Record March 31" and the like; in 295 Wikinews articles
# five interviews share their questions, which are news.
RECURS_IN = 8
# A whole sentence may be what agencies put below every story of a war: news, and repeated word for word. Unless it
# speaks of the paper itself it must stand in many more articles.
SENTENCE_RECURS_IN = 50
SENTENCE_WORDS = 10
# Looked for one by one: all of them as one pattern that ignores case took ten times as long.
OF_THE_PAPER = (
    *("this article", "this story", "this report", "this post", "originally", "first published", "contributed to"),
    *("newsletter", "subscri", "sign up", "follow us", "our website", "our app", "our readers", "email", "e-mail"),
    *("copyright", "rights reserved", "permission", "editor", "edited", "correspondent", "reporter", "journalist"),
    *("www.", "http:", "https:", "click", "read more", "more information", "contact us", "advert", "published by"),
    *("published in", "erscheint", "verlag", "redaktion", "abonn", "suscr", "rédaction", "redacción", "redazione"),
)
DOT_COM = re.compile(r"\.com\b")
FIRST_LINES, LAST_LINES = 3, 6
MIN_WORDS = 3
MIN_CHARACTERS, MAX_CHARACTERS = 12, 300


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A short line near an end of a text, and the key by which equal lines are counted.

    The last bit of the key says whether the line is counted as a sentence of the news.
    """

    key: int
    start_char: int
    end_char: int


def edge_lines(text: str) -> Iterator[EdgeLine]:
    """The first and last short lines below the headline, in order."""
    lines = text.split("\n")
    start = 0
    for number, line in enumerate(lines):
        near_an_end = 0 < number <= FIRST_LINES or number >= max(1, len(lines) - LAST_LINES)
        if near_an_end and MIN_CHARACTERS <= len(line) <= MAX_CHARACTERS and line.count(" ") >= MIN_WORDS - 1:
            yield EdgeLine(line_key(line), start, start + len(line))
        start += len(line) + 1


def line_key(line: str) -> int:
    """A signed 64-bit hash of a line; odd for what reads as a sentence of the news."""
    key = int.from_bytes(bytes.fromhex(digest(line))[:8], signed=True)
    return key | 1 if is_sentence(line) else key & ~1


def is_sentence(line: str) -> bool:
    """Whether the line is a sentence of some length that does not speak of the paper itself."""
    ends = line.rstrip("\"'\u201d\u2019)").endswith((".", "!", "?", "。"))
    return ends and len(line.split()) >= SENTENCE_WORDS and not is_of_the_paper(line.lower())


def is_of_the_paper(line: str) -> bool:
    """Whether a line in lower case speaks of the paper itself."""
    return any(phrase in line for phrase in OF_THE_PAPER) or DOT_COM.search(line) is not None


def remember_lines(ledger: sqlite3.Connection, article_id: str, keys: Collection[int]) -> None:
    """Note that an article has these lines; those that now stand in enough articles recur from here on.

    An article and its copies count once.
    """
    if not keys:
        return
    ledger.executemany("INSERT OR IGNORE INTO edge_lines VALUES (?, ?)", [(key, article_id) for key in keys])
    ledger.execute(RECUR, (json.dumps(list(keys)), RECURS_IN, SENTENCE_RECURS_IN))


# A line known to recur may stand in many articles that are not marked yet, so it is not counted again.
RECUR = """
INSERT OR IGNORE INTO recurring_lines
SELECT line FROM edge_lines JOIN versions USING (article_id)
WHERE line IN (SELECT value FROM json_each(?1)) AND line NOT IN (SELECT line FROM recurring_lines)
GROUP BY line HAVING count(DISTINCT coalesce(duplicate_of, article_id)) >= CASE WHEN line & 1 THEN ?3 ELSE ?2 END
"""


def recurring_lines(ledger: sqlite3.Connection) -> frozenset[int]:
    """The keys of the lines that recur."""
    return frozenset(line for (line,) in ledger.execute("SELECT line FROM recurring_lines"))


def unmarked_lines(ledger: sqlite3.Connection) -> list[tuple[int, str]]:
    """(line, article_id) of the stored articles in which a recurring line is not marked yet."""
    return ledger.execute("SELECT line, article_id FROM recurring_lines JOIN edge_lines USING (line)").fetchall()


def forget_marked(ledger: sqlite3.Connection, marked: Iterable[tuple[int, str, int]]) -> None:
    """Take out the lines that are marked now in all the versions that their articles had.

    An article that has got another version meanwhile, in which the line may not be marked, stays.
    """
    ledger.executemany(
        "DELETE FROM edge_lines WHERE line = ?1 AND article_id = ?2"
        " AND (SELECT count(*) FROM versions WHERE article_id = ?2) = ?3",
        marked,
    )
