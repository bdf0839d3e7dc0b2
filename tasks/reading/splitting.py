"""One file's text to article blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.reading.characters import CLOSING_QUOTES, FULL_STOPS
from tasks.reading.headers import LEAD, WORD, Header, is_header_inside, is_mail_field, parse_header

# Less before the first header is litter (a mail header, a rule, a greeting); more may be an article whose header is
# damaged, which must not vanish silently.
LITTER_WORDS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One article block: its header, and the raw text below it; no header for a long text before the first one."""

    header: Header | None
    body: str
    glued: bool = False
    litter_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHeader:
    """Where in the text a header line begins and ends."""

    start: int
    end: int
    header: Header
    glued: bool


# Literal beginnings are found five times as fast as a class of letters.
PLAIN_WORDS = [re.compile(rf"{word}\b") for word in ("date", "Date", "DATE", "dATE")]
HIDDEN_WORD = re.compile(WORD)
LINE_LEAD = re.compile(LEAD)
MAX_FIELD = 40  # characters looked at for the field of a letter
MAX_LEAD = 2500  # characters, the most that LEAD can match
# What `cat` makes of files without a final newline: " date 2025-12-01 Headline" behind the last full stop.
GLUED = re.compile(r"date \d{4}-\d{1,2}-\d{1,2}(?=[ T][^\sa-z])")
SENTENCE_END = FULL_STOPS + CLOSING_QUOTES + ")]"
UNSEEN = "\n\t \xa0\ufeff\u200b\x00"


def split_blocks(text: str, day_first: bool | None) -> Iterator[Block]:
    """The blocks of a text in order, at least one; nothing of it is lost but litter before the first header."""
    found = list(find_headers(text, day_first))
    before = text[: found[0].start] if found else text
    litter = bool(before.strip(UNSEEN))
    if not found or len(before.split(maxsplit=LITTER_WORDS)) > LITTER_WORDS:
        yield Block(header=None, body=before)
        litter = False
    ends = [header.start for header in found[1:]] + [len(text)] * bool(found)
    for at, end in zip(found, ends, strict=True):
        yield Block(header=at.header, body=text[at.end : end], glued=at.glued, litter_before=litter)
        litter = False


def find_headers(text: str, day_first: bool | None) -> Iterator[FoundHeader]:
    """Every header of a text in order. The first line with anything on it may be one in any form."""
    first: Header | None = None
    opening = len(text) - len(text.lstrip(UNSEEN))
    end_before = line_end = -1
    for start, word in candidates(text):
        inside_line = start > 0 and text[start - 1] != "\n"
        if inside_line and start != end_before and not follows_a_sentence(text, start):
            continue
        if word >= line_end:  # a line may have millions of headers: its end is looked for once
            line_end = text.find("\n", word)
            line_end = len(text) if line_end < 0 else line_end
        end = header_end(text, word, line_end)
        line = text[start:end]
        header = parse_header(line, day_first)
        if header is None or (first is None and is_mail_field(header, text[end : end + MAX_FIELD])):
            continue
        if start <= opening or is_header_inside(line, header, first):
            first = first or header
            end_before = end
            yield FoundHeader(start=start, end=end, header=header, glued=inside_line)


def candidates(text: str) -> Iterator[tuple[int, int]]:
    """Where a header may begin, in order: at the start of a line or inside one; and where its word `date` stands."""
    for at in word_starts(text):
        line_start = text.rfind("\n", max(0, at - MAX_LEAD), at) + 1
        at_line_start = line_start > 0 or at <= MAX_LEAD
        if at_line_start and LINE_LEAD.fullmatch(text, line_start, at):
            yield line_start, at
        elif GLUED.match(text, at):
            yield at, at


NEW_LINE_TAG = re.compile(r"</?(?:p|br|div|h[1-6]|li|tr|td|article|section)\b[^<>]{0,200}>", re.IGNORECASE)


def word_starts(text: str) -> list[int]:
    """Where the word `date` stands."""
    if any(mark in text for mark in HIDDEN_IN_WORDS):
        return [word.start() for word in HIDDEN_WORD.finditer(text)]
    return sorted(word.start() for pattern in PLAIN_WORDS for word in pattern.finditer(text))


HIDDEN_IN_WORDS = "\xad\u200b\u200e\u2060\ufeff"  # the usual ones of those that the pattern passes over


def header_end(text: str, word: int, line_end: int) -> int:
    """The end of a header's line, by a tag too, or where the next header begins on it: a headline has no full stop."""
    headers = (found.start() for found in GLUED.finditer(text, word + len("date"), line_end))
    end = next((at for at in headers if text[at - 1].isspace() or follows_a_sentence(text, at)), line_end)
    tag = NEW_LINE_TAG.search(text, word, end)
    return tag.start() if tag else end


def follows_a_sentence(text: str, start: int) -> bool:
    """Whether a sentence ends right before, so that the word `date` does not go on with it."""
    before = text[max(0, start - 8) : start].rstrip(UNSEEN)
    return before[-1:] != "" and before[-1] in SENTENCE_END
