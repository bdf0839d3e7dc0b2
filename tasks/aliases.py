"""The alias files: which names are one in every article, and which never are.

Newsmill brings `seeds/reference/name_aliases.csv`; a warehouse may have its own `name_aliases.csv`, which goes before.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b, sha256
from io import StringIO
from pathlib import Path

import seeds
from schemas.errors import NewsmillError

FILE_NAME = "name_aliases.csv"
SHIPPED = Path(seeds.__file__ or "seeds/__init__.py").parent / "reference" / FILE_NAME
COLUMNS = ("rule", "kind", "name", "canonical_name", "source", "licence")
NEEDED = COLUMNS[:4]


class AliasRule(StrEnum):
    """What a row says of its two names."""

    MERGE = "merge"
    NEVER_MERGE = "never_merge"


class Kind(StrEnum):
    """What a name is of; an entity's id is made of its kind and its name."""

    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    PLACE = "place"
    OTHER = "other"


ANY_KIND = "any"
KIND_OF_LABEL: Mapping[str, Kind] = {
    "PERSON": Kind.PERSON,
    "ORG": Kind.ORGANISATION,
    "NORP": Kind.GROUP,
    "GPE": Kind.PLACE,
    "LOC": Kind.PLACE,
    "FAC": Kind.PLACE,
} | dict.fromkeys(["PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"], Kind.OTHER)
BRITISH = {"organisation": "organization", "defence": "defense", "labour": "labor", "centre": "center"}
LETTERS_WITHOUT_ACCENT = str.maketrans({"\u0131": "i", "\u0142": "l", "\u00f8": "o", "\u0111": "d"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """One row of an alias file; `where` names file and line for people."""

    rule: AliasRule
    kind: str
    name: str
    canonical_name: str
    where: str

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of names that the row is about."""
        return tuple(Kind) if self.kind == ANY_KIND else tuple(map(Kind, self.kind.split("|")))

    @property
    def pair(self) -> frozenset[str]:
        """The keys of the two names."""
        return frozenset([name_key(self.name), name_key(self.canonical_name)])


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


def entity_id(kind: str, canonical_name: str) -> str:
    """16 hexadecimal digits, equal for equal kind and name whatever the article or the case."""
    return sha256(f"{kind}:{canonical_name.casefold()}".encode()).hexdigest()[:16]


def fold_name(words: str) -> str:
    """Lower case without accents and full stops: "Erdoğan" and "Erdogan", "U.N." and "UN" are one name."""
    folded = words.casefold().replace("\u2019", "'").replace(".", "")
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
        folded = folded.translate(LETTERS_WITHOUT_ACCENT)
    return folded


def name_key(words: str) -> str:
    """Equal for names that differ in case, accents, full stops and British spelling."""
    return " ".join(BRITISH.get(word, word) for word in fold_name(words).split())


def own_file(warehouse: Path) -> Path:
    """The alias file of a warehouse, whether or not there is one."""
    return warehouse / FILE_NAME


@cache
def load_shipped() -> Aliases:
    """What newsmill's own file says."""
    return resolve_rows(parse_rows(SHIPPED.read_text("utf-8"), SHIPPED.name))


def load_aliases(warehouse: Path) -> Aliases:
    """What the warehouse's file and newsmill's say; raises NewsmillError with file and line of a bad one."""
    own = read_own(warehouse)
    if own is None:
        return load_shipped()
    shipped = parse_rows(SHIPPED.read_text("utf-8"), SHIPPED.name)
    return resolve_rows(parse_rows(own, str(own_file(warehouse))), shipped)


def read_own(warehouse: Path) -> str | None:
    """The text of the warehouse's file, None without one; raises NewsmillError when it cannot be read."""
    file = own_file(warehouse)
    try:
        return file.read_text("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise NewsmillError(f"{file} cannot be read as UTF-8 text: {error}.") from error


def alias_mark(warehouse: Path) -> str:
    """Differs when one of the files does; reads neither's rows."""
    own = read_own(warehouse)
    return blake2b(SHIPPED.read_bytes() + b"\0" + (own or "").encode(), digest_size=8).hexdigest()


def parse_rows(text: str, where: str) -> list[AliasRow]:
    """The rows of an alias file; raises NewsmillError on a column that is missing and on a value there is not."""
    lines = csv.DictReader(StringIO(text))
    missing = [column for column in NEEDED if column not in (lines.fieldnames or ())]
    if missing:
        raise NewsmillError(f"{where}: the first line names no column {', '.join(missing)}; it is {','.join(COLUMNS)}.")
    try:
        return [
            parse_row({column: (row[column] or "").strip() for column in NEEDED}, f"{where}, line {lines.line_num}")
            for row in lines
            if any(row[column] for column in NEEDED) and not (row["rule"] or "").startswith("#")
        ]
    except csv.Error as error:
        raise NewsmillError(f"{where}, line {lines.line_num}: {error}.") from error


def parse_row(row: Mapping[str, str], where: str) -> AliasRow:
    """One row; raises NewsmillError when it says nothing that is known."""
    if row["rule"] not in set(AliasRule):
        raise NewsmillError(f"{where}: a rule is {' or '.join(AliasRule)}, not {row['rule']!r}.")
    if row["kind"] != ANY_KIND and not set(Kind).issuperset(row["kind"].split("|")):
        raise NewsmillError(
            f"{where}: a kind is {', '.join(Kind)}, several of them joined with | or {ANY_KIND}, not {row['kind']!r}."
        )
    if not (name_key(row["name"]) and row["canonical_name"]):
        raise NewsmillError(f"{where}: a row needs a name and a canonical_name.")
    return AliasRow(
        rule=AliasRule(row["rule"]),
        kind=row["kind"],
        name=row["name"],
        canonical_name=row["canonical_name"],
        where=where,
    )


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
                f" {row.name!r} into itself in the warehouse's {FILE_NAME}."
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
