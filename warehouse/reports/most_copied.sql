-- Which stories were copied most, and by whom first?
SELECT
    article_id,
    published_date,
    headline,
    source,
    copy_count,
    identical_count,
    exact_count,
    near_count,
    round(least_similarity, 3) AS least_similarity,
    first_copy_date,
    first_copy_source,
    copy_sources,
    copy_ids
FROM duplicate_clusters
ORDER BY copy_count DESC, published_date DESC, article_id
LIMIT 100
