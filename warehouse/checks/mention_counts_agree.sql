-- Every article's entity_count and location_count are the rows it has in entities and locations.
SELECT
    article.article_id,
    article.version_no,
    article.entity_count,
    coalesce(entity.row_count, 0)   AS entity_rows,
    article.location_count,
    coalesce(location.row_count, 0) AS location_rows
FROM articles AS article
LEFT JOIN (SELECT article_id, version_no, count(*) AS row_count FROM entities GROUP BY ALL) AS entity
    ON article.article_id = entity.article_id AND article.version_no = entity.version_no
LEFT JOIN (SELECT article_id, version_no, count(*) AS row_count FROM locations GROUP BY ALL) AS location
    ON article.article_id = location.article_id AND article.version_no = location.version_no
WHERE
    article.entity_count <> coalesce(entity.row_count, 0)
    OR article.location_count <> coalesce(location.row_count, 0)
