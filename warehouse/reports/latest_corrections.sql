-- Which articles were corrected last, what changed, and how long after?
SELECT
    arrived_at,
    published_date,
    article_id,
    version_no,
    previous_headline,
    headline,
    words_added,
    round(hours_after, 1) AS hours_after
FROM corrections
ORDER BY arrived_at DESC, article_id, version_no
LIMIT 100
