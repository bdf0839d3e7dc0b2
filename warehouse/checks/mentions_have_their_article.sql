-- Every mention belongs to a stored version and carries its date.
SELECT
    mention.mention_kind,
    mention.article_id,
    mention.version_no,
    mention.mention_no,
    mention.published_date,
    article.published_date AS article_published_date
FROM (
    SELECT 'entity' AS mention_kind, article_id, version_no, mention_no, published_date FROM entities
    UNION ALL
    SELECT 'location', article_id, version_no, mention_no, published_date FROM locations
) AS mention
LEFT JOIN articles AS article
    ON mention.article_id = article.article_id AND mention.version_no = article.version_no
WHERE mention.published_date IS DISTINCT FROM article.published_date
