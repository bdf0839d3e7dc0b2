"""Places that the model marked as something else or not at all: "Rolling Meadows man", "HUME - Principal"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tasks.enrichment.gazetteer.lookup import Gazetteer, Place
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.reference import load_words
from tasks.enrichment.toponyms.grown_places import grow_places
from tasks.enrichment.toponyms.place_evidence import Signs, signs_evidence
from tasks.enrichment.toponyms.place_lists import is_beside, positions_in_lists
from tasks.enrichment.toponyms.place_weights import LEAST_EVIDENCE, LOWER_CASE_ELSEWHERE
from tasks.enrichment.toponyms.possible_places import Name, find_names

KNOWN_PLACES = frozenset(["GPE", "LOC"])
# Of lists in which the model saw one place only; few are longer.
MOST_ROUNDS = 8
CONTAINER_AFTER = re.compile(r"(?:, | \()([A-Z][\w.]*(?: [A-Z][\w.]*)?)")


@dataclass(slots=True)
class KnownNames:
    """What the entities of an article say about names: places with their ends, words of people's names."""

    places: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    starts: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def add_end_points(self, start: int, end: int) -> None:
        """Takes in where a place stands."""
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
    if not places:
        return merged
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
    open_names = list(find_names(text, entities, gazetteer))
    if not open_names:
        return []
    known = known_names(text, entities)
    listed = positions_in_lists(text)
    found: list[Name] = []
    judged = open_names
    # What is found in one round speaks for its neighbours and repeats in the next.
    for _ in range(MOST_ROUNDS):
        taken = [name for name in judged if is_place(text, name, known, listed, gazetteer)]
        if not taken:
            break
        for name in taken:
            known.found.add(name.key)
            known.add_end_points(name.start, name.end)
        found += taken
        open_names = [name for name in open_names if name not in taken]
        judged = [name for name in open_names if may_change(text, name, known)]
    return sorted(Span(name.start, name.end, "GPE") for name in found)


def known_names(text: str, entities: Iterable[Span]) -> KnownNames:
    """What is known before anything is found."""
    known = KnownNames()
    for start, end, label in entities:
        if label in KNOWN_PLACES:
            known.places.add(name_key(text[start:end]))
            known.add_end_points(start, end)
        elif label == "PERSON" and " " in (key := name_key(text[start:end])):
            first, *_, last = key.split(" ")
            known.people.update((first, last))
    return known


def is_place(text: str, name: Name, known: KnownNames, listed: frozenset[int], gazetteer: Gazetteer) -> bool:
    """Whether all the evidence suffices; a name that the model marked needs some from outside."""
    signs = Signs(
        is_place_elsewhere=name.key in known.places,
        is_found_elsewhere=name.key in known.found,
        is_person_elsewhere=name.key in known.people,
        is_given_name=name.label == "PERSON" and may_be_given(name.key),
        is_in_list=is_beside(text, name.start, name.end, (known.starts, known.ends)),
        is_inside_next=is_inside_next(text, name, gazetteer),
        is_of_listed_kind=name.start in listed,
    )
    outside = name.evidence_around + signs_evidence(signs)
    evidence = name.own_evidence + outside
    if evidence < LEAST_EVIDENCE or (name.label and outside <= 0.0):
        return False
    return evidence + LOWER_CASE_ELSEWHERE >= LEAST_EVIDENCE or f" {name.surface.lower()}" not in text


def may_change(text: str, name: Name, known: KnownNames) -> bool:
    """Whether what was found is of that name or stands beside it."""
    return name.key in known.found or is_beside(text, name.start, name.end, (known.starts, known.ends))


def may_be_given(key: str) -> bool:
    """Whether it is a given name, also one that places share: "Jordan", "Georgia"."""
    return key in load_words("given_name") or key in load_words("also_person")


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
