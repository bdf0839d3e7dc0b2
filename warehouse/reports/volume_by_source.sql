-- Which source folder delivers how much, and when did it last deliver?
SELECT
    coalesce(source, '')                                  AS source,
    count(*) FILTER (WHERE duplicate_of IS NULL)          AS article_count,
    count(*) FILTER (WHERE duplicate_of IS NOT NULL)      AS duplicate_count,
    CAST(coalesce(sum(word_count) FILTER (WHERE duplicate_of IS NULL), 0) AS BIGINT) AS word_count,
    min(published_date)                                   AS first_date,
    max(published_date)                                   AS last_date,
    max(first_seen_at)                                    AS last_arrival_at
FROM current_articles
GROUP BY ALL
ORDER BY article_count DESC, source
