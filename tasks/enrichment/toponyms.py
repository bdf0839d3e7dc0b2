"""Which stretches of a text name places: what the model marked, and what it marked otherwise or missed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.reasons import Role
from tasks.enrichment.gazetteer import Candidate, Gazetteer
from tasks.enrichment.place_names import name_key
from tasks.enrichment.reference import load_overrides
from tasks.enrichment.spans import Span

PLACE_LABELS = frozenset(["GPE", "LOC", "FAC"])
LARGE_KINDS = frozenset(["country", "admin1", "admin2", "capital", "continent"])
# A town inside an organisation's name must be of some size: "Reading Company" is no company of Reading.
LEAST_PEOPLE_EMBEDDED = 20_000
SHORTEST_EMBEDDED = 4
COMMA = re.compile(r",\s+")
# In "Florida Department of Health", "US District Court", "Ohio State University" the place ends before the word.
WORD_OF_ORGANISATION = re.compile(r" (?:Department|District|State|Division|Region|Area|National|International)$")
FIRST_WORDS = re.compile(r"\S+")
AFTER_OF = re.compile(r"\b(?:of|in|for) (?:the )?([A-Z][\w.]+(?: [A-Z][\w.]+){0,2})$")
SHORT_COUNTRIES = frozenset(["U.S.", "US", "UK", "U.K.", "EU", "UN"])


class Toponym(NamedTuple):
    """A stretch of text that names a place, and how it does."""

    start: int
    end: int
    surface: str
    label: str
    role: Role


def find_toponyms(text: str, entities: Sequence[Span], gazetteer: Gazetteer) -> list[Toponym]:
    """Every toponym of the text in order, none overlapping another."""
    found = [*marked_toponyms(text, entities), *embedded_toponyms(text, entities, gazetteer)]
    kept: list[Toponym] = []
    for toponym in sorted(found, key=lambda toponym: (toponym.start, toponym.role is Role.LITERAL, -toponym.end)):
        if not kept or toponym.start >= kept[-1].end:
            kept.append(toponym)
    return kept


def marked_toponyms(text: str, entities: Iterable[Span]) -> Iterator[Toponym]:
    """What is labelled a place or a people; "Paris, Texas" is two places."""
    for start, end, label in entities:
        if label == "NORP":
            yield Toponym(start, end, text[start:end], label, Role.DEMONYM)
        elif label in PLACE_LABELS:
            for part_start, part_end in split_at_commas(text, start, end):
                yield Toponym(part_start, part_end, text[part_start:part_end], label, Role.LITERAL)


def split_at_commas(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between commas."""
    for comma in COMMA.finditer(text, start, end):
        if comma.start() > start:
            yield start, comma.start()
        start = comma.end()
    if start < end:
        yield start, end


def embedded_toponyms(text: str, entities: Iterable[Span], gazetteer: Gazetteer) -> Iterator[Toponym]:
    """Places inside the names of organisations: "Alexandria Police", "French Navy", "Bank of England"."""
    for start, end, label in entities:
        # A hall, road or stadium that the gazetteer lacks may still name its town.
        if label == "ORG" or (label == "FAC" and not gazetteer.find_named(text[start:end])):
            name = text[start:end]
            yield from embedded_at_start(name, start, gazetteer)
            after_of = AFTER_OF.search(name)
            if after_of and may_be_embedded(after_of[1], gazetteer):
                yield Toponym(start + after_of.start(1), start + after_of.end(1), after_of[1], "GPE", Role.ORGANISATION)


def embedded_at_start(name: str, offset: int, gazetteer: Gazetteer) -> Iterator[Toponym]:
    """The longest beginning of one to three words that names a place, when more words follow."""
    words = list(FIRST_WORDS.finditer(name))
    for length in range(min(3, len(words) - 1), 0, -1):
        end = words[length - 1].end()
        beginning = re.sub(r"['\u2019]s$|[,;:]$", "", name[:end])
        if WORD_OF_ORGANISATION.search(beginning):
            continue
        if gazetteer.find_people(beginning):
            yield Toponym(offset, offset + len(beginning), beginning, "NORP", Role.ORGANISATION)
            return
        if may_be_embedded(beginning, gazetteer):
            yield Toponym(offset, offset + len(beginning), beginning, "GPE", Role.ORGANISATION)
            return


def may_be_embedded(words: str, gazetteer: Gazetteer) -> bool:
    """Whether words inside another name are a well-known place rather than words or a family name."""
    long_enough = len(words) >= SHORTEST_EMBEDDED or words in SHORT_COUNTRIES
    if not long_enough or not words[0].isupper():
        return False
    key = name_key(words)
    barred = key in load_overrides("never") or key in load_overrides("not_embedded")
    return not barred and is_well_known(gazetteer.find_named(words))


def is_well_known(candidates: Iterable[Candidate]) -> bool:
    """Whether one of the places has this for its own name and is large."""
    return any(
        rank == 0 and (place.kind in LARGE_KINDS or place.prominence >= LEAST_PEOPLE_EMBEDDED)
        for place, rank in candidates
    )
