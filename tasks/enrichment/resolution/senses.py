"""The places that one name may mean, as columns of numbers, the likeliest before reading first."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import count
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from tasks.enrichment.gazetteer.lookup import Candidate, Gazetteer, Place
from tasks.enrichment.gazetteer.place_names import name_key, without_article
from tasks.enrichment.reference import NAMES_KEPT, load_overrides, load_rows
from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.priors import CONTAINERS, IN_FIRST_DIVISION, contains, prior, said

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

COUNTRY, STATE, COUNTY, TOWN, REGION, CONTINENT, FEATURE = range(1, 8)
LEVEL_OF_KIND = {
    "country": COUNTRY,
    "admin1": STATE,
    "admin2": COUNTY,
    "city": TOWN,
    "capital": TOWN,
    "region": REGION,
    "continent": CONTINENT,
    "feature": FEATURE,
}
LEVEL_COUNT = FEATURE + 1
CONTAINER_LEVELS = (COUNTRY, STATE, COUNTY)
CODE_NUMBERS: dict[tuple[str, str | None], int] = {}
NEXT_NUMBER = count()
NO_KINDS: frozenset[str] = frozenset()
# Entries for one city differ by a few kilometres.
SAME_SPOT_COSINE = math.cos(25 / 6371)


@dataclass(frozen=True, slots=True, eq=False)
class Senses:
    """The places a name may mean, the likeliest before reading first, and a column of figures and codes for each."""

    places: tuple[Place, ...]
    # Rows: the score, what of it local news does not heed, 1.0 for a town, for what has a division, for what has a
    # country, and its vector (three rows).
    figures: Numbers = field(repr=False)
    # Rows: the division, the country, the level, as numbers.
    codes: Codes = field(repr=False)
    # 1.0 where two entries are one spot; None when no two are.
    same_spot: Numbers | None = field(repr=False)
    # What two spellings of one name have in common: the places they may mean.
    key: frozenset[int]

    @property
    def score(self) -> Numbers:
        """What speaks for each place before the article is read."""
        score: Numbers = self.figures[0]
        return score

    @property
    def levels(self) -> Codes:
        """Whether each is a country, a state, a town: see LEVEL_OF_KIND."""
        levels: Codes = self.codes[2]
        return levels


@lru_cache(NAMES_KEPT)
def load_senses(gazetteer: Gazetteer, surface: str, said_kinds: frozenset[str] = NO_KINDS) -> Senses:
    """The senses of a name beside which the text says these kinds of place."""
    key = name_key(without_article(surface))
    preferred = load_overrides("prefer").get(key)
    return weigh_candidates(gazetteer.find_named(surface), said_kinds, preferred, load_standalone_cities().get(key))


def weigh_candidates(
    candidates: Iterable[Candidate],
    said_kinds: frozenset[str] = NO_KINDS,
    preferred: int | None = None,
    standalone: int | None = None,
) -> Senses:
    """The candidates with their priors; the last two are GeoNames ids that reference tables give the name."""
    ranked = list(candidates)
    namesakes = [place for place, _ in ranked]
    scored = []
    for place, rank in ranked:
        size = math.log10(place.prominence + 10)
        score = prior(place, rank, size) + said(place, namesakes, said_kinds)
        written_alone = weights.STANDALONE * is_entry(place, standalone)
        score += weights.PREFERRED * is_entry(place, preferred) + written_alone
        scored.append((score, weights.FAME_IN_LOCAL_NEWS * size + written_alone, place))
    scored.sort(key=lambda one: (-one[0], one[2].place_id))
    return as_columns(scored[: weights.MOST_CANDIDATES])


@cache
def load_standalone_cities() -> Mapping[str, int]:
    """The cities that news agencies write without a state or country: name key and GeoNames id."""
    return MappingProxyType({row["name"]: int(row["geonames_id"]) for row in load_rows("standalone_cities")})


def as_columns(scored: Sequence[tuple[float, float, Place]]) -> Senses:
    """Scores, fames and places as columns."""
    places = tuple(place for _, _, place in scored)
    return Senses(
        places=places,
        figures=np.array([figures_of(*one) for one in scored]).T.copy(),
        codes=np.array(
            [
                [code_number("division", place.admin1_code) for place in places],
                [code_number("country", place.country_code) for place in places],
                [LEVEL_OF_KIND[place.kind] for place in places],
            ]
        ),
        same_spot=same_spots(places),
        key=frozenset(place.place_id for place in places),
    )


def figures_of(score: float, fame: float, place: Place) -> tuple[float, ...]:
    """The figures of one place, as Senses has them below one another."""
    is_town = place.kind in IN_FIRST_DIVISION
    return score, fame, is_town, bool(place.admin1_code), bool(place.country_code), *place.vector


def is_entry(place: Place, geonames_id: int | None) -> bool:
    """Whether the place is the entry that a reference table names, if it names any."""
    return geonames_id is not None and place.geonames_id == geonames_id


@cache
def code_number(kind: str, code: str | None) -> int:
    """A small number for the code of a "division" or "country", or for having none, as long as the process lives."""
    # Two threads may ask for one code at once: setdefault gives both the same number.
    return CODE_NUMBERS.setdefault((kind, code), next(NEXT_NUMBER))


def same_spots(places: Sequence[Place]) -> Numbers | None:
    """1.0 where two entries of one name are one spot: the same, one inside the other, or close together."""
    if len(places) == 1:
        return None
    vectors = np.array([place.vector for place in places])
    # Each is its own spot too: the cosine of no angle is 1.
    spots = vectors @ vectors.T > SAME_SPOT_COSINE
    for row, place in enumerate(places):
        if place.kind in CONTAINERS:
            for column, other in enumerate(places):
                if contains(place, other):
                    spots[row, column] = spots[column, row] = True
    return spots.astype(np.float64) if np.count_nonzero(spots) > len(places) else None
