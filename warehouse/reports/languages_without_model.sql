-- Which languages have no model, so that nobody looked for names and places in their articles?
SELECT
    coalesce(language, '')            AS language,
    count(*)                          AS version_count,
    CAST(sum(word_count) AS BIGINT)   AS word_count,
    min(published_date)               AS first_published_date,
    max(published_date)               AS last_published_date
FROM articles
WHERE enrichment_status = 'no_model'
GROUP BY ALL
ORDER BY version_count DESC, language
