-- How much of the news is corrected, and how soon?
SELECT
    published_month,
    count(*)                                  AS correction_count,
    count(DISTINCT article_id)                AS article_count,
    count(*) FILTER (WHERE headline_changed)  AS headline_change_count,
    round(median(hours_after), 1)             AS median_hours_after
FROM corrections
GROUP BY published_month
ORDER BY published_month
