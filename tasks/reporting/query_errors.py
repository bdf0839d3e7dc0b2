"""DuckDB's messages as one line for the user."""

import re

from schemas.errors import NewsmillError

# "LINE 2: SELECT x" and below it a caret under the place; DuckDB cuts long lines and then begins them with "...".
POSITION = re.compile(r"^(LINE (\d+): )(.*)\n( *)\^", re.MULTILINE)


def one_line(message: str) -> str:
    """The first sentence of a message, its hint and its position: "Parser Error: … (line 1, column 8)"."""
    lines = [line.strip() for line in message.split("\n\n", maxsplit=1)[0].splitlines() if line.strip()]
    said = lines[0] if lines else "DuckDB gave no reason."
    hints = [f" {line}" for line in lines[1:2] if line.startswith(("Did you mean", "Candidate bindings"))]
    return "".join([said, *hints, position(message)])


def position(message: str) -> str:
    """Where in the query, as " (line 1, column 8)"; empty when the message does not show it."""
    found = POSITION.search(message)
    if found is None:
        return ""
    prefix, line, excerpt, indent = found.groups()
    if excerpt.startswith("..."):
        return f" (line {line})"
    return f" (line {line}, column {len(indent) - len(prefix) + 1})"


def stopped() -> NewsmillError:
    """The error for a query that took longer than it may."""
    return NewsmillError("The query took longer than its time limit and was stopped.")
