"""DuckDB's messages as one line for the user."""

import re

from schemas.errors import NewsmillError
from tasks.storage.trouble import store_sentence

# "LINE 2: SELECT x" and below it a caret under the place; DuckDB cuts long lines and then begins them with "...".
POSITION = re.compile(r"^(LINE (\d+): )(.*)\n( *)\^", re.MULTILINE)


def one_line(message: str) -> str:
    """The first sentence of a message, its hint and its position: "Parser Error: … (line 1, column 8)"."""
    lines = [line.strip() for line in message.split("\n\n", maxsplit=1)[0].splitlines() if line.strip()]
    said = lines[0] if lines else "DuckDB gave no reason."
    if said.startswith("Traceback"):  # of Python's way to a file on S3; the error is its last line
        return lines[-1]
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


# A page that cannot be unpacked is told without a kind of error, and without its file.
KIND = re.compile(r"[A-Z][A-Za-z ]+ Error: ")
PART = re.compile(r"/store/[^\"']*\.parquet")
LONGEST_MESSAGE = 300
GONE = ("No such file", "No files found that match")
# These quote the query, in which the name of a file may stand.
OF_THE_QUERY = ("Binder", "Catalog", "Conversion", "Out of Range", "Parser", "Permission")


def damage_told(error: BaseException) -> NewsmillError | None:
    """What to do about a file of the warehouse that DuckDB cannot read; None when the error tells of something else."""
    if trouble := store_sentence(error):
        return NewsmillError(trouble)
    text = str(error)
    if KIND.match(text) and (text.startswith(OF_THE_QUERY) or not PART.search(text)):
        return None
    said = one_line(text)[:LONGEST_MESSAGE].rstrip(".")
    if any(words in text for words in GONE):
        return NewsmillError(
            f"A file of the warehouse is no longer there: {said}. What was opened days ago shows files that upkeep has"
            " deleted since: open it anew. `newsmill maintain --verify` says whether one is lost, `newsmill maintain"
            " --repair` makes its rows again."
        )
    return NewsmillError(
        f"A file of the warehouse cannot be read: {said}. `newsmill maintain --verify` says which are damaged,"
        " `newsmill maintain --repair` makes their rows again."
    )


def stopped() -> NewsmillError:
    """The error for a query that took longer than it may."""
    return NewsmillError("The query took longer than its time limit and was stopped.")
