"""A stretch of text with a label, and the cleaning of stretches that a model marked badly."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tasks.enrichment.reference import load_words

# OntoNotes' named types. Its numbers and times (DATE, TIME, PERCENT, MONEY, QUANTITY, ORDINAL, CARDINAL) name nothing.
NAMED_LABELS = frozenset(
    ["PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"]
)
# spaCy's pipelines for most other languages are trained on WikiNER, which has four labels; MISC is no kind of thing.
OTHER_LABELS = {"PER": "PERSON"}

# Straight and typographic quotes: double, single, low, angle.
QUOTES = "\"'`*\u201c\u201d\u2018\u2019\u201e\u201a\u00ab\u00bb\u2039\u203a"
DASHES = "-\u2013\u2014\u2022"
OPENING = f" \t\u00a0{QUOTES}{DASHES}([{{<,;:."
CLOSING = f" \t\u00a0{QUOTES}{DASHES})]}}>,;:"
POSSESSIVE = re.compile(r"['\u2019][sS]?$")
ARTICLE = re.compile(r"(?:the|The|THE)\s+")
WEB = re.compile(r"https?:|www\.|\w@\w|^[@#]\w|\.(?:com|org|net|co\.uk)\b", re.IGNORECASE)
MAX_WORDS = 14
# Scores and dates that tables and wire headers put beside a name: "Kersey 63", "BRUSSELS 1996-08-31".
FIGURES_AFTER = re.compile(r"(?:\s+[\d.,:/-]*\d[\d.,:/-]*)+$")
LABELS_WITHOUT_FIGURES = frozenset(["PERSON", "GPE", "LOC", "NORP"])
DATE_AFTER = re.compile(r"\s+(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4})$")


class Span(NamedTuple):
    """A labelled stretch of a text, in code points."""

    start: int
    end: int
    label: str


def clean_spans(text: str, marked: list[Span]) -> list[Span]:
    """The marked spans without quotes, articles, possessives and noise, in order, none overlapping another."""
    cleaned = sorted({span for raw in marked for span in clean_span(text, raw)})
    kept: list[Span] = []
    for span in cleaned:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def clean_span(text: str, span: Span) -> Iterator[Span]:
    """One span for each line that the raw one touches: a headline and the line below it are not one name."""
    label = OTHER_LABELS.get(span.label, span.label)
    if label not in NAMED_LABELS:
        return
    start = span.start
    for line in text[span.start : span.end].split("\n"):
        trimmed = trim_span(text, Span(start, start + len(line), label))
        if is_name(text[trimmed.start : trimmed.end]):
            yield trimmed
        start += len(line) + 1


def trim_span(text: str, span: Span) -> Span:
    """The span without what surrounds the name: white space, quotes, brackets, the article, the possessive."""
    start, end = strip_edges(text, span.start, span.end)
    article = ARTICLE.match(text, start, end)
    if (
        article
        and span.label != "WORK_OF_ART"
        and text[article.end() : end].casefold() not in load_words("keeps_article")
    ):
        start = article.end()
    last_word = text[start:end].rsplit(" ", 1)[-1].replace("\u2019", "'").casefold()
    possessive = POSSESSIVE.search(text[start:end])
    if possessive and last_word not in load_words("keeps_possessive"):
        end = start + possessive.start()
    figures = (FIGURES_AFTER if span.label in LABELS_WITHOUT_FIGURES else DATE_AFTER).search(text[start:end])
    if figures:
        end = start + figures.start()
    start, end = strip_edges(text, start, end)
    return Span(start, end, span.label)


def strip_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Moves both ends past quotes and punctuation; a bracket that closes inside the name stays."""
    while start < end and text[start] in OPENING:
        start += 1
    while start < end and text[end - 1] in CLOSING and not closes_bracket(text, start, end):
        end -= 1
    return start, end


def closes_bracket(text: str, start: int, end: int) -> bool:
    """Whether the last character is a bracket that was opened inside the span."""
    return text[end - 1] == ")" and "(" in text[start:end]


def is_name(surface: str) -> bool:
    """Whether the words can be a name at all."""
    if not any(is_name_letter(character) for character in surface) or WEB.search(surface):
        return False
    # "WHO" and "IT" are names in capitals.
    nameless = surface.rstrip(".").casefold() in load_words("nameless") and not surface.isupper()
    return not nameless and len(surface) > 1 and len(surface.split()) <= MAX_WORDS


def is_name_letter(character: str) -> bool:
    """Upper-case, or of a script that knows no case."""
    return character.isalpha() and not character.islower()
