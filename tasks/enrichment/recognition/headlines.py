"""Lines in capitals, where the model sees little: the names of the body are looked for there, in capitals."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.clues import read_clues
from tasks.enrichment.recognition.repeats import find_all, is_whole, lay_over
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.reference import load_words

# Shorter lines are datelines and names of columns.
LEAST_WORDS = 3
# "IT", "US" and "WHO" are words in capitals as well as names.
SHORTEST_NAME = 4
SHORTEST_SPOKEN = 3


def find_capital_lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line without a small letter."""
    start = 0
    for line in text.split("\n"):
        if line.isupper() and line.count(" ") >= LEAST_WORDS - 1:
            yield start, start + len(line)
        start += len(line) + 1


def settle_capitals(text: str, spans: Sequence[Span], words: AbstractSet[str], gazetteer: Gazetteer) -> list[Span]:
    """The spans, with those in lines of capitals found anew by the names in all other lines."""
    lines = list(find_capital_lines(text))
    if not lines:
        return list(spans)
    starts = [start for start, _ in lines]
    inside: list[Span] = []
    outside: list[Span] = []
    for span in spans:
        line = bisect_right(starts, span.start) - 1
        (inside if line >= 0 and span.start < lines[line][1] else outside).append(span)
    names = names_in_capitals(text, outside)
    found = [name for start, end in lines for name in find_in_line(text, start, end, names)]
    kept = [part for span in inside for part in keep_of_span(text, span, words, gazetteer)]
    return sorted([*outside, *lay_over(kept, found)])


def names_in_capitals(text: str, spans: Sequence[Span]) -> dict[str, str]:
    """The names in capitals, with their labels, the longest first; of people their last words too."""
    names: dict[str, str] = {}
    for start, end, label in spans:
        name = text[start:end].upper()
        if len(name) >= SHORTEST_NAME or text[start:end].isupper():
            names.setdefault(name, label)
        last = name[name.rfind(" ") + 1 :]
        if label == "PERSON" and len(last) >= SHORTEST_NAME:
            names.setdefault(last, label)
    return dict(sorted(names.items(), key=lambda name: len(name[0]), reverse=True))


def find_in_line(text: str, start: int, end: int, names: dict[str, str]) -> Iterator[Span]:
    """The names in one line, in the order of `names`."""
    for name, label in names.items():
        for at in find_all(text, name, start, end):
            if is_whole(text, at, at + len(name)):
                yield Span(at, at + len(name), label)


def keep_of_span(text: str, span: Span, words: AbstractSet[str], gazetteer: Gazetteer) -> Iterator[Span]:
    """What is left of a marked stretch without the words that the article also writes small, and without slugs."""
    start = span.start
    kept_from: int | None = None
    for word in [*text[span.start : span.end].split(" "), ""]:
        is_name = bool(word) and word.lower() not in words and word.casefold() not in load_words("slug")
        if is_name and kept_from is None:
            kept_from = start
        if not is_name and kept_from is not None:
            name = text[kept_from : start - 1]
            if len(name) >= SHORTEST_SPOKEN:
                yield Span(kept_from, start - 1, read_clues(name, span.label, gazetteer).label or span.label)
            kept_from = None
        start += len(word) + 1
