-- How much news was there each day from each source folder?
SELECT
    article.published_date,
    coalesce(article.source, '')                             AS source,
    count(*) FILTER (WHERE article.duplicate_of IS NULL)     AS article_count,
    count(*) FILTER (WHERE article.duplicate_of IS NOT NULL) AS duplicate_count,
    CAST(coalesce(sum(article.word_count) FILTER (WHERE article.duplicate_of IS NULL), 0) AS BIGINT) AS word_count
FROM current_articles AS article
GROUP BY article.published_date, article.source
ORDER BY article.published_date, source
