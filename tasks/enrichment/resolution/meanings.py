"""What the words of a toponym may mean: places, a people's place, or nothing."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tasks.enrichment.gazetteer.lookup import Candidate, Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key, without_article
from tasks.enrichment.reference import NAMES_KEPT, load_overrides
from tasks.enrichment.resolution.senses import NO_KINDS, Senses, load_senses, weigh_candidates
from tasks.enrichment.resolution.wording import said_kinds
from tasks.enrichment.toponyms.toponyms import Toponym

LARGE_TOWN_PEOPLE = 100_000
KINDS_A_PEOPLE_MAY_NAME = frozenset(["country", "region", "continent", "admin1", "capital"])


class Mention(NamedTuple):
    """A toponym that may mean something: its senses, the kinds that words beside it say, whether it names a people."""

    toponym: Toponym
    senses: Senses
    kinds: frozenset[str]
    is_people: bool


def read_mention(text: str, toponym: Toponym, gazetteer: Gazetteer) -> Mention | None:
    """The toponym with its senses, if it has any."""
    senses, is_people = read_surface(gazetteer, toponym.surface, toponym.label == "NORP")
    if senses is None:
        return None
    kinds = NO_KINDS if is_people else said_kinds(text, toponym.start, toponym.end, toponym.surface)
    return Mention(toponym, load_senses(gazetteer, toponym.surface, kinds) if kinds else senses, kinds, is_people)


@lru_cache(NAMES_KEPT)
def read_surface(gazetteer: Gazetteer, surface: str, is_marked_people: bool) -> tuple[Senses | None, bool]:
    """The senses of a surface, if it can name a place, and whether it does so through its people."""
    named = gazetteer.find_named(surface)
    may_be_people = is_marked_people or not is_large(named)
    people = gazetteer.find_people(surface) if may_be_people else None
    if people:
        return weigh_candidates([Candidate(people, 0)]), True
    if is_barred(surface) or not named or (is_marked_people and not is_large(named)):
        return None, False
    return load_senses(gazetteer, surface), False


def is_large(candidates: Iterable[Candidate]) -> bool:
    """Whether a people's name may be the name of one of the places: that of something large."""
    return any(place.kind in KINDS_A_PEOPLE_MAY_NAME or place.prominence > LARGE_TOWN_PEOPLE for place, _ in candidates)


@lru_cache(NAMES_KEPT)
def is_barred(surface: str) -> bool:
    """Whether overrides.csv says that this is no place by itself: "the West"."""
    return name_key(without_article(surface)) in load_overrides("never")
