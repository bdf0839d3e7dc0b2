"""Places inside other names: "Alexandria Police", "French Navy", "University of California, Los Angeles"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.reference import NAMES_KEPT, load_overrides
from tasks.enrichment.toponyms.embedded_parts import INSTITUTIONS, Part, Setting, find_bearers, part_of

# What may carry the name of a place; a person only as in "Henry County Sheriff", which no person is.
HOSTS = frozenset(["ORG", "EVENT", "FAC", "PERSON"])
LONGEST = 3
# "People's Republic of China"
LONGEST_WITH_OF = 5
# In "Florida Department of Health", "US District Court", "Ohio State University" the place ends before the word.
WORDS_OF_ORGANISATION = (
    *(" Department", " District", " State", " Division", " Region", " Area", " National", " International"),
)
WORD = re.compile(r"[^\s/-]+|-")
EDGE = re.compile(r"['\u2019]s$|[,;:)]+$")
EDGES = ("'s", "\u2019s", ",", ";", ":", ")")
JOINTS = frozenset(["of", "in", "for", "at", "near", "on"])
FIRST_HALVES = frozenset(
    ["St.", "St", "Saint", "San", "Santa", "New", "Los", "Las", "El", "La", "Mount", "Mt.", "Fort"]
)


@lru_cache(NAMES_KEPT)
def places_within(name: str, gazetteer: Gazetteer) -> tuple[Part, ...]:
    """The places inside a name, from left to right, each the longest; the whole name is none of them."""
    if name_key(name) in load_overrides("not_embedded"):
        return ()
    words = [word.span() for word in WORD.finditer(name)]
    parts: list[Part] = []
    first = 0
    while first < len(words):
        # "St. Patrick", "San Antonio", "New York" begin there or not at all.
        if first and name[slice(*words[first - 1])] in FIRST_HALVES:
            first += 1
            continue
        # "Wisconsin-Milwaukee" is two places; "Ebola-Reston" and "African-American" are none.
        follows_place = bool(parts) and name[parts[-1].end : words[first][0]] == "-"
        part, first = longest_part(name, words, first, follows_place, gazetteer)
        if part:
            parts.append(part)
    return tuple(parts)


def longest_part(
    name: str, words: Sequence[tuple[int, int]], first: int, follows_place: bool, gazetteer: Gazetteer
) -> tuple[Part | None, int]:
    """The longest place that begins with this word, if one does, and the word to go on with."""
    longest = LONGEST_WITH_OF if " of " in name else LONGEST
    for last in range(min(len(words), first + longest), first, -1):
        start, end = words[first][0], words[last - 1][1]
        surface = name[start:end]
        if surface.endswith(EDGES):
            surface = EDGE.sub("", surface)
        if (first, last) == (0, len(words)) or not surface[:1].isupper() or surface.endswith(WORDS_OF_ORGANISATION):
            continue
        # Most words name nothing, whatever surrounds them.
        bearers = find_bearers(surface, gazetteer)
        if bearers:
            setting = Setting(
                is_first=first == 0,
                is_joined=first == 0 or follows_place or is_joint(name, words, first),
                next_word=name[slice(*words[last])].lower() if last < len(words) else "",
            )
            part = part_of(surface, start, setting, bearers)
            if part:
                return part, last
    return None, first + 1


def is_joint(name: str, words: Sequence[tuple[int, int]], first: int) -> bool:
    """Whether the word before the one given ends in a comma or is "of", "in", "of the"."""
    before = [name[slice(*word)] for word in words[max(0, first - 2) : first]]
    if before[-1] == "the":
        before.pop()
    return bool(before) and (before[-1] in JOINTS or before[-1].endswith(","))


def find_embedded(name: str, label: str, gazetteer: Gazetteer) -> Sequence[Part]:
    """The places inside the name of an entity; those that are not sure only where the article has them elsewhere."""
    if label != "PERSON":
        return places_within(name, gazetteer)
    if INSTITUTIONS.isdisjoint(name.lower().split()):
        return ()
    first = places_within(name, gazetteer)[:1]
    return [part for part in first if part.start == 0 and next_word(name, part.end) in INSTITUTIONS]


def next_word(name: str, end: int) -> str:
    """The word behind a part of a name, in lower case."""
    return name[end + 1 :].split(" ", 1)[0].lower()
