-- Which countries does the news talk about, month by month, and how many places in each?

-- A city, a region and a people ("Germans") count for their country; seas and continents, which are in none, do not.
SELECT
    published_month,
    country_code,
    country_name,
    count(DISTINCT coalesce(CAST(geonames_id AS VARCHAR), place_name)) AS place_count,
    count(*)                                                           AS mention_count,
    count(DISTINCT article_id)                                         AS article_count
FROM resolved_places
WHERE country_code IS NOT NULL
GROUP BY ALL
ORDER BY published_month, article_count DESC, country_code
