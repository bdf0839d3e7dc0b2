"""What a user's query may be: exactly one SELECT in any of its spellings, or EXPLAIN of one.

DuckDB's statement type is not enough: `EXPLAIN ANALYZE COPY …` counts as EXPLAIN and `WITH x AS (COPY … TO …) SELECT 1`
as SELECT, and both write files, also over a read-only catalog. So the parsed tree is looked through as well.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from schemas.errors import WrongUse
from tasks.reporting.query_errors import one_line
from warehouse import load_queries

# Every other kind (COPY_QUERY_NODE, INSERT_QUERY_NODE …) changes something.
READING_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}

# Table functions that make rows or describe the catalog. Others open files (read_parquet, glob), run text that was
# not looked through (query, json_execute_serialized_sql) or change settings (enable_logging, checkpoint).
READING_FUNCTIONS = {
    "range",
    "generate_series",
    "unnest",
    "repeat",
    "repeat_row",
    "json_each",
    "json_tree",
    "duckdb_columns",
    "duckdb_functions",
    "duckdb_keywords",
    "duckdb_settings",
    "duckdb_tables",
    "duckdb_types",
    "duckdb_views",
    "pragma_version",
    "sql_auto_complete",
}
# Newsmill's own, which read the tables and views.
READING_FUNCTIONS |= load_queries("macros").keys()
WRITING_SCALARS = {"write_log"}

# DuckDB reads a file where no table has the name: FROM 'part.parquet'.
FILE_NAME = re.compile(r"[./\\:*?\[]")


def parse_query(query: str) -> str:
    """The one statement of a query that only reads; raises WrongUse, in one line, for everything else."""
    try:
        query.encode()
        statements = duckdb.extract_statements(query)
    except UnicodeEncodeError:
        raise WrongUse("The query is not valid UTF-8.") from None
    except duckdb.Error as error:
        raise WrongUse(one_line(str(error))) from None
    if len(statements) != 1:
        raise WrongUse(f"Give one query; this is {len(statements)} statements.")
    statement = statements[0]
    if statement.type is duckdb.StatementType.EXPLAIN:
        refuse_writing(explained_part(query))
    elif statement.type is duckdb.StatementType.SELECT:
        refuse_writing(query)
    elif statement.type is duckdb.StatementType.MULTI:
        raise WrongUse("PIVOT needs its columns named: PIVOT … ON label IN ('PERSON', 'ORG').")
    else:
        raise WrongUse(
            f"Only queries that read are run (SELECT, FROM, DESCRIBE, EXPLAIN …), not {statement.type.name}."
        )
    return str(statement.query)


def explained_part(query: str) -> str:
    """What follows EXPLAIN, ANALYZE and options in parentheses, as text."""
    words = [
        (start, query[start:end].strip().upper())
        for start, end in token_spans(query)
        if not query[start:end].startswith(("--", "/*"))
    ]
    at = 1
    if words[at][1] == "(":
        at = next((i for i, (_, word) in enumerate(words) if word == ")"), at) + 1
    while at < len(words) and words[at][1] in {"ANALYZE", "VERBOSE"}:
        at += 1
    return query[words[at][0] :] if at < len(words) else ""


def token_spans(query: str) -> Iterator[tuple[int, int]]:
    """Start and end of every token; DuckDB counts bytes in UTF-8, Python characters."""
    encoded = query.encode()
    starts = [len(encoded[:offset].decode()) for offset, _ in duckdb.tokenize(query)]
    yield from zip(starts, [*starts[1:], len(query)], strict=True)


def refuse_writing(query: str) -> None:
    """Raise WrongUse unless every node of the parsed query only reads."""
    with duckdb.connect() as parser:
        (serialized,) = parser.execute("SELECT json_serialize_sql($1)", [query]).fetchone() or ("{}",)
    tree = json.loads(serialized)
    if tree["error"]:
        raise WrongUse(f"Only queries that read are run: {tree['error_message']}")
    for node in nodes(tree):
        refuse_node(node)


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the parsed query, however deep."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def refuse_node(node: dict[str, Any]) -> None:
    """Raise WrongUse when a node of the parsed query does more than read the tables."""
    kind = str(node.get("type"))
    if kind.endswith("_NODE") and kind not in READING_NODES:
        raise WrongUse(f"Only queries that read are run, not {kind.split('_', maxsplit=1)[0]} inside WITH.")
    name = str(node.get("function_name") or "").lower()
    if name in WRITING_SCALARS:
        raise WrongUse(f"The function {name} is not available here.")
    table = str(node.get("table_name") or "")
    if FILE_NAME.search(table):
        raise WrongUse(f"{table} is a file; query the tables and views by name.")
    if kind == "TABLE_FUNCTION":
        called = str((node.get("function") or {}).get("function_name") or "").lower()
        if called not in READING_FUNCTIONS:
            raise WrongUse(f"The table function {called} is not available here; query the tables and views by name.")
