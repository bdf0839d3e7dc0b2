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
    NAMESAKE_CITY_SHARE,
    NONE_OF_THESE,
    NONE_OF_THESE_TOWNS,
    OTHER_NAME,
    PREFERRED,
    PROMINENCE,
    SAID_KIND,
    SHARPNESS,
)

TOWNS = frozenset(["city", "capital"])
IN_FIRST_DIVISION = frozenset(["city", "capital", "admin2"])
STRICT_GAP = re.compile(r"\s*[,(]\s*")
LOOSE_GAP = re.compile(r"\s*(?:,|\(|, in|, the)\s*|\s+in\s+(?:the\s+)?|\s*,?\s*(?:a|the) \w+ (?:in|of) ")
LONGEST_GAP = 40
DIVISIONS = frozenset(["admin1", "admin2"])
DIVISION_WORDS = "state|province|region|oblast|county|district|prefecture|governorate|voivodeship|raion"
DIVISION_WORD = re.compile(rf" (?:{DIVISION_WORDS})$", re.IGNORECASE)
DIVISION_WORD_AFTER = re.compile(rf"[\s-]+(?:{DIVISION_WORDS})\b")
DIVISION_WORD_BEFORE = re.compile(rf"\b(?:{DIVISION_WORDS}) of (?:the )?$", re.IGNORECASE)
TOWN_WORD_BEFORE = re.compile(r"\b(?:city|town|village|port|capital) (?:of )?(?:the )?$", re.IGNORECASE)
WORD_WINDOW = 20
# Entries for one city differ by a few kilometres.
SAME_SPOT_COSINE = math.cos(25 / 6371)
MOST_NAMESAKES = 6


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

    def best_with_namesakes(self) -> tuple[Sense, float]:
        """The most probable place when entries for one spot count together, and their sum: city and county of Cork."""
        likely = sorted(self.senses, key=lambda sense: -sense.probability)[:MOST_NAMESAKES]
        sums = [
            sum(other.probability for other in self.senses if is_same_spot(sense.place, other.place))
            for sense in likely
        ]
        best = max(range(len(likely)), key=lambda index: (sums[index], likely[index].probability))
        together = [sense for sense in likely if is_same_spot(likely[best].place, sense.place)]
        return together[0], sums[best]


def name_senses(key: str, candidates: Iterable[Candidate], *, said_kinds: frozenset[str], is_building: bool) -> Name:
    """The senses of the name filed as `key` with their priors: the best ones awake, the others for containment.

    `said_kinds` are the kinds that the words around it say; `is_building` that the model took it for no town.
    """
    senses = [Sense(place, prior(place, rank)) for place, rank in candidates]
    preferred = load_overrides("prefer").get(key)
    for sense in senses:
        if sense.place.kind in said_kinds:
            sense.prior += SAID_KIND
        elif has_namesake_city(sense.place, senses):
            sense.prior += DIVISION_OF_NAMESAKE_CITY
        if preferred and sense.place.geonames_id == preferred:
            sense.prior += PREFERRED
    senses.sort(key=lambda sense: -sense.prior)
    none_of_these = NONE_OF_THESE_TOWNS if is_building and senses[0].place.kind in TOWNS else NONE_OF_THESE
    return Name(senses[:MOST_CANDIDATES], none_of_these, senses[MOST_CANDIDATES:])


def has_namesake_city(division: Place, senses: Iterable[Sense]) -> bool:
    """Whether a city inside the division, of some weight there, has the same name."""
    least = min(NAMESAKE_CITY_PEOPLE, NAMESAKE_CITY_SHARE * division.prominence)
    return division.kind in DIVISIONS and any(
        sense.place.kind in TOWNS and sense.place.prominence >= least and contains(division, sense.place)
        for sense in senses
    )


def said_kinds(text: str, toponym: Toponym) -> frozenset[str]:
    """The kinds of place that words in or beside the toponym say: "Odesa region", "city of Odesa"."""
    after = text[toponym.end : toponym.end + WORD_WINDOW]
    if DIVISION_WORD.search(toponym.surface) or DIVISION_WORD_AFTER.match(after):
        return DIVISIONS
    before = text[max(0, toponym.start - WORD_WINDOW) : toponym.start]
    if TOWN_WORD_BEFORE.search(before):
        return TOWNS
    return DIVISIONS if DIVISION_WORD_BEFORE.search(before) else frozenset()


def prior(place: Place, rank: int) -> float:
    """What speaks for a place before the article is read."""
    return PROMINENCE * math.log10(place.prominence + 10) + OTHER_NAME * rank + KIND[place.kind]


def is_same_spot(place: Place, other: Place) -> bool:
    """Whether two entries of one name are one spot: the same, one inside the other, or close together."""
    if place is other or contains(place, other) or contains(other, place):
        return True
    cosine = sum(a * b for a, b in zip(place.vector, other.vector, strict=True))
    return cosine > SAME_SPOT_COSINE


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
