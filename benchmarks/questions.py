"""What people ask a warehouse beside its reports: a month, a week, one article."""

from pathlib import Path
from string import Template

from tasks.storage.opening import open_warehouse

# The month is one in the middle; the article is of it and has two versions, where there is such a one.
QUESTIONS = {
    "a month's articles": "SELECT * FROM current_articles WHERE published_month = '$month'",
    "a month's articles with their names": """
        SELECT article.article_id, article.published_date, article.headline, article.text, mention.mention_no,
            mention.label, mention.canonical_name
        FROM current_articles AS article
        INNER JOIN entities AS mention
            ON article.article_id = mention.article_id AND article.version_no = mention.version_no
                AND article.published_month = mention.published_month
        WHERE article.published_month = '$month'""",
    "a week's names": """
        SELECT * FROM article_entities WHERE published_date BETWEEN '$month-08' AND '$month-14'""",
    "the people of a month": """
        SELECT canonical_name, count(DISTINCT article_id) AS article_count
        FROM article_entities
        WHERE published_month = '$month' AND label = 'PERSON'
        GROUP BY canonical_name
        ORDER BY article_count DESC, canonical_name
        LIMIT 50""",
    "what a month's articles are about": """
        SELECT * FROM article_places WHERE published_month = '$month' AND place_rank = 1""",
    "a week's places": """
        SELECT * FROM resolved_places WHERE published_date BETWEEN '$month-08' AND '$month-14'""",
    "one article": "SELECT * FROM articles WHERE article_id = '$article'",
    "one article's names": "SELECT * FROM article_entities WHERE article_id = '$article'",
    "one article's places": "SELECT * FROM article_places WHERE article_id = '$article'",
}


def questions(warehouse: Path) -> dict[str, str]:
    """The questions about a month and an article that the warehouse has."""
    with open_warehouse(warehouse) as connection:
        found = connection.execute(
            "SELECT published_month, arg_max(article_id, (version_no, article_id)) FROM articles"
            " GROUP BY published_month ORDER BY published_month"
        ).fetchall()
    month, article = found[len(found) // 2]
    return {name: Template(sql).substitute(month=month, article=article) for name, sql in QUESTIONS.items()}
