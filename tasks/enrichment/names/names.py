"""Canonical names inside one article: rules on strings, strictest first, each with the score it deserves.

Measured on AIDA (CoNLL-2003 news) with perfect mentions: see docs/quality.md. No model of coreference is needed for
names, and none is used for pronouns or descriptions ("the minister").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tasks.enrichment.names.canonical import (
    OWN_NAME,
    SAME_NAME,
    Name,
    Rule,
    as_printed,
    kept_entity_id,
    kept_key,
    kind_of,
)
from tasks.enrichment.names.cast import Apart, Cast, Member
from tasks.enrichment.names.organisations import find_introductions, join_organisations
from tasks.enrichment.names.people import find_bearers, join_people, join_slips

__all__ = ["Name", "find_introductions", "find_names"]

ALIAS = Rule("alias", 0.95)


def find_names(
    mentions: Sequence[tuple[str, str]],
    aliases: Mapping[str, str],
    *,
    titles: Sequence[str | None] = (),
    introduced: Iterable[tuple[int, int]] = (),
    apart: Apart | None = None,
) -> list[Name]:
    """For each (surface, label), in order of position, its canonical name.

    `aliases` leads keys of names to the name they stand for, `titles` are those printed before the mentions,
    `introduced` pairs of mentions as `find_introductions` gives them, `apart` keys of names that are never one.
    """
    cast = Cast(mentions, titles, apart or {})
    bearers = find_bearers(cast)
    join_people(cast, bearers)
    join_aliases(cast, aliases)
    join_slips(cast, bearers)
    join_kinds(cast)
    join_organisations(cast, introduced)
    return name_all(cast)


def join_aliases(cast: Cast, aliases: Mapping[str, str]) -> None:
    """Join names that the alias table gives one name; an acronym that it knows needs nobody to spell it out."""
    known: dict[str, Member] = {}
    # Most names have no other.
    for member in () if aliases.keys().isdisjoint(cast.keys) else cast.members:
        own = member.form.key
        name = aliases.get(own)
        key = own if name is None else kept_key(name)
        if name is not None and key == own:
            cast.preferred.add(member.number)
        elif name is not None and member.form.letters and not cast.are_apart(own, key):
            cast.expansions[member.number] = name
        other = known.setdefault(key, member)
        if other is not member and other.form.key != own:
            shorter, fuller = (other, member) if own == key else (member, other)
            cast.join(shorter.number, fuller.number, ALIAS)
            known[key] = fuller


def join_kinds(cast: Cast) -> None:
    """Join what has one name under several labels, except a place with the surname of somebody in the article."""
    has_twins = len(cast.keys) < len(cast.members)
    for member in cast.members if has_twins else ():
        if member.form.kind == "person":
            continue
        for kind in ("person", "thing") if member.form.kind == "place" else ("person",):
            other = cast.find(member.form.key, kind)
            if other and not (cast.is_joined(other) and member.form.kind == "place"):
                cast.join(member.number, other.number, SAME_NAME)


def name_all(cast: Cast) -> list[Name]:
    """The name of each mention, from the members that were joined with its own."""
    roots = cast.roots()
    joined = {root for number, root in enumerate(roots) if root != number}
    joined |= {roots[other] for other, _ in cast.placed.values()}
    groups: dict[int, list[Member]] = defaultdict(list)
    names: dict[int, Name] = {}
    for member in cast.members:
        if roots[member.number] in joined or len(member.uses) > 1 or member.number in cast.expansions:
            groups[roots[member.number]].append(member)
        else:
            for mention in member.mentions:
                names[mention] = member.form.alone
    names |= name_joined(cast, groups)
    return [names[mention] for mention in range(len(names))]


def name_joined(cast: Cast, groups: Mapping[int, Sequence[Member]]) -> dict[int, Name]:
    """The names of the mentions of members that were joined, and of mentions that were placed singly."""
    fullest = {number: name_group(cast, group) for number, group in groups.items()}
    names: dict[int, Name] = {}
    for number, group in groups.items():
        for member in group:
            rule = cast.rules.get(member.number) or cast.rules.get(fullest[number].number) or ALIAS
            named = {words: name_of(words, member, fullest[number], rule) for words, _ in member.uses}
            for mention in member.mentions:
                names[mention] = named[cast.form_at(mention).words if len(named) > 1 else member.form.words]
    for mention, (other, rule) in cast.placed.items():
        own = cast.member_at(mention)
        names[mention] = name_of(cast.form_at(mention).words, own, fullest[cast.root(other)], rule)
    return names


class Fullest(NamedTuple):
    """What stands for a group of members, and which of them it is the name of."""

    entity_id: str
    words: str
    key: str
    number: int


def name_of(printed: str, own: Member, fullest: Fullest, rule: Rule) -> Name:
    """The name of a mention; the rule counts only where it says something else than is printed."""
    if printed == fullest.words:
        return Name(fullest.entity_id, fullest.words, *OWN_NAME)
    if own.form.key == fullest.key:
        rule = SAME_NAME
    return Name(fullest.entity_id, fullest.words, *rule)


def name_group(cast: Cast, group: Sequence[Member]) -> Fullest:
    """The name that the alias table prefers or spells out, else the longest by words."""
    member, words = longest_name(cast, group)
    kind = commonest_kind(group, member)
    if cast.expansions and member.number not in cast.preferred:
        expansions = [cast.expansions[each.number] for each in group if each.number in cast.expansions]
        if expansions:
            return Fullest(kept_entity_id(kind, expansions[0]), expansions[0], kept_key(expansions[0]), member.number)
    words = as_printed(words, kind)
    return Fullest(kept_entity_id(kind, words), words, member.form.key, member.number)


def longest_name(cast: Cast, group: Sequence[Member]) -> tuple[Member, str]:
    """The member that the alias table prefers, else the longest by words, and the spelling it has most often."""
    spelled = [(member, words, count) for member in group for (words, _), count in member.uses.items()]
    member, words, _ = max(
        spelled,
        key=lambda each: (
            each[0].number in cast.preferred,
            len(each[0].form.parts),
            not each[1].isupper(),
            each[2],
            len(each[1]),
        ),
    )
    return member, words


def commonest_kind(group: Sequence[Member], fullest: Member) -> str:
    """Person, organisation, place, group or other: what most labels say, those of the fullest name thrice."""
    votes: dict[str, int] = {}
    for member in group:
        # A bare surname is often taken for something else, a full name seldom.
        weight = 3 if member is fullest else 1
        for (_, label), count in member.uses.items():
            kind = kind_of(label)
            votes[kind] = votes.get(kind, 0) + weight * count
    return max(votes, key=votes.__getitem__)
