"""The rows of an alias file, read from its text."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from schemas.errors import NewsmillError
from tasks.aliases.keys import Kind, name_key

COLUMNS = ("rule", "kind", "name", "canonical_name", "source", "licence")
NEEDED = COLUMNS[:4]
ANY_KIND = "any"
# Python's word for it; the lines counted are those of whole rows.
NEVER_CLOSED = "unexpected end of data"


class AliasRule(StrEnum):
    """What a row says of its two names."""

    MERGE = "merge"
    NEVER_MERGE = "never_merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """One row of an alias file; `where` names file and line for people."""

    rule: AliasRule
    kind: str
    name: str
    canonical_name: str
    where: str
    key: str
    canonical_key: str

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of names that the row is about."""
        return tuple(Kind) if self.kind == ANY_KIND else tuple(map(Kind, self.kind.split("|")))

    @property
    def pair(self) -> frozenset[str]:
        """The keys of the two names."""
        return frozenset([self.key, self.canonical_key])


def parse_rows(text: str, where: str) -> list[AliasRow]:
    """The rows of an alias file; raises NewsmillError on a column that is missing and on a value there is not."""
    lines = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        missing = [column for column in NEEDED if column not in (lines.fieldnames or ())]
        if missing:
            raise NewsmillError(
                f"{where}: the first line names no column {', '.join(missing)}; it is {','.join(COLUMNS)}."
            )
        return [
            parse_row({column: (row[column] or "").strip() for column in NEEDED}, f"{where}, line {lines.line_num}")
            for row in lines
            if any(row[column] for column in NEEDED) and not (row["rule"] or "").startswith("#")
        ]
    except csv.Error as error:
        if str(error) == NEVER_CLOSED:
            sentence = f'{where}, line {lines.line_num + 1}: a quote (") is opened here and never closed.'
            raise NewsmillError(sentence) from error
        raise NewsmillError(f"{where}, line {max(lines.line_num, 1)}: {error}.") from error


def parse_row(row: Mapping[str, str], where: str) -> AliasRow:
    """One row; raises NewsmillError when it says nothing that is known."""
    if row["rule"] not in set(AliasRule):
        raise NewsmillError(f"{where}: a rule is {' or '.join(AliasRule)}, not {row['rule']!r}.")
    if row["kind"] != ANY_KIND and not set(Kind).issuperset(row["kind"].split("|")):
        raise NewsmillError(
            f"{where}: a kind is {', '.join(Kind)}, several of them joined with | or {ANY_KIND}, not {row['kind']!r}."
        )
    key, canonical_key = name_key(row["name"]), name_key(row["canonical_name"])
    if not (key and canonical_key):
        raise NewsmillError(f"{where}: a row needs a name and a canonical_name.")
    if row["rule"] == AliasRule.NEVER_MERGE and key == canonical_key:
        raise NewsmillError(f"{where}: {row['name']!r} and {row['canonical_name']!r} are one name to newsmill already.")
    return AliasRow(
        rule=AliasRule(row["rule"]),
        kind=row["kind"],
        name=row["name"],
        canonical_name=row["canonical_name"],
        where=where,
        key=key,
        canonical_key=canonical_key,
    )
