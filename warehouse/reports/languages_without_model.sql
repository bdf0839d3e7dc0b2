-- Which languages have no model, so that nobody looked for names and places in their articles?
SELECT
    coalesce(article.language, '')            AS language,
    count(*)                                  AS version_count,
    CAST(sum(article.word_count) AS BIGINT)   AS word_count,
    min(article.published_date)               AS first_published_date,
    max(article.published_date)               AS last_published_date
FROM articles AS article
WHERE article.enrichment_status = 'no_model'
GROUP BY article.language
ORDER BY version_count DESC, language
