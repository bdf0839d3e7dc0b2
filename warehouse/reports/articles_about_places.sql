-- Which places are articles about, against being mentioned in passing?
SELECT
    level,
    place_name,
    country_code,
    place_key,
    count(*) FILTER (WHERE place_rank = 1) AS focus_article_count,
    count(*)                               AS article_count
FROM article_places
GROUP BY ALL
ORDER BY focus_article_count DESC, article_count DESC, level, place_key
LIMIT 100
