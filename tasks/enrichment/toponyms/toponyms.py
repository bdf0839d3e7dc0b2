"""Which stretches of a text name places: what the model marked, and what it marked otherwise or missed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.reasons import Role
from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.recognition.spans import PLACE_LABELS, Span
from tasks.enrichment.toponyms.embedded_places import HOSTS, find_embedded, places_within

COMMA = re.compile(r",\s+")
# Diseases, churches and breeds that are called after places: "West Nile virus", "Spanish flu", "Roman Catholic".
NO_PLACE_BEFORE = re.compile(
    r"[ -](?:virus|flu|influenza|fever|encephalitis|measles|ha?emorrhagic|strain|disease|variant|respiratory|syndrome"
    r"|catholic|orthodox|shepherd|retriever|terrier|bulldog|mastiff|hound)s?\b",
    re.IGNORECASE,
)


class Toponym(NamedTuple):
    """A stretch of text that names a place, and how it does."""

    start: int
    end: int
    surface: str
    label: str
    role: Role


def find_toponyms(text: str, entities: Sequence[Span], gazetteer: Gazetteer) -> list[Toponym]:
    """Every toponym of the text in order, none overlapping another."""
    marked = list(marked_toponyms(text, entities, gazetteer))
    embedded = list(embedded_toponyms(text, entities, gazetteer))
    if not embedded:
        return marked
    found = [*marked, *embedded]
    kept: list[Toponym] = []
    for toponym in sorted(found, key=lambda toponym: (toponym.start, toponym.role is Role.LITERAL, -toponym.end)):
        if not kept or toponym.start >= kept[-1].end:
            kept.append(toponym)
    return kept


def marked_toponyms(text: str, entities: Iterable[Span], gazetteer: Gazetteer) -> Iterator[Toponym]:
    """What is labelled a place or a people; "Paris, Texas" is two places."""
    for start, end, label in entities:
        if (label != "NORP" and label not in PLACE_LABELS) or NO_PLACE_BEFORE.match(text, end):
            continue
        surface = text[start:end]
        if label == "NORP":
            for part_start, part_end in split_peoples(text, start, end, gazetteer):
                yield Toponym(part_start, part_end, text[part_start:part_end], label, Role.DEMONYM)
        elif "," in surface:
            for part_start, part_end in split_at_commas(text, start, end):
                yield from known_parts(text[part_start:part_end], part_start, label, gazetteer)
        else:
            yield from known_parts(surface, start, label, gazetteer)


def split_peoples(text: str, start: int, end: int, gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """The stretches between hyphens when the whole is no people: "Russian-American", "pan-African"."""
    surface = text[start:end]
    if "-" not in surface or gazetteer.find_people(surface):
        yield start, end
        return
    for part in surface.split("-"):
        if part[:1].isupper():
            yield start, start + len(part)
        start += len(part) + 1


def known_parts(surface: str, start: int, label: str, gazetteer: Gazetteer) -> Iterator[Toponym]:
    """The place itself; where no such place is known, the known ones inside it: "Salinas Valley"."""
    parts = () if gazetteer.find_named(surface) or label == "FAC" else places_within(surface, gazetteer)
    sure = [part for part in parts if part.is_sure]
    if not sure:
        yield Toponym(start, start + len(surface), surface, label, Role.LITERAL)
    for part in sure:
        role = Role.DEMONYM if part.label == "NORP" else Role.LITERAL
        yield Toponym(start + part.start, start + part.end, surface[part.start : part.end], part.label, role)


def split_at_commas(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between commas."""
    for comma in COMMA.finditer(text, start, end):
        if comma.start() > start:
            yield start, comma.start()
        start = comma.end()
    if start < end:
        yield start, end


def embedded_toponyms(text: str, entities: Sequence[Span], gazetteer: Gazetteer) -> Iterator[Toponym]:
    """Places inside the names of organisations: "Alexandria Police", "French Navy", "Bank of England"."""
    known: frozenset[str] | None = None
    for start, end, label in entities:
        if label not in HOSTS:
            continue
        name = text[start:end]
        # A hall, road or stadium that the gazetteer lacks may still name its town.
        if label != "FAC" or not gazetteer.find_named(name):
            for part in find_embedded(name, label, gazetteer):
                known = place_keys(text, entities) if known is None and not part.is_sure else known
                if part.is_sure or part.key in (known or ()):
                    surface = name[part.start : part.end]
                    yield Toponym(start + part.start, start + part.end, surface, part.label, Role.ORGANISATION)


def place_keys(text: str, entities: Iterable[Span]) -> frozenset[str]:
    """The keys of the places that are marked."""
    return frozenset(name_key(text[start:end]) for start, end, label in entities if label in PLACE_LABELS)
