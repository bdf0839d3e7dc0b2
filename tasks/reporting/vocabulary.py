"""What may come next in a query that is being written: tables, views, columns, functions, keywords."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import duckdb

from warehouse import load_query

# What cannot end a statement, nor begin a word of SQL: strings, quoted names, comments.
ENCLOSED = re.compile(
    r"""\b[eE]'(?:\\.|''|[^'\\])*'|(?<!\b[eE])'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*(?:\n|$)|/\*.*?\*/|"""
    r"""(\$\w*\$).*?\1""",
    re.DOTALL,
)
OPEN = re.compile(r"""['"]|/\*|\$\w*\$""")

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# The word at the cursor, and before a dot the relation whose column it is.
AT_CURSOR = re.compile(r"(?:\b([A-Za-z_]\w*)\.)?(\w*)$")
BEFORE_RELATION = re.compile(r"\b(?:FROM|JOIN|DESCRIBE|SUMMARIZE|TABLE)\s+\w*$", re.IGNORECASE)
# `FROM articles AS a`, `JOIN articles a`
ALIASED = re.compile(r"\b(?:FROM|JOIN)\s+([A-Za-z_]\w*)\s+(?:AS\s+)?([A-Za-z_]\w*)", re.IGNORECASE)


class Suggestion(NamedTuple):
    """A word that may stand at the cursor, and what it is."""

    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of a warehouse's SQL."""

    relations: list[str]
    columns: Annotated[dict[str, list[str]], "By relation."]
    functions: list[str]
    keywords: list[str]

    def suggest(self, before: str, after: str = "") -> Iterator[Suggestion]:
        """The words that go on from the text before the cursor, the likelier kinds first."""
        if OPEN.search(ENCLOSED.sub(" ", before)):
            return
        found = AT_CURSOR.search(before)
        owner, begun = found.groups() if found else (None, "")
        if owner:
            yield from matching(self.columns_of(owner, before + after), begun, "column")
            return
        if BEFORE_RELATION.search(before):
            yield from matching(self.relations, begun, "table or view")
            return
        if begun:
            yield from matching(self.columns_of(None, before + after), begun, "column")
            yield from matching(self.relations, begun, "table or view")
            yield from matching(map(str.lower if begun.islower() else str.upper, self.keywords), begun, "keyword")
            yield from matching(self.functions, begun, "function")

    def columns_of(self, owner: str | None, text: str) -> list[str]:
        """The columns of a relation or its alias; without one, of all that the text names; where it names none, all."""
        aliases = {alias.lower(): relation.lower() for relation, alias in ALIASED.findall(text)}
        if owner:
            return self.columns.get(aliases.get(owner.lower(), owner.lower()), [])
        named = self.columns.keys() & {word.lower() for word in WORD.findall(text)}
        return sorted({column for relation in named or self.columns for column in self.columns[relation]})


def matching(words: Iterable[str], begun: str, kind: str) -> Iterator[Suggestion]:
    """The words that begin so, whatever their case."""
    return (Suggestion(word, kind) for word in words if word.lower().startswith(begun.lower()))


def load_vocabulary(connection: duckdb.DuckDBPyConnection) -> Vocabulary:
    """The words of the warehouse that the connection shows."""
    words: dict[str, list[str]] = defaultdict(list)
    columns: dict[str, list[str]] = defaultdict(list)
    for kind, word, owner in connection.sql(load_query("vocabulary").sql).fetchall():
        (columns[owner] if owner else words[kind]).append(word)
    return Vocabulary(
        relations=words["relation"], columns=dict(columns), functions=words["function"], keywords=words["keyword"]
    )


def is_whole(text: str) -> bool:
    """Whether a query ends: with a semicolon that stands in no string, name or comment."""
    plain = ENCLOSED.sub(" ", text)
    return plain.rstrip().endswith(";") and not OPEN.search(plain)
