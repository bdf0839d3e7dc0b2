-- The versions of an article are numbered 1, 2, 3 … without gap or repetition.
SELECT
    article_id,
    count(*)                   AS row_count,
    count(DISTINCT version_no) AS number_count,
    min(version_no)            AS first_no,
    max(version_no)            AS last_no
FROM articles
GROUP BY article_id
HAVING number_count <> row_count OR first_no <> 1 OR last_no <> row_count
