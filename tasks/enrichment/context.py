"""What the other places of an article say about one: same country, same division, close by."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from tasks.enrichment.gazetteer import Place
from tasks.enrichment.senses import IN_FIRST_DIVISION, Name
from tasks.enrichment.weights import (
    MOST_NEIGHBOURS,
    PROXIMITY,
    PROXIMITY_KM,
    ROUNDS,
    SAME_COUNTRY,
    SAME_DIVISION,
)

EARTH_RADIUS_KM = 6371.0
# Beyond five times PROXIMITY_KM a neighbour adds less than 0.7 % of its weight.
FARTHEST_COSINE = math.cos(5 * PROXIMITY_KM / EARTH_RADIUS_KM)


def weigh_context(names: Sequence[Name], countries_of_people: Mapping[str, float]) -> None:
    """Lets the names speak for one another, some rounds: each round believes what the last one found likely."""
    if len(names) + len(countries_of_people) < 2:
        return
    for _ in range(ROUNDS):
        weigh_round(names, countries_of_people)


def weigh_round(names: Sequence[Name], countries_of_people: Mapping[str, float]) -> None:
    """One round: shares of countries and divisions from all names but the one in question."""
    weights = [1 + math.log(name.mention_count) for name in names]
    shares = [name_shares(name, weight) for name, weight in zip(names, weights, strict=True)]
    countries: Counter[str] = Counter(countries_of_people)
    divisions: Counter[str] = Counter()
    for own_countries, own_divisions in shares:
        countries.update(own_countries)
        divisions.update(own_divisions)
    total = sum(weights) + 0.5 * len(countries_of_people)
    towns = [likely_town(name) for name in names]
    for index, name in enumerate(names):
        own_countries, own_divisions = shares[index]
        others = total - weights[index] + 1.0
        for sense in name.senses:
            place = sense.place
            context = 0.0
            if place.country_code:
                context += SAME_COUNTRY * (countries[place.country_code] - own_countries[place.country_code]) / others
            if place.admin1_code:
                context += SAME_DIVISION * (divisions[place.admin1_code] - own_divisions[place.admin1_code]) / others
            if place.kind in IN_FIRST_DIVISION:
                context += PROXIMITY * nearness(place, towns, index)
            sense.context = context
    for name in names:
        name.weigh()


def name_shares(name: Name, weight: float) -> tuple[Counter[str], Counter[str]]:
    """How much the name speaks for each country and for each first-level division."""
    countries: Counter[str] = Counter()
    divisions: Counter[str] = Counter()
    for sense in name.senses:
        if sense.place.country_code:
            countries[sense.place.country_code] += sense.probability * weight  # type: ignore[assignment]
        if sense.place.admin1_code:
            divisions[sense.place.admin1_code] += sense.probability * weight  # type: ignore[assignment]
    return countries, divisions


def likely_town(name: Name) -> tuple[Place, float] | None:
    """The name's most probable place if that is a town or a county, with its probability."""
    best = name.best()
    return (best.place, best.probability) if best.place.kind in IN_FIRST_DIVISION else None


def nearness(place: Place, towns: Sequence[tuple[Place, float] | None], own: int) -> float:
    """How many of the article's other towns are near, each counting less the farther it is."""
    x, y, z = place.vector
    near = 0.0
    for index, town in enumerate(towns):
        if town is None or index == own:
            continue
        other, probability = town
        cosine = x * other.vector[0] + y * other.vector[1] + z * other.vector[2]
        if cosine > FARTHEST_COSINE:
            near += probability * math.exp(-EARTH_RADIUS_KM * math.acos(min(1.0, cosine)) / PROXIMITY_KM)
    return min(near, MOST_NEIGHBOURS)
