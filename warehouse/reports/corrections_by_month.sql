-- How much of each month's news was corrected, and how soon?

-- Each story once: an article counts in its own month, with all of its corrections.
SELECT
    article.published_month,
    count(DISTINCT article.article_id)                         AS article_count,
    count(DISTINCT correction.article_id)                      AS corrected_count,
    count(correction.article_id)                               AS correction_count,
    count(*) FILTER (WHERE correction.headline_changed)        AS headline_change_count,
    round(median(correction.hours_after), 1)                   AS median_hours_after
FROM original_articles AS article
LEFT JOIN corrections AS correction
    ON article.article_id = correction.article_id
GROUP BY article.published_month
ORDER BY article.published_month
