-- Where on the map is the news?
SELECT
    place_name,
    level,
    country_code,
    country_name,
    geonames_id,
    latitude_deg,
    longitude_deg,
    mention_count,
    article_count
FROM place_trends
WHERE latitude_deg IS NOT NULL AND longitude_deg IS NOT NULL
ORDER BY mention_count DESC, place_name, place_key
