-- What became of the articles since a snapshot?
-- One row a version that was added or derived otherwise; `before` holds the articles in files removed since, `after`
-- those in files added since and still there. Rows that only moved to another file are not listed. `gone` are the
-- articles taken down since: a copy has to drop every version of them.
WITH compared AS (
    SELECT
        after.article_id,
        after.version_no,
        after.published_date,
        after.headline,
        after.source,
        after.is_current,
        after.duplicate_of,
        before.article_id IS NULL         AS is_added,
        list_filter([
            CASE WHEN before.headline IS DISTINCT FROM after.headline THEN 'headline' END,
            CASE WHEN before.text IS DISTINCT FROM after.text THEN 'text' END,
            CASE WHEN before.standfirst IS DISTINCT FROM after.standfirst THEN 'standfirst' END,
            CASE WHEN before.published_date IS DISTINCT FROM after.published_date THEN 'published_date' END,
            CASE WHEN before.is_current IS DISTINCT FROM after.is_current THEN 'is_current' END,
            CASE WHEN before.duplicate_of IS DISTINCT FROM after.duplicate_of THEN 'duplicate_of' END,
            CASE WHEN before.similarity IS DISTINCT FROM after.similarity THEN 'similarity' END,
            CASE WHEN before.flags IS DISTINCT FROM after.flags THEN 'flags' END,
            CASE WHEN before.published_at IS DISTINCT FROM after.published_at THEN 'published_at' END,
            CASE WHEN before.language IS DISTINCT FROM after.language THEN 'language' END,
            CASE WHEN before.byline IS DISTINCT FROM after.byline THEN 'byline' END,
            CASE WHEN before.enrichment_status IS DISTINCT FROM after.enrichment_status THEN 'enrichment_status' END,
            -- Set whenever the row and its mentions were derived again.
            CASE WHEN before.ingested_at IS DISTINCT FROM after.ingested_at THEN 'mentions' END
        ], lambda name: name IS NOT NULL) AS changed
    FROM after
    LEFT JOIN before
        ON before.article_id = after.article_id AND before.version_no = after.version_no
)

SELECT
    CASE
        WHEN is_added AND version_no = 1 THEN 'new'
        WHEN is_added THEN 'new_version'
        WHEN list_has_any(changed, ['headline', 'text', 'standfirst', 'published_date', 'published_at', 'byline'])
            THEN 'changed'
        WHEN list_has_any(changed, ['duplicate_of', 'similarity', 'flags']) THEN 'flagged'
        WHEN list_contains(changed, 'is_current') AND NOT is_current THEN 'superseded'
        WHEN list_contains(changed, 'is_current') THEN 'current_again'
        ELSE 'enriched'
    END                                                                AS change,
    article_id,
    version_no,
    published_date,
    source,
    headline,
    duplicate_of,
    CASE WHEN is_added THEN CAST([] AS VARCHAR[]) ELSE changed END AS changed
FROM compared
WHERE is_added OR len(changed) > 0
UNION ALL
SELECT 'forgotten', article_id, NULL, NULL, NULL, NULL, NULL, CAST([] AS VARCHAR[])
FROM gone
ORDER BY published_date NULLS FIRST, article_id, version_no
