"""From the toponyms of one article to the places they mean."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from schemas.reasons import Role, UnresolvedReason
from tasks.enrichment.gazetteer.lookup import TOWNS, Gazetteer, Place
from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.calibration import confidence_of
from tasks.enrichment.resolution.containment import NOWHERE, Containment, find_containments, find_lists
from tasks.enrichment.resolution.context import weigh_articles
from tasks.enrichment.resolution.groups import Article, Name
from tasks.enrichment.resolution.meanings import Mention, is_barred, read_mention
from tasks.enrichment.resolution.publishers import publisher_names
from tasks.enrichment.resolution.wording import find_local_words, is_dateline
from tasks.enrichment.toponyms.toponyms import Toponym

# Below it the row names the guess as runner-up only. Between 0.35 and 0.5 the F1 on LGL, GeoVirus and Wikinews is the
# same within 0.3; a lower one leaves fewer blanks.
LEAST_CONFIDENCE = 0.4
# An article names some dozen places; tables of places are resolved in stretches.
MOST_MENTIONS_TOGETHER = 1_000
# Sums of the same numbers in another order differ by less.
SAME = 1e-9


class Resolution(NamedTuple):
    """What a toponym means: the place or why there is none, how sure that is and on what evidence."""

    toponym: Toponym
    place: Place | None
    confidence: float | None
    method: str | None
    runner_up: Place | None
    unresolved_reason: UnresolvedReason | None


def resolve_toponyms(
    text: str, toponyms: Sequence[Toponym], gazetteer: Gazetteer, source: str | None = None
) -> list[Resolution]:
    """One resolution for each toponym that can name a place at all, in order; `source` is who published the text."""
    (found,) = resolve_articles([text], [toponyms], [source], gazetteer)
    return found


def resolve_articles(
    texts: Sequence[str], toponyms: Iterable[Sequence[Toponym]], sources: Iterable[str | None], gazetteer: Gazetteer
) -> list[list[Resolution]]:
    """The resolutions of each text, which are the same alone and in company."""
    resolutions: list[list[Resolution]] = [[] for _ in texts]
    readings = [
        (number, reading)
        for number, read in enumerate(zip(texts, toponyms, sources, strict=True))
        for reading in read_article(*read, gazetteer, resolutions[number])
    ]
    for together in portions(readings):
        probabilities = weigh_articles([reading.article for _, reading in together])
        for (number, reading), of_names in zip(together, probabilities, strict=True):
            resolutions[number] += decide_mentions(reading, of_names)
    return [sorted(found, key=lambda resolution: resolution.toponym.start) for found in resolutions]


class Reading(NamedTuple):
    """A stretch of an article's mentions, the number of the name that each is of, and what is to be weighed."""

    mentions: Sequence[Mention]
    name_of_mention: Mapping[int, int]
    article: Article


def portions(readings: Iterable[tuple[int, Reading]]) -> Iterator[list[tuple[int, Reading]]]:
    """The readings, some at a time: of no more names than one alone may have."""
    together: list[tuple[int, Reading]] = []
    name_count = 0
    for reading in readings:
        name_count += len(reading[1].article.names)
        if together and name_count > MOST_MENTIONS_TOGETHER:
            yield together
            together, name_count = [], len(reading[1].article.names)
        together.append(reading)
    if together:
        yield together


def read_article(
    text: str, toponyms: Iterable[Toponym], source: str | None, gazetteer: Gazetteer, resolutions: list[Resolution]
) -> Iterator[Reading]:
    """What is to be weighed of an article; a toponym that no place can have is resolved at once."""
    mentions = []
    for toponym in sorted(toponyms):
        mention = read_mention(text, toponym, gazetteer)
        if mention:
            mentions.append(mention)
        elif toponym.role is not Role.DEMONYM:
            resolutions.append(unresolved(toponym))
    publisher = publisher_names(source, gazetteer)
    for first in range(0, len(mentions), MOST_MENTIONS_TOGETHER):
        yield read_stretch(text, mentions[first : first + MOST_MENTIONS_TOGETHER], publisher)


def unresolved(toponym: Toponym) -> Resolution:
    """A toponym without any candidate, and why."""
    reason = UnresolvedReason.BLACKLISTED if is_barred(toponym.surface) else UnresolvedReason.NOT_IN_GAZETTEER
    return Resolution(toponym, None, None, None, None, reason)


def read_stretch(text: str, mentions: Sequence[Mention], publisher: Sequence[Name]) -> Reading:
    """Joins the mentions of each name and notes what the words between them say."""
    spans = [(mention.toponym.start, mention.toponym.end) for mention in mentions]
    containments = list(find_containments(text, spans, [mention.senses for mention in mentions]))
    groups = group_mentions(mentions, containments)
    number_of = {mention: number for number, group in enumerate(groups) for mention in group}
    names = [name_of([mentions[number] for number in group]) for group in groups]
    for number, (toponym, *_) in enumerate(mentions):
        if is_dateline(text, toponym.end, toponym.surface):
            names[number_of[number]].loudness += weights.DATELINE
    for inner, outer, inner_row, outer_row, worth in containments:
        if inner_row == NOWHERE:
            names[number_of[inner]].none_of_these += worth
        else:
            names[number_of[inner]].contain(inner_row, worth)
            names[number_of[outer]].contain(outer_row, worth)
    lists = {(number_of[one], number_of[other]) for one, other in find_lists(text, spans)}
    return Reading(mentions, number_of, Article([*names, *publisher], find_local_words(text), lists))


def decide_mentions(reading: Reading, probabilities: Sequence[Sequence[float]]) -> Iterator[Resolution]:
    """Decides each name once, for all of its mentions."""
    names = zip(reading.article.names, probabilities, strict=True)
    decisions = [decide(name, probability) for name, probability in names]
    for number, mention in enumerate(reading.mentions):
        yield for_mention(decisions[reading.name_of_mention[number]], mention)


def group_mentions(mentions: Sequence[Mention], containments: Sequence[Containment]) -> list[list[int]]:
    """The mentions, by number, that mean one place: those of one name in an article.

    The text itself may say otherwise: "Paris, Texas" beside "Paris, France", "Georgia, the former Soviet republic".
    """
    rows = {containment.inner: containment.inner_row for containment in containments}
    # A container that is not what its name most often means: the state in "Buffalo, New York".
    containers = {containment.outer: containment.outer_row for containment in containments if containment.outer_row}
    rows_of_name: defaultdict[frozenset[int], set[int]] = defaultdict(set)
    for number, inner_row in rows.items():
        rows_of_name[mentions[number].senses.key].add(inner_row)
    groups: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, (_, senses, kinds, is_people) in enumerate(mentions):
        row = rows.get(number) if len(rows_of_name[senses.key]) > 1 else None
        groups[senses.key, is_people, row, containers.get(number), kinds and kinds - TOWNS].append(number)
    return list(groups.values())


def name_of(mentions: Sequence[Mention]) -> Name:
    """One name from all its mentions."""
    toponym, senses, _, is_people = next((mention for mention in mentions if mention.kinds), mentions[0])
    is_building = toponym.label in ("LOC", "FAC") and senses.places[0].kind in TOWNS
    return Name(
        senses,
        loudness=(1 + math.log(len(mentions))) * (weights.DEMONYM_LOUDNESS if is_people else 1),
        none_of_these=weights.NONE_OF_THESE_TOWNS if is_building else weights.NONE_OF_THESE,
    )


class Decision(NamedTuple):
    """The likeliest place of a name, how likely, on what evidence, and the likeliest place elsewhere."""

    place: Place
    probability: float
    method: str
    runner_up: Place | None


def decide(name: Name, probabilities: Sequence[float]) -> Decision:
    """The decision for a name from the probability of each of its senses."""
    places, same_spot = name.senses.places, name.senses.same_spot
    if len(places) == 1:
        return Decision(places[0], probabilities[0], evidence(name, 0), None)
    if same_spot is None:
        of_spots = probabilities
        best = probabilities.index(max(probabilities))
        elsewhere = [*probabilities[:best], 0.0, *probabilities[best + 1 :]]
    else:
        # Entries for one spot count together: the city and the county of Cork.
        of_spots = (same_spot @ probabilities).tolist()
        most = max(of_spots) - SAME
        best = max((row for row, of_spot in enumerate(of_spots) if of_spot >= most), key=probabilities.__getitem__)
        elsewhere = [0.0 if same else one for one, same in zip(probabilities, same_spot[best].tolist(), strict=True)]
    likeliest = max(elsewhere)
    runner_up = places[elsewhere.index(likeliest)] if likeliest else None
    return Decision(places[best], of_spots[best], evidence(name, best), runner_up)


def evidence(name: Name, best: int) -> str:
    """What decided for the best sense."""
    if best in name.contained:
        return "containment"
    if len(name.senses.places) == 1:
        return "only_candidate"
    return "context" if best else "prominence"


def for_mention(decided: Decision, mention: Mention) -> Resolution:
    """What was decided for a name, for one of its mentions; what is too unlikely is only the runner-up of none."""
    toponym, _, _, is_people = mention
    place, probability, method, runner_up = decided
    if is_people:
        if toponym.role is Role.LITERAL:
            toponym = toponym._replace(role=Role.DEMONYM)
        return Resolution(toponym, place, weights.DEMONYM_CONFIDENCE, "demonym", None, None)
    confidence = confidence_of(probability, is_embedded=toponym.role is Role.ORGANISATION)
    if confidence < LEAST_CONFIDENCE:
        return Resolution(toponym, None, confidence, None, place, UnresolvedReason.LOW_CONFIDENCE)
    return Resolution(toponym, place, confidence, method, runner_up, None)
