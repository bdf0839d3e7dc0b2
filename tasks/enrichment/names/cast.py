"""Who and what an article names: one member for each name, and which members are one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tasks.enrichment.names.forms import Form, read_form

Apart = Mapping[str, frozenset[str]]


def apart_of(pairs: Iterable[tuple[str, str]]) -> Apart:
    """For each name's key those that it is never joined with, from pairs of keys in one direction."""
    apart: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        apart[one].add(other)
        apart[other].add(one)
    return {key: frozenset(others) for key, others in apart.items()}


class Rule(NamedTuple):
    """A rule that makes two names one, and how often it was right."""

    method: str
    score: float


@dataclass(slots=True)
class Member:
    """One name of the article: its form, where it stands, how often it is printed and labelled in which way."""

    number: int
    form: Form
    mentions: list[int] = field(default_factory=list)
    uses: dict[tuple[str, str], int] = field(default_factory=dict)


class Cast:
    """The members of an article, and which of them were joined by which rule."""

    def __init__(self, mentions: Sequence[tuple[str, str]], titles: Sequence[str | None], apart: Apart) -> None:
        """`mentions` are (surface, label) in order; `apart` leads a name's key to those it is never joined with."""
        self.members: list[Member] = []
        self.rules: dict[int, Rule] = {}
        self.placed: dict[int, tuple[int, Rule]] = {}
        self.preferred: set[int] = set()
        self.expansions: dict[int, str] = {}
        self.numbers: list[int] = []
        self.words: list[str] = []
        # Empty when nobody has one.
        self.titles: list[str] = []
        self._apart = apart
        self._by_key: dict[tuple[str, str], Member] = {}
        for position, (surface, label) in enumerate(mentions):
            form = read_form(surface, label)
            member = self._member(form)
            member.mentions.append(position)
            use = form.words, label
            member.uses[use] = member.uses.get(use, 0) + 1
            if form.title or (titles and titles[position]):
                self.titles = self.titles or [""] * len(mentions)
                self.titles[position] = form.title or titles[position] or ""
            self.numbers.append(member.number)
            self.words.append(form.words)
        self._parents = list(range(len(self.members)))

    def _member(self, form: Form) -> Member:
        member = self._by_key.get((form.key, form.kind))
        if member is None:
            member = Member(len(self.members), form)
            self._by_key[form.key, form.kind] = member
            self.members.append(member)
        return member

    def find(self, key: str, kind: str) -> Member | None:
        """The member of that name, if the article has it."""
        return self._by_key.get((key, kind))

    def root(self, number: int) -> int:
        """The first member of those that this one was joined with."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def join(self, shorter: int, fuller: int, rule: Rule) -> bool:
        """Make two members one, unless something says that they never are; the rule is noted at the shorter."""
        ours, theirs = self.root(shorter), self.root(fuller)
        if ours == theirs or (self._apart and self._never(ours, theirs)):
            return ours == theirs
        self._parents[max(ours, theirs)] = min(ours, theirs)
        self.rules.setdefault(shorter, rule)
        return True

    def place(self, mention: int, fuller: int, rule: Rule) -> None:
        """Let a single mention stand for a member: where several have the name, each mention has its own."""
        self.placed[mention] = (fuller, rule)

    def are_apart(self, one: str, other: str) -> bool:
        """Whether two keys are of names that are never one."""
        return other in self._apart.get(one, ())

    def is_joined(self, member: Member) -> bool:
        """Whether a rule has found a fuller name for a member, or for single mentions of it."""
        return member.number in self.rules or (bool(self.placed) and not self.placed.keys().isdisjoint(member.mentions))

    def _never(self, one: int, other: int) -> bool:
        ours = {member.form.key for member in self.members if self.root(member.number) == one}
        theirs = {member.form.key for member in self.members if self.root(member.number) == other}
        return any(not self._apart[key].isdisjoint(theirs) for key in ours if key in self._apart)
