"""What speaks for a place before the article is read: its size, its kind, how its name matches, what is said of it."""

import math
from collections.abc import Iterable

from tasks.enrichment.gazetteer.lookup import TOWNS, Place
from tasks.enrichment.resolution import weights

DIVISIONS = frozenset(["admin1", "admin2"])
CONTAINERS = DIVISIONS | {"country"}
IN_FIRST_DIVISION = frozenset(["city", "capital", "admin2"])
# How far a city may lie from the middle of the division that surrounds it.
BESIDE_COSINE = math.cos(100 / 6371)


def prior(place: Place, rank: int, size: float) -> float:
    """What speaks for a place of this size, a logarithm, before the article is read."""
    return weights.PROMINENCE * size + weights.KIND[place.kind] + weights.NAME_RANK[rank]


def said(place: Place, namesakes: Iterable[Place], said_kinds: frozenset[str]) -> float:
    """What the kind of place that the words say adds, or takes from a division named like its city."""
    if said_kinds and place.kind in said_kinds:
        return weights.SAID_COUNTRY if place.kind == "country" else weights.SAID_KIND
    return weights.DIVISION_OF_NAMESAKE_CITY if has_namesake_city(place, namesakes) else 0.0


def has_namesake_city(division: Place, places: Iterable[Place]) -> bool:
    """Whether a city in or beside the division, of some weight there, has the same name."""
    if division.kind not in DIVISIONS:
        return False
    least = min(weights.NAMESAKE_CITY_PEOPLE, weights.NAMESAKE_CITY_SHARE * division.prominence)
    return any(
        place.kind in TOWNS and place.prominence >= least and is_in_or_beside(division, place) for place in places
    )


def is_in_or_beside(division: Place, town: Place) -> bool:
    """Whether a town lies in a division or, as Moscow beside Moscow Oblast, is a division of its own within it."""
    return contains(division, town) or cosine(division, town) > BESIDE_COSINE


def cosine(place: Place, other: Place) -> float:
    """The cosine of the angle between two places."""
    return sum(a * b for a, b in zip(place.vector, other.vector, strict=True))


def contains(outer: Place, inner: Place) -> bool:
    """Whether the first place is a country or division that the second lies in."""
    match outer.kind:
        case "country":
            return inner.country_code == outer.country_code and inner.kind != "country"
        case "admin1":
            return inner.admin1_code == outer.admin1_code is not None and inner.kind in IN_FIRST_DIVISION
        case "admin2":
            return inner.admin2_code == outer.admin2_code is not None and inner.kind in TOWNS
    return False
