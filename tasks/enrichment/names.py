"""Canonical names inside one article: rules on strings, strictest first, each with the score it deserves.

Measured on AIDA (CoNLL-2003 news) with perfect mentions: see docs/quality.md. No model of coreference is needed for
names, and none is used for pronouns or descriptions ("the minister").
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tasks.aliases.keys import KIND_OF_LABEL, Kind, entity_id
from tasks.enrichment.cast import Apart, Cast, Member, Rule
from tasks.enrichment.name_forms import KEPT_FORMS
from tasks.enrichment.name_organisations import find_introductions, join_organisations
from tasks.enrichment.name_people import join_people, join_slips

__all__ = ["Name", "find_introductions", "find_names"]

# What follows a letter, but for the letter after "Mc" and "O'".
CAPITAL_LETTER = re.compile(r"(?<=\w)(?<!\bMC)\w")
OWN_NAME = Rule("own_name", 1.0)
SAME_NAME = Rule("same_name", 1.0)
ALIAS = Rule("alias", 0.95)
kept_entity_id = lru_cache(maxsize=KEPT_FORMS)(entity_id)


class Name(NamedTuple):
    """What an article calls an entity at its fullest, the rule that says so, and how far to trust it (0 to 1)."""

    entity_id: str
    canonical_name: str
    method: str
    score: float


def find_names(
    mentions: Sequence[tuple[str, str]],
    aliases: Mapping[str, str],
    *,
    titles: Sequence[str | None] = (),
    introduced: Iterable[tuple[int, int]] = (),
    apart: Apart | None = None,
) -> list[Name]:
    """For each (surface, label), in order of position, its canonical name.

    `aliases` leads keys of names to the key of the name they stand for, `titles` are those printed before the mentions,
    `introduced` pairs of mentions as `find_introductions` gives them, `apart` keys of names that are never one.
    """
    cast = Cast(mentions, titles, apart or {})
    join_people(cast)
    join_aliases(cast, aliases)
    join_slips(cast)
    join_kinds(cast)
    join_organisations(cast, introduced)
    return name_all(cast)


def join_aliases(cast: Cast, aliases: Mapping[str, str]) -> None:
    """Join names that the alias table gives one name."""
    if not aliases:
        return
    known: dict[str, Member] = {}
    for member in cast.members:
        key = aliases.get(member.form.key, member.form.key)
        if key == member.form.key and key in aliases:
            cast.preferred.add(member.number)
        other = known.setdefault(key, member)
        if other is not member and other.form.key != member.form.key:
            shorter, fuller = (other, member) if member.form.key == key else (member, other)
            cast.join(shorter.number, fuller.number, ALIAS)
            known[key] = fuller


def join_kinds(cast: Cast) -> None:
    """Join what has one name under several labels, except a place with the surname of somebody in the article."""
    for member in cast.members:
        if member.form.kind == "person":
            continue
        for kind in ("person", "thing") if member.form.kind == "place" else ("person",):
            other = cast.find(member.form.key, kind)
            if other and not (cast.is_joined(other) and member.form.kind == "place"):
                cast.join(member.number, other.number, SAME_NAME)


def name_all(cast: Cast) -> list[Name]:
    """The name of each mention, from the members that were joined with its own."""
    groups: dict[int, list[Member]] = defaultdict(list)
    for member in cast.members:
        groups[cast.root(member.number)].append(member)
    fullest = {number: name_group(group, cast.preferred) for number, group in groups.items()}
    names: dict[int, Name] = {}
    for member in cast.members:
        group = cast.root(member.number)
        rule = cast.rules.get(member.number) or cast.rules.get(fullest[group].member.number) or SAME_NAME
        by_words: dict[str, Name] = {}
        for mention in member.mentions:
            printed = cast.words[mention]
            if mention in cast.placed:
                other, placed_rule = cast.placed[mention]
                names[mention] = name_of(printed, member, fullest[cast.root(other)], placed_rule)
            elif printed in by_words:
                names[mention] = by_words[printed]
            else:
                names[mention] = by_words[printed] = name_of(printed, member, fullest[group], rule)
    return [names[mention] for mention in range(len(cast.words))]


class Fullest(NamedTuple):
    """What stands for a group of members."""

    entity_id: str
    member: Member
    words: str


def name_of(printed: str, own: Member, fullest: Fullest, rule: Rule) -> Name:
    """The name of a mention; the rule counts only where it says something else than is printed."""
    if printed == fullest.words:
        return Name(fullest.entity_id, fullest.words, *OWN_NAME)
    if own.form.key == fullest.member.form.key:
        rule = SAME_NAME
    return Name(fullest.entity_id, fullest.words, *rule)


def name_group(group: Sequence[Member], preferred: Container[int]) -> Fullest:
    """The name that the alias table prefers, else the longest by words."""
    if len(group) == 1 and len(group[0].uses) == 1:
        ((words, label),) = group[0].uses
        return alone(group[0], words, label)
    spelled = [(member, words, count) for member in group for (words, _), count in member.uses.items()]
    member, words, _ = max(
        spelled,
        key=lambda each: (
            each[0].number in preferred,
            len(each[0].form.parts),
            not each[1].isupper(),
            each[2],
            len(each[1]),
        ),
    )
    words = as_printed(member, words)
    return Fullest(kept_entity_id(commonest_kind(group, member), words), member, words)


def alone(member: Member, words: str, label: str) -> Fullest:
    """What stands for a member that is printed and labelled in one way, and joined with none."""
    words = as_printed(member, words)
    return Fullest(kept_entity_id(KIND_OF_LABEL.get(label, Kind.OTHER), words), member, words)


def as_printed(member: Member, words: str) -> str:
    """The words, a person's name from a headline in capitals as it would stand in a text."""
    if member.form.kind == "person" and " " in words and words.isupper():
        return CAPITAL_LETTER.sub(lambda letter: letter[0].lower(), words)
    return words


def commonest_kind(group: Sequence[Member], fullest: Member) -> Kind:
    """Person, organisation, place, group or other: what most labels say, those of the fullest name thrice."""
    votes: dict[Kind, int] = {}
    for member in group:
        # A bare surname is often taken for something else, a full name seldom.
        weight = 3 if member is fullest else 1
        for (_, label), count in member.uses.items():
            kind = KIND_OF_LABEL.get(label, Kind.OTHER)
            votes[kind] = votes.get(kind, 0) + weight * count
    return max(votes, key=votes.__getitem__)
