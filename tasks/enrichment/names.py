"""Canonical names inside one article: six rules on strings, strictest first.

Measured on AIDA (CoNLL-2003 news) with perfect mentions: see docs/quality.md. No model of coreference is needed for
names, and none is used for pronouns or descriptions ("the minister").
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from tasks.enrichment.reference import load_words
from tasks.enrichment.spans import ARTICLE, POSSESSIVE

TITLES = re.compile(
    r"(?:mr|mrs|ms|miss|dr|sir|lord|lady|dame|prof|professor|president|vice president|prime minister|minister|secretary"
    r"|sen|senator|rep|gov|governor|gen|general|col|colonel|lt|capt|captain|maj|sgt|admiral|king|queen|prince|princess"
    r"|pope|chancellor|judge|justice|rev|ambassador|mayor|sheriff|herr|monsieur|señor|sheikh)\.?\s+",
    re.IGNORECASE,
)
KINDS = {"PERSON": "person", "ORG": "organisation", "NORP": "group", "GPE": "place", "LOC": "place", "FAC": "place"}
OTHER_KIND = "other"
SMALL_WORDS = frozenset(["the", "of", "and", "for", "de", "in", "on", "to", "du", "des", "la"])
LONGEST_ACRONYM = 6
# "CNN" is no part of "CN Tower": shorter beginnings of an organisation's name are no evidence.
SHORTEST_PREFIX = 4


class Name(NamedTuple):
    """What an article calls an entity at its fullest, and the rule that says so."""

    entity_id: str
    canonical_name: str
    method: str


class Mentioned(NamedTuple):
    """One mention as the rules see it: its printed form, label, words without title and article, and their key."""

    surface: str
    label: str
    words: str
    key: str


def find_names(mentions: Sequence[tuple[str, str]], aliases: Mapping[str, str]) -> list[Name]:
    """For each (surface, label), in order of position, its canonical name; `aliases` leads keys to fuller names."""
    mentioned = [read_mention(surface, label, aliases) for surface, label in mentions]
    clusters, methods = join_mentions(mentioned)
    members: dict[int, list[int]] = defaultdict(list)
    for index, cluster in enumerate(clusters):
        members[cluster].append(index)
    names = {
        cluster: fullest_name([mentioned[index] for index in group], aliases) for cluster, group in members.items()
    }
    kinds = {cluster: commonest_kind([mentioned[index] for index in group]) for cluster, group in members.items()}
    return [
        Name(entity_id(kinds[cluster], names[cluster]), names[cluster], name_method(mention, names[cluster], method))
        for mention, cluster, method in zip(mentioned, clusters, methods, strict=True)
    ]


def read_mention(surface: str, label: str, aliases: Mapping[str, str]) -> Mentioned:
    """The mention's words and key: article, possessive and, for people, titles gone."""
    words = clean_name(surface, label)
    key = words.casefold()
    return Mentioned(surface, label, words, aliases.get(key, key).casefold())


def clean_name(surface: str, label: str) -> str:
    """The words of a name on one line, without article, possessive and, for people, titles."""
    words = " ".join(surface.split())
    article = ARTICLE.match(words)
    if article and words[article.end() :].casefold() not in load_words("keeps_article"):
        words = words[article.end() :]
    words = POSSESSIVE.sub("", words) or words
    while label == "PERSON" and (title := TITLES.match(words)):
        words = words[title.end() :]
    return words or surface


def join_mentions(mentioned: Sequence[Mentioned]) -> tuple[list[int], list[str]]:
    """The cluster of each mention, and the rule that put it there."""
    parents = list(range(len(mentioned)))
    methods = ["own_name"] * len(mentioned)
    for index, other, method in find_links(mentioned):
        ours, theirs = root(parents, index), root(parents, other)
        if ours != theirs:
            parents[max(ours, theirs)] = min(ours, theirs)
        if methods[index] == "own_name":
            methods[index] = method
    return [root(parents, index) for index in range(len(mentioned))], methods


def root(parents: list[int], index: int) -> int:
    """First mention of the cluster that `index` is in; shortens the way for the next question."""
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def find_links(mentioned: Sequence[Mentioned]) -> Iterator[tuple[int, int, str]]:
    """Pairs of mentions that are one entity: the shorter name's place, the fuller one's, the rule."""
    first: dict[str, int] = {}
    for index, mention in enumerate(mentioned):
        if first.setdefault(mention.key, index) != index:
            yield index, first[mention.key], "same_name"
    people = [index for index, mention in enumerate(mentioned) if mention.label == "PERSON"]
    yield from find_short_people(mentioned, people)
    distinct = list(first.values())
    yield from find_acronyms(mentioned, distinct)
    yield from find_organisation_beginnings(mentioned, distinct)


def find_short_people(mentioned: Sequence[Mentioned], people: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Links "Witkoff" to "Steve Witkoff", else "Steve" to it: the nearest full name before, else the first after."""
    by_last: dict[str, list[int]] = defaultdict(list)
    by_first: dict[str, list[int]] = defaultdict(list)
    for index in people:
        words = mentioned[index].key.split()
        if len(words) > 1:
            by_last[words[-1]].append(index)
            by_first[words[0]].append(index)
        if len(words) > 2:
            by_last[" ".join(words[-2:])].append(index)
    for index in people:
        key = mentioned[index].key
        for table, method in ((by_last, "surname"), (by_first, "first_name")):
            fuller = [other for other in table.get(key, ()) if mentioned[other].key != key]
            if fuller and (method == "surname" or " " not in key):
                yield index, max((other for other in fuller if other < index), default=fuller[0]), method
                break


def find_acronyms(mentioned: Sequence[Mentioned], distinct: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Links "WHO" to "World Health Organization"."""
    expanded: dict[str, int] = {}
    for index in distinct:
        words = [word for word in re.split(r"[\s-]+", mentioned[index].words) if word]
        if len(words) > 1 and mentioned[index].label != "PERSON":
            expanded.setdefault("".join(word[0] for word in words if word[0].isupper()), index)
            expanded.setdefault("".join(word[0] for word in words if word.lower() not in SMALL_WORDS).upper(), index)
    for index in distinct:
        letters = re.sub(r"\W", "", mentioned[index].words)
        is_acronym = letters.isupper() and 2 <= len(letters) <= LONGEST_ACRONYM and mentioned[index].label != "PERSON"
        if is_acronym and expanded.get(letters, index) != index:
            yield index, expanded[letters], "acronym"


def find_organisation_beginnings(
    mentioned: Sequence[Mentioned], distinct: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    """Links "Tesla" to "Tesla Motors"; organisations only, "Paris" is no short form of "Paris Review"."""
    beginnings: dict[str, int] = {}
    organisations = [index for index in distinct if mentioned[index].label == "ORG"]
    for index in organisations:
        words = mentioned[index].key.split()
        for length in range(1, len(words)):
            beginnings.setdefault(" ".join(words[:length]), index)
    for index in organisations:
        key = mentioned[index].key
        if len(key) >= SHORTEST_PREFIX and key in beginnings:
            yield index, beginnings[key], "organisation_prefix"


def fullest_name(cluster: Sequence[Mentioned], aliases: Mapping[str, str]) -> str:
    """The longest name of a cluster by words, then characters; ALL CAPS only when there is nothing else."""
    for mention in cluster:
        known = aliases.get(mention.words.casefold())
        if known:
            return known
    return max(
        (mention.words for mention in cluster), key=lambda words: (len(words.split()), not words.isupper(), len(words))
    )


def commonest_kind(cluster: Sequence[Mentioned]) -> str:
    """Person, organisation, place, group or other: what most of the cluster's labels say, the first when they tie."""
    return Counter(KINDS.get(mention.label, OTHER_KIND) for mention in cluster).most_common(1)[0][0]


def entity_id(kind: str, canonical_name: str) -> str:
    """16 hexadecimal digits, equal for equal kind and name whatever the article or the case."""
    return sha256(f"{kind}:{canonical_name.casefold()}".encode()).hexdigest()[:16]


def name_method(mention: Mentioned, canonical_name: str, method: str) -> str:
    """The rule to report: `alias` where the table decided, `own_name` where the name stands as printed."""
    if mention.words == canonical_name:
        return "own_name"
    if mention.key == canonical_name.casefold():
        return "same_name" if mention.words.casefold() == mention.key else "alias"
    return "same_name" if method == "own_name" else method
