"""Places that the model marked as something else or not at all: "Rolling Meadows man", "HUME - Principal"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from tasks.enrichment.gazetteer import NAMES_KEPT, Candidate, Gazetteer, Place
from tasks.enrichment.grown_places import grow_places, grown
from tasks.enrichment.place_evidence import (
    DATELINE,
    LEAST_EVIDENCE,
    LOWER_CASE_ELSEWHERE,
    SAINTS_OWN,
    Signs,
    is_dateline,
    name_evidence,
    signs_evidence,
    words_evidence,
)
from tasks.enrichment.place_names import key_of, name_key
from tasks.enrichment.reference import load_overrides, load_words
from tasks.enrichment.spans import Span
from tasks.enrichment.teams import is_sport

KNOWN_PLACES = frozenset(["GPE", "LOC"])
NO_PLACES = frozenset(["NORP", "GPE", "LOC", "LANGUAGE"])
LONGEST_NAME = 3
# Words with capitals, also "St." and "O'Leary"; "of" may join them.
RUN = re.compile(r"[A-Z][\w.'\u2019]*(?:[ -](?:of (?:the )?|de |la )?[A-Z][\w.'\u2019]*)*")
WORD = re.compile(r"[A-Z][^\s-]*")
WORD_END = re.compile(r"(?:['\u2019]s?|(?<!\b[A-Z])(?<!\bSt)\.)$")
LIST_GAP_BEFORE = re.compile(r"(?:,|,? and|,? or| \(|/) ?$")
LIST_GAP_AFTER = re.compile(r"(?:,| and|, and| or|, or) ")
CONTAINER_AFTER = re.compile(r"(?:, | \()([A-Z][\w.]*(?: [A-Z][\w.]*)?)")
KINDS_OF_LIST = ("counties", "parishes", "districts", "provinces", "townships")
LIST_BEFORE_KIND = re.compile(
    r"((?:[A-Z]\w+(?: [A-Z]\w+)?, )*[A-Z]\w+(?: [A-Z]\w+)?,? (?:and|or) [A-Z]\w+(?: [A-Z]\w+)?) $"
)
LONGEST_LIST = 200
# " of ", ", " between two entities.
SHORTEST_GAP = 4
SAINTS = ("st. ", "st ", "saint ")
POSSESSIVE = re.compile(r"['\u2019]s")


class Name(NamedTuple):
    """A name that may be a place: where it stands, what the model said, which places bear it.

    Its evidence comes from the name itself and from the words around it.
    """

    start: int
    end: int
    label: str
    surface: str
    key: str
    candidates: tuple[Candidate, ...]
    own_evidence: float
    evidence_around: float = 0.0


@dataclass(slots=True)
class KnownNames:
    """What the entities of an article say about names: places with their ends, words of people's names."""

    places: set[str] = field(default_factory=set)
    starts: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def add_place(self, start: int, end: int, key: str) -> None:
        """Takes in one place."""
        self.places.add(key)
        self.starts.add(start)
        self.ends.add(end)


def recover_places(text: str, entities: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The entities with the missed places as GPE and with names grown whole, which take the stead of others; in order.

    `entities` are in order and do not overlap, nor does what is returned.
    """
    with_grown = put_in(entities, grow_places(text, entities, gazetteer))
    return put_in(with_grown, find_missed_places(text, with_grown, gazetteer))


def put_in(entities: Sequence[Span], places: Sequence[Span]) -> list[Span]:
    """The entities with the places, the first of overlapping ones, in the stead of what they overlap; in order."""
    merged = list(entities)
    starts = [entity.start for entity in entities]
    apart = [place for index, place in enumerate(places) if index == 0 or place.start >= places[index - 1].end]
    # From the end, so that the positions of what comes before stay as they are.
    for place in reversed(apart):
        first = bisect_right(starts, place.start)
        if first and entities[first - 1].end > place.start:
            first -= 1
        merged[first : bisect_left(starts, place.end)] = [place]
    return merged


def find_missed_places(text: str, entities: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The missed places as GPE spans, in order; `entities` are in order and do not overlap."""
    known = known_names(text, entities)
    listed = positions_in_lists(text)
    open_names = list(find_names(text, entities, gazetteer))
    found: list[Name] = []
    # What is found in the first round speaks for its neighbours and repeats in the second.
    for _ in range(2):
        taken = [name for name in open_names if is_place(text, name, known, listed, gazetteer)]
        for name in taken:
            known.add_place(name.start, name.end, name.key)
        found += taken
        open_names = [name for name in open_names if name not in taken]
        if not taken:
            break
    return sorted(Span(name.start, name.end, "GPE") for name in found)


def known_names(text: str, entities: Iterable[Span]) -> KnownNames:
    """What is known before anything is found."""
    known = KnownNames()
    for start, end, label in entities:
        if label in KNOWN_PLACES:
            known.add_place(start, end, name_key(text[start:end]))
        elif label == "PERSON" and " " in (key := name_key(text[start:end])):
            known.people.update((key.split(" ", 1)[0], key.rsplit(" ", 1)[1]))
    return known


def find_names(text: str, entities: Sequence[Span], gazetteer: Gazetteer) -> Iterator[Name]:
    """The names of gazetteer places among the other entities and in the text between all entities."""
    position = 0
    # A club is no place.
    no_places = NO_PLACES | {"ORG"} if is_sport(text) else NO_PLACES
    for start, end, label in [*entities, Span(len(text), len(text), "GPE")]:
        if start - position > SHORTEST_GAP:
            for run in RUN.finditer(text, position, start):
                for known in names_of_run(run[0], gazetteer):
                    yield one_name(text, run.start(), known)
        position = max(position, end)
        if label not in no_places:
            # Names of two words and more are seldom cut short.
            is_short = " " not in text[start:end]
            first, last = grown(text, start, end, label, gazetteer) if is_short else (start, end)
            for known in whole_name(text[first:last], label, gazetteer):
                yield one_name(text, first, known)


@lru_cache(NAMES_KEPT)
def names_of_run(run: str, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """The longest known names among capitalised words, from left to right; positions count from the first word."""
    words = [word.span() for word in WORD.finditer(run)]
    names: list[Name] = []
    first = 0
    while first < len(words):
        for last in range(min(len(words), first + LONGEST_NAME), first, -1):
            start = words[first][0]
            surface = WORD_END.sub("", run[start : words[last - 1][1]])
            candidates = gazetteer.find_key(key_of(surface)) if len(surface) > 1 else ()
            if candidates:
                names.extend(known_name(surface, start, "", candidates))
                first = last - 1
                break
        first += 1
    return tuple(names)


@lru_cache(NAMES_KEPT)
def whole_name(surface: str, label: str, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """The surface itself, if it names a place."""
    return tuple(known_name(surface, 0, label, gazetteer.find_named(surface)))


def known_name(surface: str, start: int, label: str, candidates: tuple[Candidate, ...]) -> Iterator[Name]:
    """The name with the evidence that it brings along, if it may be a place at all."""
    key = name_key(surface)
    barred = (
        key in load_overrides("never") or key in load_overrides("not_recovered") or key in load_words("organisation")
    )
    # Buildings are what the model calls organisations with good reason: the White House, the Pentagon.
    is_building = bool(candidates) and candidates[0].place.feature_class == "S" and label != "PERSON"
    if candidates and not is_building and not barred:
        evidence = name_evidence(surface, label, candidates)
        yield Name(start, start + len(surface), label, surface, key, candidates, evidence)


def one_name(text: str, offset: int, known: Name) -> Name:
    """The name at its place in the text, with the evidence of the words around it."""
    start, end = known.start + offset, known.end + offset
    evidence = words_evidence(text, start, end) + DATELINE * is_dateline(text, start, end)
    if known.key.startswith(SAINTS) and POSSESSIVE.match(text, end):
        evidence += SAINTS_OWN
    return known._replace(start=start, end=end, evidence_around=evidence)


def is_place(text: str, name: Name, known: KnownNames, listed: frozenset[int], gazetteer: Gazetteer) -> bool:
    """Whether all the evidence suffices; a name that the model marked needs some from outside."""
    signs = Signs(
        is_place_elsewhere=name.key in known.places,
        is_person_elsewhere=name.key in known.people,
        is_given_name=name.label == "PERSON" and may_be_given(name.key),
        is_in_list=is_in_list(text, name, known),
        is_inside_next=is_inside_next(text, name, gazetteer),
        is_of_listed_kind=name.start in listed,
    )
    outside = name.evidence_around + signs_evidence(signs)
    evidence = name.own_evidence + outside
    if evidence < LEAST_EVIDENCE or (name.label and outside <= 0.0):
        return False
    return evidence + LOWER_CASE_ELSEWHERE >= LEAST_EVIDENCE or f" {name.surface.lower()}" not in text


def may_be_given(key: str) -> bool:
    """Whether it is a given name, also one that places share: "Jordan", "Georgia"."""
    return key in load_words("given_name") or key in load_words("also_person")


def is_in_list(text: str, name: Name, known: KnownNames) -> bool:
    """Whether a place stands beside it with a comma, an "and", a bracket between."""
    before = LIST_GAP_BEFORE.search(text, max(0, name.start - 6), name.start)
    if before and before.start() in known.ends:
        return True
    after = LIST_GAP_AFTER.match(text, name.end)
    return bool(after and after.end() in known.starts)


def is_inside_next(text: str, name: Name, gazetteer: Gazetteer) -> bool:
    """Whether what follows after a comma contains one of its places: "Sioux Falls, S.D."."""
    after = CONTAINER_AFTER.match(text, name.end)
    if not after:
        return False
    containers = [place for place, _ in gazetteer.find_named(after[1]) if place.kind in ("country", "admin1")]
    return any(lies_in(place, container) for container in containers for place, _ in name.candidates)


def lies_in(place: Place, container: Place) -> bool:
    """Whether the place lies in a country or first-level division."""
    if container.kind == "country":
        return place.country_code == container.country_code and place.kind != "country"
    return place.admin1_code == container.admin1_code and place.kind != "admin1"


def positions_in_lists(text: str) -> frozenset[int]:
    """Where the names of lists begin that say their kind: "Becker, Clay and Wilkin counties"."""
    starts: set[int] = set()
    for kind in KINDS_OF_LIST:
        position = text.find(f" {kind}")
        while position >= 0:
            names = LIST_BEFORE_KIND.search(text, max(0, position - LONGEST_LIST), position + 1)
            if names:
                starts.update(word.start() for word in WORD.finditer(text, *names.span(1)))
            position = text.find(f" {kind}", position + 1)
    return frozenset(starts)
