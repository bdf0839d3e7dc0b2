"""Names in a text that some place bears and that the model did not mark as places, each with its own evidence."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tasks.enrichment.gazetteer.lookup import Candidate, Gazetteer
from tasks.enrichment.gazetteer.place_names import key_of, name_key
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.recognition.teams import is_sport
from tasks.enrichment.reference import NAMES_KEPT, load_overrides, load_words
from tasks.enrichment.toponyms.grown_places import grown
from tasks.enrichment.toponyms.place_evidence import is_dateline, name_evidence, words_evidence
from tasks.enrichment.toponyms.place_weights import DATELINE, SAINTS_OWN

NO_PLACES = frozenset(["NORP", "GPE", "LOC", "LANGUAGE"])
LONGEST_NAME = 3
# Words with capitals, also "St." and "O'Leary"; "of" may join them.
RUN = re.compile(r"[A-Z][\w.'\u2019]*(?:[ -](?:of (?:the )?|de |la )?[A-Z][\w.'\u2019]*)*")
WORD = re.compile(r"[A-Z][^\s-]*")
WORD_END = re.compile(r"(?:['\u2019]s?|(?<!\b[A-Z])(?<!\bSt)\.)$")
WORD_ENDS = (".", "'", "\u2019", "'s", "\u2019s")
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
            surface = run[start : words[last - 1][1]]
            if surface.endswith(WORD_ENDS):
                surface = WORD_END.sub("", surface)
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
    # `_replace` costs as much as the evidence.
    return Name(start, end, *known[2:-1], evidence)
