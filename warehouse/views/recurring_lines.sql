-- Which lines recur across the articles of each source, and in how many?
-- One row a source and line, found from the articles themselves; the line is no news wherever it is near an end.
SELECT
    source,
    surface                    AS line,
    count(DISTINCT article_id) AS article_count,
    min(published_date)        AS first_date,
    max(published_date)        AS last_date
FROM article_noise
WHERE kind = 'recurring'
GROUP BY ALL
