-- Which source folder delivers how much, and when did it last deliver?
SELECT
    coalesce(article.source, '')                                  AS source,
    count(*) FILTER (WHERE article.duplicate_of IS NULL)          AS article_count,
    count(*) FILTER (WHERE article.duplicate_of IS NOT NULL)      AS duplicate_count,
    CAST(coalesce(sum(article.word_count) FILTER (WHERE article.duplicate_of IS NULL), 0) AS BIGINT) AS word_count,
    min(article.published_date)                                   AS first_date,
    max(article.published_date)                                   AS last_date,
    max(article.first_seen_at)                                    AS last_arrival_at
FROM current_articles AS article
GROUP BY article.source
ORDER BY article_count DESC, source
