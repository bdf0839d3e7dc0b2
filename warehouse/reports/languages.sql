-- In which languages is the news?
SELECT
    coalesce(article.language, '')         AS language,
    count(*)                               AS article_count,
    round(avg(article.language_confidence), 3) AS mean_confidence
FROM original_articles AS article
-- By the column as it is stored: the expression would be worked out for every row.
GROUP BY article.language
ORDER BY article_count DESC, language
