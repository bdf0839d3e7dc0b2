"""Scores of names and places against marked texts: pure functions over spans and points.

Names: right is the same span and the same kind (person, organisation, place, other); a leading "the" and a possessive
's do not count. Places: a found place and a marked one belong together when their spans overlap, one to one, equal
spans first, then the longest overlap. Right end to end is a point within 161 km (100 miles, the usual limit in
geoparsing) of the marked one; "or same" also takes the same GeoNames id, or the same country, division or region
with another representative point.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.gold_set import GoldName, GoldPlace, GoldText
from schemas.reasons import Level
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.mentions import EntityMention, PlaceMention

EARTH_RADIUS_KM = 6371.0088
RIGHT_WITHIN_KM = 161.0
LARGE = frozenset([Level.COUNTRY, Level.ADMIN1, Level.REGION])
KINDS = {
    **dict.fromkeys(["PERSON", "PER"], "person"),
    **dict.fromkeys(["ORG"], "organisation"),
    **dict.fromkeys(["GPE", "LOC", "FAC"], "place"),
    **dict.fromkeys(["NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LANGUAGE", "LAW", "MISC"], "other"),
}
NAMED_KINDS = frozenset(["person", "organisation", "place"])
BINS = 10


@dataclass(slots=True)
class Tally:
    """How many were found, how many marked, how many of them right."""

    right: int = 0
    found: int = 0
    marked: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is marked that was found right."""
        return self.right / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / (self.found + self.marked) if self.found + self.marked else 0.0


class Marked(NamedTuple):
    """A span with the kind of thing that it names."""

    start: int
    end: int
    kind: str


@dataclass(slots=True)
class PlaceScore:
    """Recognition, resolution, both together, and whether confidence can be believed."""

    recognised: Tally = field(default_factory=Tally)
    end_to_end: Tally = field(default_factory=Tally)
    or_same: Tally = field(default_factory=Tally)
    resolved: int = 0
    within: int = 0
    within_or_same: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)


@dataclass(slots=True)
class ClusterScore:
    """B-cubed (Bagga and Baldwin 1998), summed over mentions, and pairs of mentions."""

    mentions: int = 0
    precision_sum: float = 0.0
    recall_sum: float = 0.0
    pairs: Tally = field(default_factory=Tally)

    @property
    def b_cubed(self) -> tuple[float, float, float]:
        """Precision, recall and F1."""
        precision, recall = (total / max(self.mentions, 1) for total in (self.precision_sum, self.recall_sum))
        return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_names(texts: Iterable[tuple[GoldText, Iterable[Marked]]]) -> dict[str, Tally]:
    """A tally for each kind, and `named` for people, organisations and places together."""
    tallies = {kind: Tally() for kind in [*sorted(set(KINDS.values())), "named"]}
    for gold, found in texts:
        marked = {trimmed(gold.text, Marked(name.start, name.end, KINDS[name.label])) for name in gold_names(gold)}
        ours = {trimmed(gold.text, span) for span in found}
        for kind, tally in tallies.items():
            kinds = NAMED_KINDS if kind == "named" else {kind}
            tally.right += sum(span.kind in kinds for span in marked & ours)
            tally.found += sum(span.kind in kinds for span in ours)
            tally.marked += sum(span.kind in kinds for span in marked)
    return tallies


def gold_names(gold: GoldText) -> Iterator[GoldName]:
    """The marked names; places inside other names are no names of their own."""
    return (name for name in gold.names if name.label in KINDS)


def found_names(entities: Iterable[EntityMention]) -> Iterator[Marked]:
    """What the pipeline found."""
    return (Marked(entity.start_char, entity.end_char, KINDS[entity.label]) for entity in entities)


def trimmed(text: str, span: Marked) -> Marked:
    """The span without a leading article and a possessive."""
    start, end = span.start, span.end
    if text[start : start + 4].lower() == "the ":
        start += 4
    for ending in ("'s", "\u2019s", "'", "\u2019"):
        if text[start:end].endswith(ending) and end - start > len(ending):
            end -= len(ending)
    return Marked(start, end, span.kind)


def score_places(texts: Iterable[tuple[GoldText, Sequence[PlaceMention]]]) -> PlaceScore:
    """The score over all texts together."""
    score = PlaceScore()
    for gold, found in texts:
        marked = gold.places()
        partners = pair_up(marked, found)
        score.recognised.right += len(partners)
        score.recognised.found += len(found)
        score.recognised.marked += len(marked)
        for index, name in enumerate(marked):
            if name.place and name.place.latitude_deg is not None:
                add_place(score, name.place, found[partners[index]] if index in partners else None)
        # Of a place that annotators gave no point nothing can be said.
        pointless = {partners[index] for index, name in enumerate(marked) if index in partners and not has_point(name)}
        placed = sum(place.latitude_deg is not None and number not in pointless for number, place in enumerate(found))
        score.end_to_end.found += placed
        score.or_same.found += placed
    return score


def has_point(name: GoldName) -> bool:
    """Whether the annotators gave coordinates."""
    return name.place is not None and name.place.latitude_deg is not None


def add_place(score: PlaceScore, place: GoldPlace, found: PlaceMention | None) -> None:
    """Adds one marked place with a point, and what was found for it."""
    score.end_to_end.marked += 1
    score.or_same.marked += 1
    if found is None:
        return
    near = distance_km(place, found) <= RIGHT_WITHIN_KM
    same = near or is_same(place, found)
    score.resolved += 1
    score.within += near
    score.within_or_same += same
    score.end_to_end.right += near
    score.or_same.right += same
    if found.confidence is not None and found.latitude_deg is not None:
        score.confidences.append((found.confidence, same))


def pair_up(marked: Sequence[GoldName], found: Sequence[PlaceMention]) -> dict[int, int]:
    """For the index of a marked place the index of the found one that belongs to it."""
    overlaps = sorted(
        (
            (name.start, name.end) != (place.start_char, place.end_char),
            max(name.start, place.start_char) - min(name.end, place.end_char),
            index,
            number,
        )
        for index, name in enumerate(marked)
        for number, place in enumerate(found)
        if max(name.start, place.start_char) < min(name.end, place.end_char)
    )
    partners: dict[int, int] = {}
    for _, _, index, number in overlaps:
        if index not in partners and number not in partners.values():
            partners[index] = number
    return partners


def distance_km(place: GoldPlace, found: PlaceMention) -> float:
    """Great-circle distance; infinite where either has no point."""
    if place.latitude_deg is None or place.longitude_deg is None:
        return math.inf
    if found.latitude_deg is None or found.longitude_deg is None:
        return math.inf
    latitude, other = math.radians(place.latitude_deg), math.radians(found.latitude_deg)
    turn = math.radians(found.longitude_deg - place.longitude_deg)
    half = math.sin((other - latitude) / 2) ** 2 + math.cos(latitude) * math.cos(other) * math.sin(turn / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def is_same(place: GoldPlace, found: PlaceMention) -> bool:
    """Whether both name one entity: by GeoNames id, else a large one by its name and country."""
    if place.geonames_id and found.geonames_id:
        return place.geonames_id == found.geonames_id
    if found.level not in LARGE or not place.name or not found.place_name:
        return False
    countries = {place.country_code, found.country_code} - {None}
    return plain(place.name) == plain(found.place_name) and len(countries) <= 1


def plain(name: str) -> str:
    """The letters and digits of a name."""
    return "".join(character for character in name_key(name) if character.isalnum())


def calibration_error(confidences: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error in ten bins: the mean gap between confidence and the share that is right."""
    gaps: Counter[int] = Counter()
    for confidence, is_right in confidences:
        gaps[min(int(confidence * BINS), BINS - 1)] += confidence - is_right  # type: ignore[assignment]
    return sum(abs(gap) for gap in gaps.values()) / max(len(confidences), 1)


def score_clusters(texts: Iterable[tuple[Sequence[str], Sequence[str]]]) -> ClusterScore:
    """The score over the (marked, found) cluster names of each text's mentions."""
    score = ClusterScore()
    for marked, found in texts:
        together, sizes, found_sizes = Counter(zip(marked, found, strict=True)), Counter(marked), Counter(found)
        for (mark, name), number in together.items():
            score.precision_sum += number * number / found_sizes[name]
            score.recall_sum += number * number / sizes[mark]
        score.mentions += len(marked)
        score.pairs.right += sum(map(pair_count, together.values()))
        score.pairs.found += sum(map(pair_count, found_sizes.values()))
        score.pairs.marked += sum(map(pair_count, sizes.values()))
    return score


def pair_count(members: int) -> int:
    """How many pairs so many members make."""
    return members * (members - 1) // 2
