-- Which versions has the article whose id begins so, and when did each arrive?
SELECT
    article.article_id,
    article.version_no,
    article.text,
    coalesce(outcome.ingested_at, article.first_seen_at) AS arrived_at
FROM articles AS article
LEFT JOIN outcomes AS outcome
    ON article.file_id = outcome.file_id AND article.position_in_file = outcome.position_in_file
WHERE starts_with(article.article_id, $1)
ORDER BY article.article_id, article.version_no
