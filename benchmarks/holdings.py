"""What a warehouse holds, apart from what depends on the order of arrival: to be compared with another's."""

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from tasks.reporting.checking import run_checks
from tasks.storage.opening import open_warehouse

Holdings = dict[str, Counter[tuple[Any, ...]]]

# Ids, version numbers, times and the kind of accepted outcome may differ between two orders of arrival; these may not.
QUERIES = {
    "articles": "SELECT published_date, headline, text FROM articles",
    "current articles": "SELECT published_date, headline, text FROM current_articles",
    "blocks": """
        SELECT file_id, position_in_file, if(outcome = 'refused', reason, 'accepted') FROM outcomes""",
    # Of two archives with the same bytes the first to be read has the rows of the members.
    "files": "SELECT DISTINCT if(contains(path, '!'), NULL, path), file_id FROM files",
    "copies and their originals": """
        SELECT copy.published_date, copy.headline, copy.text, root.published_date, root.headline, root.text
        FROM current_articles AS copy INNER JOIN current_articles AS root ON root.article_id = copy.duplicate_of""",
    "mentions": """
        SELECT articles.published_date, headline, text, start_char, end_char, label
        FROM articles INNER JOIN entities USING (article_id, version_no)""",
    "refusals": "SELECT file_id, position_in_file, reason, status FROM quarantine",
}

# What a reader in the middle of everything must never see: rows of one commit without the others.
TORN = """
    SELECT
        (SELECT count(*) FROM (
            SELECT article_id, version_no FROM articles LEFT JOIN entities USING (article_id, version_no)
            GROUP BY article_id, version_no, entity_count HAVING count(mention_no) <> entity_count)) AS miscounted,
        (SELECT count(*) FROM articles) AS article_count,
        (SELECT count(*) FROM outcomes WHERE outcome IN ('new', 'new_version', 'near_duplicate')) AS accepted_count,
        (SELECT commit_id FROM snapshot) AS snapshot
"""


def read_holdings(root: Path) -> Holdings:
    """Every row of what is compared, counted: a row twice is one too many."""
    with open_warehouse(root) as connection:
        return {name: Counter(connection.execute(query).fetchall()) for name, query in QUERIES.items()}


def lost_and_doubled(expected: Holdings, found: Holdings) -> dict[str, tuple[int, int]]:
    """Per kind of row, how many are missing and how many are too many."""
    return {name: ((expected[name] - found[name]).total(), (found[name] - expected[name]).total()) for name in QUERIES}


def examples(expected: Holdings, found: Holdings) -> list[str]:
    """The first rows of each kind that are missing or too many."""
    return [
        f"{word}, {name}: {str(row)[:250]}"
        for name in QUERIES
        for word, rows in (("lost", expected[name] - found[name]), ("doubled", found[name] - expected[name]))
        for row in sorted(rows, key=repr)[:4]
    ]


def torn_reads(root: Path) -> list[str]:
    """What is wrong in the eyes of a reader who knows nothing of newsmill and mends nothing; empty when whole."""
    with duckdb.connect(str(root / "catalog.duckdb"), read_only=True) as connection:
        return [str(broken) for broken in run_checks(connection)]


def glob_count(root: Path, table: str = "articles") -> int:
    """Rows of a table that a plain glob finds."""
    pattern = str(root / "tables" / table / "*" / "*.parquet")
    row = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [pattern]).fetchone()
    assert row is not None
    return int(row[0])
