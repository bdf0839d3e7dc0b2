"""Who and what an article names: one member for each name, and which members are one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.enrichment.names.canonical import Rule
from tasks.enrichment.names.forms import Form, read_form

Apart = Mapping[str, frozenset[str]]


def apart_of(pairs: Iterable[tuple[str, str]]) -> Apart:
    """For each name's key those that it is never joined with, from pairs of keys in one direction."""
    apart: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        apart[one].add(other)
        apart[other].add(one)
    return {key: frozenset(others) for key, others in apart.items()}


@dataclass(slots=True)
class Member:
    """One name of the article: its form, where it stands, how often it is printed and labelled in which way."""

    number: int
    form: Form
    mentions: list[int]
    uses: dict[tuple[str, str], int] = field(default_factory=dict)


class Cast:
    """The members of an article, and which of them were joined by which rule."""

    def __init__(self, mentions: Sequence[tuple[str, str]], titles: Sequence[str | None], apart: Apart) -> None:
        """`mentions` are (surface, label) in order; `apart` leads a name's key to those it is never joined with."""
        self.members: list[Member] = []
        self.people: list[Member] = []
        self.rules: dict[int, Rule] = {}
        self.placed: dict[int, tuple[int, Rule]] = {}
        self.preferred: set[int] = set()
        self.expansions: dict[int, str] = {}
        # Empty when nobody has one.
        self.titles: list[str] = [title or "" for title in titles] if any(titles) else []
        self._mentions = mentions
        self._apart = apart
        self._by_key: dict[tuple[str, str], Member] = {}
        # Once for each thing said, not each time that it is said.
        positions: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, mention in enumerate(mentions):
            positions[mention].append(position)
        for mention, of_mention in positions.items():
            self._add(read_form(*mention), mention[1], of_mention)
        self._parents = list(range(len(self.members)))
        # Of those that were joined, the keys that something is kept apart from: few names have one.
        self._kept_apart = {m.number: {m.form.key} for m in self.members if m.form.key in apart} if apart else {}
        self.keys = {key for key, _ in self._by_key}

    def _add(self, form: Form, label: str, positions: list[int]) -> None:
        member = self._by_key.get((form.key, form.kind))
        if member is None:
            member = Member(len(self.members), form, positions)
            self._by_key[form.key, form.kind] = member
            self.members.append(member)
            if form.kind == "person":
                self.people.append(member)
        else:
            member.mentions = sorted(member.mentions + positions)
        use = form.words, label
        member.uses[use] = member.uses.get(use, 0) + len(positions)
        if form.title:
            self.titles = self.titles or [""] * len(self._mentions)
            for position in positions:
                self.titles[position] = form.title

    def form_at(self, mention: int) -> Form:
        """The form of a single mention."""
        return read_form(*self._mentions[mention])

    def member_at(self, mention: int) -> Member:
        """The member that a single mention is of."""
        form = self.form_at(mention)
        return self._by_key[form.key, form.kind]

    def find(self, key: str, kind: str) -> Member | None:
        """The member of that name, if the article has it."""
        return self._by_key.get((key, kind))

    def roots(self) -> list[int]:
        """The root of each member."""
        return [number if parent == number else self.root(number) for number, parent in enumerate(self._parents)]

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
        if ours == theirs or (self._kept_apart and self._never(ours, theirs)):
            return ours == theirs
        root, joined = min(ours, theirs), max(ours, theirs)
        self._parents[joined] = root
        if joined in self._kept_apart:
            self._kept_apart.setdefault(root, set()).update(self._kept_apart.pop(joined))
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
        theirs = self._kept_apart.get(other, set())
        return bool(theirs) and any(not self._apart[key].isdisjoint(theirs) for key in self._kept_apart.get(one, ()))
