"""The SQL of the warehouse: views, macros, reports, checks. One query a file, first comment its question or promise."""

import re
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One .sql file: `name` is the file's stem, `question` its leading comment, `sql` the whole text."""

    name: str
    question: str
    sql: str


def leading_comment(sql: str) -> str:
    """The comment lines at the top of a query, as one sentence or more."""
    words: list[str] = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        words.append(line.removeprefix("--").strip())
    return " ".join(words)


def load_queries(folder: str) -> dict[str, Query]:
    """The queries of `views`, `macros`, `reports` or `checks`, by name, in order of name."""
    names = sorted(entry.name for entry in (files(__name__) / folder).iterdir() if entry.name.endswith(".sql"))
    texts = {name.removesuffix(".sql"): (files(__name__) / folder / name).read_text("utf-8") for name in names}
    return {name: Query(name=name, question=leading_comment(sql), sql=sql) for name, sql in texts.items()}


def load_query(name: str) -> Query:
    """One of the queries that stand beside these folders: a command's own, with parameters or views of its own."""
    sql = (files(__name__) / f"{name}.sql").read_text("utf-8")
    return Query(name=name, question=leading_comment(sql), sql=sql)


def load_views() -> dict[str, Query]:
    """The views by name, each after the views that it reads; raises `graphlib.CycleError` when they go in a circle."""
    views = load_queries("views")
    reads = {name: names_read(view.sql) & (views.keys() - {name}) for name, view in views.items()}
    return {name: views[name] for name in TopologicalSorter(reads).static_order()}


def names_read(sql: str) -> set[str]:
    """The names that stand after FROM or JOIN."""
    return set(re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", re.sub(r"--.*", "", sql)))
