-- How is a name printed, by which rules did each printing lead to it, and in how many articles?
SELECT
    label,
    canonical_name,
    name_in_article,
    surface,
    canonical_method,
    min(canonical_score)       AS canonical_score,
    count(*)                   AS mention_count,
    count(DISTINCT article_id) AS article_count,
    min(published_date)        AS first_date,
    max(published_date)        AS last_date
FROM article_entities
WHERE
    lower(strip_accents(replace($1, '.', ''))) IN (
        lower(strip_accents(replace(canonical_name, '.', ''))),
        lower(strip_accents(replace(name_in_article, '.', ''))),
        lower(strip_accents(replace(surface, '.', '')))
    )
GROUP BY ALL
ORDER BY label, canonical_name, mention_count DESC, name_in_article, surface, canonical_method
