-- Which names do original articles have, in how many of them, and in which one last?
SELECT
    label,
    -- Small letters sort behind capitals: "Washington", not "WASHINGTON".
    max(canonical_name)                                   AS canonical_name,
    count(DISTINCT article_id)                            AS article_count,
    count(*)                                              AS mention_count,
    arg_max(headline, (published_date, article_id)) AS headline
FROM article_entities
WHERE label IN (SELECT unnest($1::VARCHAR []))
GROUP BY label, entity_id
ORDER BY article_count DESC, label, canonical_name
