-- In which languages is the news?
SELECT
    coalesce(language, '')                 AS language,
    count(*)                               AS article_count,
    round(avg(language_confidence), 3)     AS mean_confidence
FROM original_articles
GROUP BY ALL
ORDER BY article_count DESC, language
