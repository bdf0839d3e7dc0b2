-- How much news was there each day?
SELECT
    published_date,
    article_count,
    duplicate_count,
    corrected_count,
    word_count
FROM daily_volume
ORDER BY published_date
