-- Which places are in most articles, and are they rising?
SELECT
    place_name,
    level,
    country_code,
    geonames_id,
    mention_count,
    article_count,
    week_article_count,
    before_article_count,
    trend
FROM place_trends
ORDER BY article_count DESC, mention_count DESC, place_name, place_key
LIMIT 50
