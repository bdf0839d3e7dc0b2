"""From the toponyms of one article to the places they mean."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas.reasons import Role, UnresolvedReason
from tasks.enrichment.context import weigh_context
from tasks.enrichment.gazetteer import Candidate, Gazetteer, Place
from tasks.enrichment.place_names import ARTICLE, name_key
from tasks.enrichment.reference import load_overrides
from tasks.enrichment.senses import Name, Sense, find_containment, name_senses, said_kinds
from tasks.enrichment.toponyms import Toponym
from tasks.enrichment.weights import DEMONYM_CONFIDENCE, DEMONYM_SHARE, EMBEDDED_SHARE, SUREST

LARGE_TOWN_PEOPLE = 100_000
KINDS_A_PEOPLE_MAY_NAME = frozenset(["country", "region", "continent", "admin1", "capital"])
# Between 0.25 and 0.33 the F1 on LGL and GeoVirus is the same within 0.2; the lower leaves fewer blanks. Below it the
# row names the guess as runner-up only.
LEAST_CONFIDENCE = 0.25


class Resolution(NamedTuple):
    """What a toponym means: the place or why there is none, how sure that is and on what evidence."""

    toponym: Toponym
    place: Place | None
    confidence: float | None
    method: str | None
    runner_up: Place | None
    unresolved_reason: UnresolvedReason | None


def resolve_toponyms(text: str, toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> list[Resolution]:
    """One resolution for each toponym that can name a place at all, in order."""
    peoples: list[Resolution] = []
    unknown: list[Resolution] = []
    named: list[tuple[Toponym, str]] = []
    names: dict[str, Name] = {}
    for toponym in toponyms:
        key = name_key(ARTICLE.sub("", toponym.surface, count=1))
        people = find_people(toponym, gazetteer)
        candidates = () if people or key in load_overrides("never") else find_candidates(toponym, gazetteer)
        if people:
            peoples.append(people)
        elif candidates:
            if key not in names:
                is_building = toponym.label in ("LOC", "FAC")
                names[key] = name_senses(key, candidates, said_kinds=said_kinds(text, toponym), is_building=is_building)
            names[key].mention_count += 1
            named.append((toponym, key))
        elif toponym.role is not Role.DEMONYM:
            unknown.append(unresolved(toponym, key))
    weigh_names(text, named, names, countries_of(peoples))
    decided = {key: decide(name) for key, name in names.items()}
    places = [for_toponym(decided[key], toponym) for toponym, key in named]
    return sorted([*peoples, *unknown, *places], key=lambda resolution: resolution.toponym.start)


def weigh_names(
    text: str, named: Sequence[tuple[Toponym, str]], names: Mapping[str, Name], countries_of_people: Mapping[str, float]
) -> None:
    """Gathers the evidence: first what stands side by side, then what the whole article names."""
    find_containment(text, [toponym for toponym, _ in named], [names[key] for _, key in named])
    for name in names.values():
        name.weigh()
    weigh_context(list(names.values()), countries_of_people)


def unresolved(toponym: Toponym, key: str) -> Resolution:
    """A toponym without any candidate, and why."""
    is_barred = key in load_overrides("never")
    reason = UnresolvedReason.BLACKLISTED if is_barred else UnresolvedReason.NOT_IN_GAZETTEER
    return Resolution(toponym, None, None, None, None, reason)


def for_toponym(decided: Resolution, toponym: Toponym) -> Resolution:
    """What was decided for a name, for one of its mentions."""
    if toponym.role is Role.ORGANISATION and decided.confidence is not None:
        return decided._replace(toponym=toponym, confidence=EMBEDDED_SHARE * decided.confidence)
    return decided._replace(toponym=toponym)


def find_people(toponym: Toponym, gazetteer: Gazetteer) -> Resolution | None:
    """The country of a demonym; for what is labelled a place only when no place has that name."""
    if toponym.label != "NORP" and gazetteer.find_named(toponym.surface):
        return None
    place = gazetteer.find_people(toponym.surface)
    if place is None:
        return None
    role = Role.DEMONYM if toponym.role is Role.LITERAL else toponym.role
    return Resolution(toponym._replace(role=role), place, DEMONYM_CONFIDENCE, "demonym", None, None)


def find_candidates(toponym: Toponym, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """The places a toponym can mean; a people's name only when it is the name of something large."""
    candidates = gazetteer.find_named(toponym.surface)
    if toponym.label == "NORP" and not any(
        place.kind in KINDS_A_PEOPLE_MAY_NAME or place.prominence > LARGE_TOWN_PEOPLE for place, _ in candidates
    ):
        return ()
    return candidates


def countries_of(peoples: Sequence[Resolution]) -> dict[str, float]:
    """How loudly the demonyms speak for each country."""
    counts = Counter(people.place.country_code for people in peoples if people.place and people.place.country_code)
    return {country: DEMONYM_SHARE * (1 + math.log(count)) for country, count in counts.items() if country}


def decide(name: Name) -> Resolution:
    """The best sense of a name with its evidence; when it is too unlikely it is only the runner-up of none."""
    best, probability = name.best_with_namesakes()
    others = [sense for sense in name.senses if sense is not best]
    runner_up = max(others, key=lambda sense: sense.probability).place if others else None
    confidence = SUREST * probability
    if confidence < LEAST_CONFIDENCE:
        return Resolution(NO_TOPONYM, None, confidence, None, best.place, UnresolvedReason.LOW_CONFIDENCE)
    return Resolution(NO_TOPONYM, best.place, confidence, evidence(name, best), runner_up, None)


def evidence(name: Name, best: Sense) -> str:
    """What decided for the best sense."""
    if best.containment:
        return "containment"
    if len(name.senses) == 1:
        return "only_candidate"
    most_prominent = max(name.senses, key=lambda sense: sense.prior)
    return "prominence" if best is most_prominent else "context"


NO_TOPONYM = Toponym(0, 0, "", "", Role.LITERAL)
