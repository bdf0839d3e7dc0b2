-- What was observed about the articles while they were read?
SELECT
    flag,
    count(*) AS article_count
FROM (SELECT unnest(flags) AS flag FROM current_articles)
GROUP BY flag
ORDER BY article_count DESC, flag
