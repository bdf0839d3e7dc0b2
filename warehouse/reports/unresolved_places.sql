-- Which place names could not be put on the map, and why?
SELECT
    mention.surface,
    mention.unresolved_reason,
    count(*)                           AS mention_count,
    count(DISTINCT mention.article_id) AS article_count
FROM locations AS mention
INNER JOIN original_articles AS article
    ON mention.article_id = article.article_id AND mention.version_no = article.version_no
WHERE mention.unresolved_reason IS NOT NULL
GROUP BY ALL
ORDER BY mention_count DESC, surface, unresolved_reason
LIMIT 100
