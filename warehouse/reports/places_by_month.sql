-- Which places does the news talk about, month by month?
SELECT
    published_month,
    place_name,
    country_code,
    geonames_id,
    count(*)                   AS mention_count,
    count(DISTINCT article_id) AS article_count
FROM resolved_places
GROUP BY ALL
ORDER BY published_month, mention_count DESC, place_name, country_code, geonames_id
