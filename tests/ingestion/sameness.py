"""What must be the same in two warehouses of the same files, whoever prepared the batches and in whatever order.

Ids, versions, times and which of equal copies came first may differ; what is left is compared whole, column by column.
"""

from typing import Any

from tests.ingestion.mill import Mill

# The first path of equal articles names the file they are first found in.
BY_ARRIVAL = (
    "article_id, version_no, file_id, position_in_file, source, first_seen_at, ingested_at, run_id, duplicate_of"
)

SAME = {
    "articles": f"""
        SELECT articles.* EXCLUDE ({BY_ARRIVAL}), root.published_date AS root_date, root.headline AS root_headline,
            root.text AS root_text
        FROM articles LEFT JOIN articles root ON articles.duplicate_of = root.article_id
        ORDER BY ALL""",
    "entities": """
        SELECT articles.content_hash, entities.* EXCLUDE (article_id, version_no)
        FROM entities JOIN articles USING (article_id, version_no)
        ORDER BY ALL""",
    "locations": """
        SELECT articles.content_hash, locations.* EXCLUDE (article_id, version_no)
        FROM locations JOIN articles USING (article_id, version_no)
        ORDER BY ALL""",
    # Of equal bytes the first path is read or refused, and the others are duplicates of it.
    "files": """
        SELECT coalesce(file_id, path), list_sort(list(path)), list_sort(list(modified_at)), max(size_bytes),
            count(*) FILTER (outcome = 'duplicate'), max(outcome) FILTER (outcome <> 'duplicate'), max(reason),
            max(detail), max(article_count)
        FROM files
        GROUP BY ALL
        ORDER BY ALL""",
    "outcomes": """
        SELECT outcomes.file_id, outcomes.position_in_file, outcome = 'refused', reason, detail, articles.content_hash
        FROM outcomes LEFT JOIN articles USING (article_id, version_no)
        ORDER BY ALL""",
    "quarantine": """
        SELECT file_id, position_in_file, reason, detail, status, attempts
        FROM quarantine
        ORDER BY ALL""",
    "runs": """
        SELECT kind, status, sum(files_read + files_duplicate), sum(files_skipped), sum(files_refused),
            sum(articles_new + articles_new_version + articles_unchanged + articles_exact_duplicate
                + articles_near_duplicate), sum(articles_refused)
        FROM runs
        GROUP BY ALL
        ORDER BY ALL""",
}


def differences(first: Mill, second: Mill) -> dict[str, tuple[list[Any], list[Any]]]:
    """By table the rows that only the first warehouse has and those that only the second has; empty when none."""
    found = {}
    for table, query in SAME.items():
        rows, others = first.rows(query), second.rows(query)
        if rows != others:
            found[table] = ([row for row in rows if row not in others], [row for row in others if row not in rows])
    return found
