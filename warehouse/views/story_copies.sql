-- Who told a story again, when, and how alike?
-- One row a story and an article or file that repeats it, the first copy first (copy_no 1: by day, then by arrival).
-- copy_kind: near or exact, an article of its own with duplicate_of; identical, the same date, headline and text under
-- another path, of which only the path is kept (article_id is then that of the article it repeats).
WITH copies AS (
    SELECT
        article.duplicate_of   AS original_id,
        article.duplicate_kind AS copy_kind,
        article.article_id,
        article.published_date,
        article.headline,
        article.source,
        file.path,
        article.similarity,
        article.first_seen_at  AS arrived_at
    FROM current_articles AS article
    LEFT JOIN files AS file
        ON article.file_id = file.file_id AND file.outcome = 'read'
    WHERE article.duplicate_of IS NOT NULL
    UNION ALL
    SELECT
        coalesce(article.duplicate_of, article.article_id),
        'identical',
        article.article_id,
        article.published_date,
        article.headline,
        identical.source,
        identical.path,
        1.0,
        identical.arrived_at
    FROM identical_copies AS identical
    INNER JOIN current_articles AS article
        ON identical.article_id = article.article_id
)

SELECT
    original.article_id     AS original_id,
    original.published_date AS original_date,
    original.headline       AS original_headline,
    original.source         AS original_source,
    CAST(row_number() OVER (
        PARTITION BY original.article_id
        ORDER BY copy.published_date, copy.arrived_at, copy.path, copy.article_id
    ) AS INTEGER)           AS copy_no,
    copy.copy_kind,
    copy.article_id,
    copy.published_date,
    copy.headline,
    copy.source,
    copy.path,
    copy.similarity,
    copy.arrived_at
FROM copies AS copy
INNER JOIN current_articles AS original
    ON copy.original_id = original.article_id
