-- An article whose enrichment is not done has no mentions.
SELECT
    article_id,
    version_no,
    enrichment_status,
    entity_count,
    location_count
FROM articles
WHERE enrichment_status <> 'done' AND (entity_count > 0 OR location_count > 0)
