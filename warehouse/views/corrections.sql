-- What changed when an article arrived again with other words?
-- One row a version after an article's first, beside the version that arrived before it; copies of other articles
-- included, with their duplicate_of. hours_after is from arrival to arrival: null when one run brought both, since that
-- says nothing of when they were published.
WITH arrived AS (
    SELECT
        article.*,
        outcome.ingested_at AS arrived_at
    FROM articles AS article
    LEFT JOIN outcomes AS outcome
        ON
            article.article_id = outcome.article_id
            AND article.version_no = outcome.version_no
            AND outcome.outcome IN ('new', 'new_version', 'near_duplicate')
    -- Nine articles in ten have one version: they are not read any further.
    WHERE article.article_id IN (SELECT article_id FROM articles WHERE version_no > 1)
),

beside AS (
    SELECT
        article_id,
        version_no,
        is_current,
        published_date,
        published_month,
        source,
        duplicate_of,
        run_id,
        lag(run_id) OVER versions                 AS previous_run_id,
        arrived_at,
        lag(version_no) OVER versions             AS previous_version_no,
        lag(arrived_at) OVER versions             AS previous_arrived_at,
        lag(published_date) OVER versions         AS previous_published_date,
        headline,
        lag(headline) OVER versions               AS previous_headline,
        text,
        lag(text) OVER versions                   AS previous_text,
        word_count - lag(word_count) OVER versions AS words_added
    FROM arrived
    WINDOW versions AS (PARTITION BY article_id ORDER BY version_no)
)

SELECT
    * EXCLUDE (run_id, previous_run_id),
    headline <> previous_headline                                                   AS headline_changed,
    CASE
        WHEN run_id <> previous_run_id THEN CAST(date_diff('second', previous_arrived_at, arrived_at) / 3600 AS DOUBLE)
    END                                                                             AS hours_after
FROM beside
WHERE previous_version_no IS NOT NULL
