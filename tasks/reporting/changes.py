"""What became of the articles since a snapshot: for consumers downstream that copy what is new."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.errors import NewsmillError
from schemas.tables import ARTICLES
from tasks.reporting.querying import BATCH_ROWS
from tasks.storage.catalog import table_query
from tasks.storage.ledger import last_commit, oldest_snapshot, parts_at
from tasks.storage.objects import objects_of
from tasks.storage.opening import find_snapshot, reading
from warehouse import load_query

TAKEN_DOWN = (
    "SELECT mark FROM forgotten JOIN commits ON commit_key = forgotten.run_id || '/forget'"
    " WHERE forgotten.kind = 'article' AND commit_id > ? ORDER BY mark"
)
EMPTY = 0  # the warehouse before its first commit: everything is new since then


@contextmanager
def changes_since(root: Path, since: str) -> Iterator[pa.RecordBatchReader]:
    """One row an article version that is new or otherwise since a snapshot number or time.

    Costs what changed, since only files added and removed meanwhile are read. Raises WrongUse when there is no such
    snapshot, NewsmillError when it has expired.
    """
    with reading(root) as (warehouse, ledger):
        commit_id = EMPTY if since == str(EMPTY) else find_snapshot(ledger, since)
        if EMPTY < commit_id < oldest_snapshot(ledger):
            oldest = oldest_snapshot(ledger)
            raise NewsmillError(
                f"Snapshot {commit_id} has expired, the oldest kept is {oldest}; copy everything anew with --since 0."
            )
        then = {part for part in parts_at(ledger, commit_id) if part.table_name == ARTICLES.name}
        now = {part for part in parts_at(ledger, last_commit(ledger)) if part.table_name == ARTICLES.name}
        gone = [] if commit_id == EMPTY else [mark for (mark,) in ledger.execute(TAKEN_DOWN, (commit_id,))]
        with duckdb.connect() as connection:
            objects_of(warehouse).serve(connection)
            connection.execute("CREATE TABLE gone AS SELECT unnest($1::VARCHAR[]) AS article_id", [gone])
            for name, parts in (("before", then - now), ("after", now - then)):
                ordered = sorted(parts, key=lambda part: part.path)
                connection.execute(f"CREATE VIEW {name} AS {table_query(warehouse, ARTICLES, ordered)}")
            yield connection.sql(load_query("changes").sql).to_arrow_reader(BATCH_ROWS)
