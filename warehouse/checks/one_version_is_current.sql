-- Exactly one version of every article is current.
SELECT
    article_id,
    count(*) FILTER (WHERE is_current) AS current_count
FROM articles
GROUP BY article_id
HAVING current_count <> 1
