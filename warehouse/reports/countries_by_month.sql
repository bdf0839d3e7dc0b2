-- Which countries does the news talk about, month by month?
SELECT
    published_month,
    country_code,
    country_name,
    count(*)                   AS mention_count,
    count(DISTINCT article_id) AS article_count
FROM resolved_places
WHERE country_code IS NOT NULL
GROUP BY ALL
ORDER BY published_month, article_count DESC, country_code
