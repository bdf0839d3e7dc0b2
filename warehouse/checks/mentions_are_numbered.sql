-- The mentions of a version are numbered 1, 2, 3 … without gap or repetition.
SELECT
    mention_kind,
    article_id,
    version_no,
    count(*)                   AS row_count,
    count(DISTINCT mention_no) AS number_count,
    min(mention_no)            AS first_no,
    max(mention_no)            AS last_no
FROM (
    SELECT 'entity' AS mention_kind, article_id, version_no, mention_no FROM entities
    UNION ALL
    SELECT 'location', article_id, version_no, mention_no FROM locations
)
GROUP BY mention_kind, article_id, version_no
HAVING number_count <> row_count OR first_no <> 1 OR last_no <> row_count
