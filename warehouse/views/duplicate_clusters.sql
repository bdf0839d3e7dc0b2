-- Which articles repeat another, and how often was each story copied?
-- One row a canonical article that has copies; counts current versions.
SELECT
    original.article_id,
    original.published_date,
    original.headline,
    original.source,
    count(*)                                              AS copy_count,
    count(*) FILTER (WHERE copy.duplicate_kind = 'exact') AS exact_count,
    count(*) FILTER (WHERE copy.duplicate_kind = 'near')  AS near_count,
    min(copy.similarity)                                  AS least_similarity,
    min(copy.published_date)                              AS first_copy_date,
    max(copy.published_date)                              AS last_copy_date,
    list_sort(list_distinct(list(copy.source)))           AS copy_sources,
    list(copy.article_id ORDER BY copy.article_id)        AS copy_ids
FROM current_articles AS copy
INNER JOIN current_articles AS original
    ON copy.duplicate_of = original.article_id
GROUP BY original.article_id, original.published_date, original.headline, original.source
