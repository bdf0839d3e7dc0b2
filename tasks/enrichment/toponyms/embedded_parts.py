"""When words inside the name of an organisation are a place: how well known it is and where it stands."""

from collections.abc import Sequence
from typing import NamedTuple

from tasks.enrichment.gazetteer.lookup import TOWNS, Gazetteer, Place
from tasks.enrichment.gazetteer.place_names import key_of, name_key
from tasks.enrichment.reference import load_overrides, load_words

LARGE_KINDS = frozenset(["country", "admin1", "capital", "continent"])
LARGEST_KINDS = frozenset(["country", "admin1", "continent"])
# A town inside an organisation's name must be of some size: "Reading Company" is no company of Reading.
LEAST_PEOPLE = 20_000
# In the middle and at the end more: "Kay Parsons", "Federation Council" against "ABC Australia".
LEAST_PEOPLE_WITHIN = 500_000
SHORTEST = 4
SHORT_COUNTRIES = frozenset(["U.S.", "US", "UK", "U.K.", "EU", "UN", "USA", "UAE", "DRC", "NSW"])
# "Roman Catholic Church", "West Nile Virus"
NO_PLACES_BEFORE = frozenset(["catholic", "orthodox", "virus", "flu", "fever", "respiratory"])
# Whoever has these has them of a town or county, however small.
INSTITUTION_WORDS = """police sheriff fire city town township village county parish council municipal mayor parks
volunteer high middle elementary public school schools hospital airport library senior"""
INSTITUTIONS = frozenset(INSTITUTION_WORDS.split())


class Part(NamedTuple):
    """A place inside a name: where, as what, and whether the name alone is enough to say so."""

    start: int
    end: int
    label: str
    key: str
    is_sure: bool


class Setting(NamedTuple):
    """The words around a part: whether it opens the name or follows "of", and what comes after it."""

    is_first: bool
    is_joined: bool
    next_word: str


class Bearers(NamedTuple):
    """Whether a people has the name, and the places whose own name it is."""

    is_people: bool
    places: Sequence[Place]


def find_bearers(surface: str, gazetteer: Gazetteer) -> Bearers | None:
    """Who has the name inside another, if anybody."""
    if len(surface) < SHORTEST and surface not in SHORT_COUNTRIES:
        return None
    is_people = gazetteer.find_people(surface) is not None
    candidates = gazetteer.find_named(surface) if surface.startswith("St.") else gazetteer.find_key(key_of(surface))
    own = [place for place, rank in candidates if rank == 0]
    return Bearers(is_people, own) if is_people or own else None


def part_of(surface: str, start: int, setting: Setting, bearers: Bearers) -> Part | None:
    """The part, if the words name a place or people where they stand."""
    key = name_key(surface)
    is_barred = key in load_overrides("never") or key in load_overrides("not_embedded")
    if is_barred or setting.next_word in NO_PLACES_BEFORE:
        return None
    end = start + len(surface)
    if setting.is_joined and bearers.is_people:
        return Part(start, end, "NORP", key, True)
    if not bearers.places:
        return None
    return Part(start, end, "GPE", key, is_sure(key, bearers.places, setting))


def is_sure(key: str, own: Sequence[Place], setting: Setting) -> bool:
    """Whether a place that has the name is well known enough for where it stands in the other name."""
    if any(place.kind in TOWNS and place.prominence >= LEAST_PEOPLE_WITHIN for place in own):
        return True
    if not setting.is_joined:
        return any(place.kind in LARGEST_KINDS for place in own)
    if setting.is_first and setting.next_word in INSTITUTIONS:
        return True
    # "George Washington", "David Lawrence"
    is_given = setting.is_first and setting.next_word and key in load_words("given_name")
    least = 0 if " " in key and any(place.kind == "admin2" for place in own) else LEAST_PEOPLE
    return not is_given and any(place.kind in LARGE_KINDS or place.prominence >= least for place in own)
