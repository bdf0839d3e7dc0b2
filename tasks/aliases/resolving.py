"""What rows of alias files say together: chains followed, contradictions named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.errors import NewsmillError
from tasks.aliases.keys import KIND_OF_LABEL, Kind, entity_id, name_key
from tasks.aliases.rows import AliasRow, AliasRule


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
    further = merges_of(row for row in shipped if row.rule == AliasRule.MERGE)
    for key, row in further.items():
        if (key[0], row.pair) not in decided:
            merges.setdefault(key, row)
    wanted = {(kind, row.pair) for (kind, _), row in merges.items()}
    never = {(kind, row.pair): row for row in own if row.rule == AliasRule.NEVER_MERGE for kind in row.kinds}
    for row in shipped:
        if row.rule == AliasRule.NEVER_MERGE:
            never |= {(kind, row.pair): row for kind in row.kinds if (kind, row.pair) not in wanted}
    canonical = {key: follow(merges, key) for key in merges}
    check_apart(never, canonical)
    printed = {key: row.name for key, row in merges.items()}
    for (kind, _), name in list(canonical.items()):
        # What others are merged into has its own spelling too: "UNITED NATIONS".
        canonical.setdefault((kind, name_key(name)), name)
        printed.setdefault((kind, name_key(name)), name)
    return Aliases(canonical=canonical, printed=printed, never=frozenset(never))


def merges_of(rows: Iterable[AliasRow]) -> dict[tuple[Kind, str], AliasRow]:
    """The merge of each kind and name; raises NewsmillError when two rows give a name two names."""
    merges: dict[tuple[Kind, str], AliasRow] = {}
    for row in rows:
        for kind in row.kinds:
            other = merges.setdefault((kind, name_key(row.name)), row)
            if other.canonical_name != row.canonical_name:
                raise NewsmillError(
                    f"{row.where}: {row.name!r} is merged into {row.canonical_name!r}, but into"
                    f" {other.canonical_name!r} in {other.where}."
                )
    return merges


def follow(merges: Mapping[tuple[Kind, str], AliasRow], start: tuple[Kind, str]) -> str:
    """The name at the end of a chain of merges; raises NewsmillError when there is no end."""
    kind, key = start
    way = [key]
    row = merges[start]
    while (key := name_key(row.canonical_name)) != way[-1] and (kind, key) in merges:
        if key in way:
            names = " → ".join(merges[kind, passed].name for passed in [*way[way.index(key) :], key])
            raise NewsmillError(f"{row.where}: the merges lead in a circle: {names}.")
        way.append(key)
        row = merges[kind, key]
    return row.canonical_name


def check_apart(
    never: Mapping[tuple[Kind, frozenset[str]], AliasRow], canonical: Mapping[tuple[Kind, str], str]
) -> None:
    """Raise NewsmillError where merges make one what is never to be one."""
    for (kind, pair), row in never.items():
        ends = {name_key(canonical.get((kind, key), key)) for key in pair}
        if len(ends) == 1:
            raise NewsmillError(
                f"{row.where}: {row.name!r} and {row.canonical_name!r} are never to be merged, but merges lead from"
                f" both to {canonical.get((kind, name_key(row.name)), row.name)!r}. Take one of the rows out, or merge"
                f" {row.name!r} into itself in the warehouse's own file."
            )


def alias_rows(aliases: Aliases) -> Iterator[dict[str, str]]:
    """The merges as the catalog has them: one row a label and name, with the id of the canonical name."""
    for (kind, key), canonical_name in sorted(aliases.canonical.items()):
        for label in (label for label, of in KIND_OF_LABEL.items() if of == kind):
            yield {
                "label": label,
                "name": aliases.printed[kind, key],
                "canonical_name": canonical_name,
                "entity_id": entity_id(kind, canonical_name),
            }
