"""Which names of an article are one organisation: acronyms, what a bracket introduces, beginnings of longer names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from tasks.aliases.keys import name_key
from tasks.enrichment.names.canonical import KEPT_FORMS, Rule
from tasks.enrichment.names.cast import Cast, Member
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.reference import load_rows, load_words

# Each score is the share of right links on CoNLL-2003 (AIDA) where the rule is common enough there: docs/quality.md.
ACRONYM = Rule("acronym", 0.95)
INTRODUCED = Rule("introduced", 0.97)
BEGINNING = Rule("organisation_prefix", 0.95)
ENDING = Rule("organisation_suffix", 0.9)
SMALL_WORDS = frozenset(["the", "of", "and", "for", "de", "in", "on", "to", "du", "des", "la"])
# What follows one of these is another name inside the name: "University of Hartford" is not "Hartford".
LINKING_WORDS = SMALL_WORDS | frozenset(["&", "at", "by", "with", "against"])
# "CNN" is no part of "CN Tower": shorter beginnings of an organisation's name are no evidence.
SHORTEST_PREFIX = 4
# "Court", "Supreme Court": longer ones say which.
LONGEST_KIND = 2
# What organisations of every kind begin with: the "House" is not the "House Armed Services Committee".
GENERIC_BEGINNINGS = frozenset(
    word
    for words in (
        ("house", "senate", "state", "parliament", "congress", "government", "ministry", "department", "court"),
        ("center", "section", "council", "party", "board", "university", "general"),
        ("national", "royal", "federal", "international", "central", "supreme", "north", "south", "east", "west"),
    )
    for word in words
)
BRACKET_OPENS = re.compile(r"\s*\(\s*(?:the\s+|or\s+)?[\"\u201c']?")
BRACKET_CLOSES = re.compile(r"[\"\u201d']?\s*\)")


@cache
def load_nations() -> frozenset[str]:
    """The keys of countries and peoples as they stand before an organisation's name."""
    cells = (row[column] for row in load_rows("countries") for column in ("other_names", "demonyms"))
    return frozenset(name_key(name) for cell in cells for name in cell.split("|") if name)


def find_introductions(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Pairs of numbers of spans of which the second stands in a bracket of its own right behind the first."""
    if ")" not in text:
        return []
    return [
        (number - 1, number)
        for number, (start, end, _) in enumerate(spans)
        if text[end : end + 1] == ")"
        and number
        and text[start - 1] == "("
        and BRACKET_OPENS.fullmatch(text, spans[number - 1][1], start)
    ]


def join_organisations(cast: Cast, introduced: Iterable[tuple[int, int]]) -> None:
    """Join acronyms with what they stand for, and short names with the long ones that begin like them."""
    for expansion, acronym in introduced:
        join_introduced(cast, cast.member_at(expansion), cast.member_at(acronym))
    for member, other in find_acronyms(cast):
        cast.join(member.number, other.number, ACRONYM)
    organisations = [member for member in cast.members if is_organisation(member)]
    # Who is a person already, or spelled out, is short for nothing else: "Trump", beside the "Trump Organization".
    free = {member.form.key: member for member in organisations if not cast.is_joined(member)}
    for member, other in find_beginnings(cast, free, organisations):
        cast.join(member.number, other.number, BEGINNING)
    for member, other in find_endings(cast, free, organisations):
        cast.join(member.number, other.number, ENDING)


def join_introduced(cast: Cast, fuller: Member, acronym: Member) -> None:
    """Join "Kurdistan Workers' Party (PKK)", whatever its letters; "Barcelona (ESP)" is something else."""
    is_short = acronym.form.letters and len(acronym.form.words) < len(fuller.form.words)
    if is_short and is_organisation(fuller) and len(fuller.form.parts) > 1:
        cast.join(acronym.number, fuller.number, INTRODUCED)


def is_organisation(member: Member) -> bool:
    """Whether the name is labelled as an organisation at least once."""
    return member.form.kind == "thing" and "ORG" in [label for _, label in member.uses]


def find_acronyms(cast: Cast) -> Iterator[tuple[Member, Member]]:
    """Each acronym with the name that has these initials."""
    acronyms = [member for member in cast.members if member.form.letters]
    if not acronyms:
        return
    expanded: dict[str, Member] = {}
    for member in cast.members:
        if len(member.form.parts) > 1 and member.form.kind != "person":
            for initials in initials_of(member.form.words):
                expanded.setdefault(initials, member)
    for member in acronyms:
        other = expanded.get(member.form.letters)
        # "U.S." are the initials of "U.S. Senate" by chance.
        if other is not None and member.form.key not in other.form.parts:
            yield member, other


@lru_cache(maxsize=KEPT_FORMS)
def initials_of(words: str) -> tuple[str, str]:
    """The capitals that words begin with, and the beginnings of all but the small ones."""
    separate = [word for word in re.split(r"[\s-]+", words) if word]
    capitals = "".join(word[0] for word in separate if word[0].isupper())
    return capitals, "".join(word[0] for word in separate if word.lower() not in SMALL_WORDS).upper()


def find_beginnings(
    cast: Cast, free: Mapping[str, Member], organisations: Iterable[Member]
) -> Iterator[tuple[Member, Member]]:
    """Pairs as "Tesla" and "Tesla Motors"; organisations only, "Paris" is no short form of "Paris Review"."""
    found: dict[int, Member] = {}
    for other in organisations:
        for key in beginnings_of(other.form.key):
            if key in free:
                found.setdefault(free[key].number, other)
    for member in free.values() if found else ():
        first = found.get(member.number)
        if first and is_short_form(member, first) and is_all_of(cast, member, first):
            yield member, first


def find_endings(
    cast: Cast, free: Mapping[str, Member], organisations: Iterable[Member]
) -> Iterator[tuple[Member, Member]]:
    """Pairs as "Eagles" and "Philadelphia Eagles", "Treasury Department" and "U.S. Treasury Department"."""
    found: dict[int, list[Member]] = defaultdict(list)
    for other in organisations:
        for key in endings_of(other.form.key):
            if key in free:
                found[free[key].number].append(other)
    for member in free.values() if found else ():
        others = found.get(member.number, ())
        if len(others) == 1 and is_short_form(member, others[0]) and is_told_by_place(cast, member, others[0]):
            yield member, others[0]


@lru_cache(maxsize=KEPT_FORMS)
def beginnings_of(key: str) -> tuple[str, ...]:
    """What is left of the words of a key when one or more are dropped at the end, shortest first."""
    words = key.split()
    return tuple(" ".join(words[:count]) for count in range(1, len(words)))


@lru_cache(maxsize=KEPT_FORMS)
def endings_of(key: str) -> tuple[str, ...]:
    """What is left of the words of a key when one or more are dropped at the beginning, shortest first."""
    words = key.split()
    return tuple(" ".join(words[-count:]) for count in range(1, len(words)))


def is_short_form(member: Member, other: Member) -> bool:
    """Whether a name may be short for a longer one; "NASA" is whole, and not short for "NASA Headquarters"."""
    is_whole = member.form.letters and member.form.words in other.form.words
    return len(member.form.key) >= SHORTEST_PREFIX and not is_whole


def is_all_of(cast: Cast, member: Member, other: Member) -> bool:
    """Whether a longer name only adds the kind of organisation, or comes first, or is the more frequent one.

    "Tesla" is "Tesla Motors", but "GitHub" not its "GitHub Trust and Safety", nor "Netflix" the later "Netflix Japan".
    """
    if member.form.key in GENERIC_BEGINNINGS:
        return False
    last = other.form.parts[-1]
    is_kind = last in load_words("organisation_end") or last in load_words("organisation_head")
    is_introduced = other.mentions[0] < member.mentions[0] or len(other.mentions) >= len(member.mentions)
    return is_kind or (is_introduced and member.number not in cast.preferred)


def is_told_by_place(cast: Cast, member: Member, other: Member) -> bool:
    """Whether the longer name adds no more than a place, where the short one is of a kind that there are many of.

    The "House" is not the "White House", the "Democratic Party" not the "Christian Democratic Party".
    """
    short = member.form.parts
    if other.form.parts[-len(short) - 1] in LINKING_WORDS:
        return False
    is_kind = short[-1] in load_words("organisation_head") or short[-1] in GENERIC_BEGINNINGS
    if not is_kind or len(short) > LONGEST_KIND:
        return True
    before = " ".join(other.form.parts[: -len(short)])
    return before in load_nations() or cast.find(before, "place") is not None
