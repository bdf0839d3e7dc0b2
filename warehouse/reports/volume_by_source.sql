-- Which source folder delivers how much, and when did it last deliver?

-- duplicate_count: articles that repeat another; identical_count: what came word for word and is not stored again.
WITH stored AS (
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
),

repeated AS (
    SELECT
        coalesce(copy.source, '')   AS source,
        count(*)                    AS identical_count,
        min(article.published_date) AS first_date,
        max(article.published_date) AS last_date,
        max(copy.arrived_at)        AS last_arrival_at
    FROM identical_copies AS copy
    INNER JOIN current_articles AS article
        ON copy.article_id = article.article_id
    GROUP BY copy.source
)

SELECT
    coalesce(stored.source, repeated.source)                    AS source,
    coalesce(stored.article_count, 0)                           AS article_count,
    coalesce(stored.duplicate_count, 0)                         AS duplicate_count,
    coalesce(repeated.identical_count, 0)                       AS identical_count,
    coalesce(stored.word_count, 0)                              AS word_count,
    least(stored.first_date, repeated.first_date)               AS first_date,
    greatest(stored.last_date, repeated.last_date)              AS last_date,
    greatest(stored.last_arrival_at, repeated.last_arrival_at)  AS last_arrival_at
FROM stored
FULL JOIN repeated
    ON stored.source = repeated.source
ORDER BY article_count DESC, source
