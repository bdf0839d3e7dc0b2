"""What rows of alias files say together: chains followed, contradictions named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from schemas.errors import NewsmillError
from tasks.aliases.keys import KIND_OF_LABEL, Kind, entity_id, name_key, spellings_of
from tasks.aliases.rows import AliasRow, AliasRule

Key = tuple[Kind, str]
Merges = dict[Key, AliasRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliases:
    """What the alias files say together: for a kind and a name's key the name it stands for, and what stays apart."""

    canonical: Mapping[tuple[Kind, str], str]
    printed: Mapping[tuple[Kind, str], str]
    never: frozenset[tuple[Kind, frozenset[str]]]

    def name(self, kind: Kind, words: str) -> str:
        """The name that a name stands for: itself where the files say nothing."""
        return self.canonical.get((kind, name_key(words)), words)

    def are_apart(self, kind: Kind, one: str, other: str) -> bool:
        """Whether a row keeps two names apart."""
        return (kind, frozenset([name_key(one), name_key(other)])) in self.never

    def pairs_apart(self) -> tuple[tuple[str, str], ...]:
        """The keys of names that stay apart, each pair once, in order."""
        return tuple(sorted({(min(pair), max(pair)) for _, pair in self.never}))


def resolve_rows(own: Sequence[AliasRow], shipped: Sequence[AliasRow] = ()) -> Aliases:
    """What the rows say together; `own` rows replace shipped ones about the same name or pair.

    Raises NewsmillError where rows contradict each other or lead in a circle.
    """
    merges = merges_of(row for row in own if row.rule == AliasRule.MERGE)
    decided = {(kind, row.pair) for row in own if row.rule == AliasRule.NEVER_MERGE for kind in row.kinds}
    add_shipped(merges, decided, merges_of(row for row in shipped if row.rule == AliasRule.MERGE))
    wanted = {(kind, row.pair) for (kind, _), row in merges.items()}
    never = {(kind, row.pair): row for row in own if row.rule == AliasRule.NEVER_MERGE for kind in row.kinds}
    for row in shipped:
        if row.rule == AliasRule.NEVER_MERGE:
            never |= {(kind, row.pair): row for kind in row.kinds if (kind, row.pair) not in wanted}
    canonical = follow_all(merges)
    check_apart(never, canonical)
    printed = {key: row.name for key, row in merges.items()}
    for kind, name in {(kind, name): None for (kind, _), name in canonical.items()}:
        # What others are merged into has its own spelling too: "UNITED NATIONS".
        canonical.setdefault((kind, name_key(name)), name)
        printed.setdefault((kind, name_key(name)), name)
    return Aliases(canonical=canonical, printed=printed, never=frozenset(never))


def add_shipped(merges: Merges, decided: AbstractSet[tuple[Kind, frozenset[str]]], shipped: Merges) -> None:
    """Add the shipped merges, but for those that own rows decide and those that lead back from where own rows end."""
    ends = {(kind, name_key(name)) for kind, name in {(kind, name) for (kind, _), name in follow_all(merges).items()}}
    for key, row in shipped.items():
        # Who prefers "Zelensky" to the shipped "Zelenskyy" has "Zelensky" as it is.
        if (key[0], row.pair) not in decided and not (key in ends and leads_back(merges, shipped, key)):
            merges.setdefault(key, row)


def leads_back(own: Merges, shipped: Merges, start: Key) -> bool:
    """Whether shipped merges lead from where an own one ends to where one begins that ends there."""
    kind, key = start
    passed: set[str] = set()
    while key not in passed:
        passed.add(key)
        row = own.get((kind, key)) or shipped.get((kind, key))
        if row is None or row.canonical_key == key:
            return False
        key = row.canonical_key
    return key == start[1]


def merges_of(rows: Iterable[AliasRow]) -> dict[tuple[Kind, str], AliasRow]:
    """The merge of each kind and name; raises NewsmillError when two rows give a name two names."""
    merges: dict[tuple[Kind, str], AliasRow] = {}
    for row in rows:
        for kind in row.kinds:
            other = merges.setdefault((kind, row.key), row)
            if other.canonical_name != row.canonical_name:
                raise NewsmillError(
                    f"{row.where}: {row.name!r} is merged into {row.canonical_name!r}, but into"
                    f" {other.canonical_name!r} in {other.where}."
                )
    return merges


def follow_all(merges: Merges) -> dict[Key, str]:
    """The name at the end of each chain of merges; raises NewsmillError where there is no end."""
    ends: dict[Key, str] = {}
    for start in merges:
        way: dict[Key, AliasRow] = {}
        key = start
        end = None
        while end is None:
            row = way[key] = merges[key]
            following = key[0], row.canonical_key
            if following in way and following != key:
                names = " → ".join(
                    merges[passed].name for passed in [*list(way)[list(way).index(following) :], following]
                )
                raise NewsmillError(f"{row.where}: the merges lead in a circle: {names}.")
            is_last = following == key or following not in merges
            # Each part of a chain is walked once.
            end = row.canonical_name if is_last else ends.get(following)
            key = following
        ends |= dict.fromkeys(way, end)
    return ends


def check_apart(
    never: Mapping[tuple[Kind, frozenset[str]], AliasRow], canonical: Mapping[tuple[Kind, str], str]
) -> None:
    """Raise NewsmillError where merges make one what is never to be one."""
    for (kind, pair), row in never.items():
        ends = {name_key(canonical[kind, key]) if (kind, key) in canonical else key for key in pair}
        if len(ends) == 1:
            raise NewsmillError(
                f"{row.where}: {row.name!r} and {row.canonical_name!r} are never to be merged, but merges lead from"
                f" both to {canonical.get((kind, row.key), row.name)!r}. Take one of the rows out, or merge"
                f" {row.name!r} into itself in the warehouse's own file."
            )


def alias_rows(aliases: Aliases) -> Iterator[dict[str, str]]:
    """The merges as the catalog has them: one row a label and spelling, with the id of the canonical name."""
    for (kind, key), canonical_name in sorted(aliases.canonical.items()):
        for label in (label for label, of in KIND_OF_LABEL.items() if of == kind):
            for spelled in spellings_of(key):
                yield {
                    "label": label,
                    "name": aliases.printed[kind, key],
                    "canonical_name": canonical_name,
                    "entity_id": entity_id(kind, canonical_name),
                    "name_key": spelled,
                }
