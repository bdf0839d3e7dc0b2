"""The places that one name of an article may mean, with the evidence for each."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tasks.enrichment.gazetteer import Candidate, Place
from tasks.enrichment.reference import load_overrides
from tasks.enrichment.toponyms import Toponym
from tasks.enrichment.weights import (
    CONTAINER_SHARE,
    CONTAINMENT,
    DIVISION_OF_NAMESAKE_CITY,
    KIND,
    LOOSE_CONTAINMENT_SHARE,
    MOST_CANDIDATES,
    NAMESAKE_CITY_PEOPLE,
    NONE_OF_THESE,
    NONE_OF_THESE_TOWNS,
    OTHER_NAME,
    PREFERRED,
    PROMINENCE,
    SHARPNESS,
)

TOWNS = frozenset(["city", "capital"])
IN_FIRST_DIVISION = frozenset(["city", "capital", "admin2"])
STRICT_GAP = re.compile(r"\s*[,(]\s*")
LOOSE_GAP = re.compile(r"\s*(?:,|\(|, in|, the)\s*|\s+in\s+(?:the\s+)?|\s*,?\s*(?:a|the) \w+ (?:in|of) ")
LONGEST_GAP = 40


@dataclass(slots=True)
class Sense:
    """One place that a name may mean: what speaks for it by itself, in the neighbouring words, in the article."""

    place: Place
    prior: float
    containment: float = 0.0
    context: float = 0.0
    probability: float = 0.0

    @property
    def score(self) -> float:
        """All evidence together."""
        return self.prior + self.containment + self.context


@dataclass(slots=True)
class Name:
    """One name of an article: it means one place throughout."""

    senses: list[Sense]
    none_of_these: float = NONE_OF_THESE
    dormant: list[Sense] = field(default_factory=list)
    mention_count: int = 0

    def weigh(self) -> None:
        """Turns scores into probabilities."""
        scores = [sense.score for sense in self.senses]
        highest = max([*scores, self.none_of_these])
        powers = [math.exp(SHARPNESS * (score - highest)) for score in scores]
        total = sum(powers) + math.exp(SHARPNESS * (self.none_of_these - highest))
        for sense, power in zip(self.senses, powers, strict=True):
            sense.probability = power / total

    def best(self) -> Sense:
        """The most probable sense, the first of equals."""
        return max(self.senses, key=lambda sense: sense.probability)


def name_senses(key: str, candidates: Iterable[Candidate], *, is_town_unlikely: bool) -> Name:
    """The senses of the name filed as `key` with their priors: the best ones awake, the others for containment."""
    senses = [Sense(place, prior(place, rank)) for place, rank in candidates]
    cities = {
        sense.place.admin1_code
        for sense in senses
        if sense.place.kind in TOWNS and sense.place.prominence > NAMESAKE_CITY_PEOPLE
    }
    preferred = load_overrides("prefer").get(key)
    for sense in senses:
        if sense.place.kind == "admin1" and sense.place.admin1_code in cities:
            sense.prior += DIVISION_OF_NAMESAKE_CITY
        if preferred and sense.place.geonames_id == preferred:
            sense.prior += PREFERRED
    senses.sort(key=lambda sense: -sense.prior)
    none_of_these = NONE_OF_THESE_TOWNS if is_town_unlikely and senses[0].place.kind in TOWNS else NONE_OF_THESE
    return Name(senses[:MOST_CANDIDATES], none_of_these, senses[MOST_CANDIDATES:])


def prior(place: Place, rank: int) -> float:
    """What speaks for a place before the article is read."""
    return PROMINENCE * math.log10(place.prominence + 10) + OTHER_NAME * rank + KIND[place.kind]


def find_containment(text: str, toponyms: Sequence[Toponym], names: Sequence[Name]) -> None:
    """Where a place stands right before one that contains it, both senses gain: "Paris, Texas"."""
    for (inner, inner_name), (outer, outer_name) in zip(
        zip(toponyms, names, strict=True), zip(toponyms[1:], names[1:], strict=True), strict=False
    ):
        gap = text[inner.end : outer.start]
        if inner_name is outer_name or len(gap) > LONGEST_GAP or not LOOSE_GAP.fullmatch(gap):
            continue
        pair = best_containment(inner_name, outer_name)
        if pair:
            bonus = CONTAINMENT * (1.0 if STRICT_GAP.fullmatch(gap) else LOOSE_CONTAINMENT_SHARE)
            inside, container = pair
            if not any(sense is inside for sense in inner_name.senses):
                inner_name.senses.append(inside)
            inside.containment = max(inside.containment, bonus)
            container.containment = max(container.containment, bonus * CONTAINER_SHARE)


def best_containment(inner: Name, outer: Name) -> tuple[Sense, Sense] | None:
    """The most likely pair of senses of which the second contains the first."""
    pairs = [
        (inside, container)
        for container in outer.senses
        if container.place.kind in ("country", "admin1", "admin2")
        for inside in [*inner.senses, *inner.dormant]
        if contains(container.place, inside.place)
    ]
    return max(pairs, key=lambda pair: pair[0].prior + pair[1].prior, default=None)


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
