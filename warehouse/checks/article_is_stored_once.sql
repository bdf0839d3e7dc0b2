-- No article is stored twice: date, headline and text together are unique.
SELECT
    content_hash,
    count(*)                                                            AS row_count,
    list(article_id || ' v' || version_no ORDER BY article_id, version_no) AS versions
FROM articles
GROUP BY content_hash
HAVING row_count > 1
