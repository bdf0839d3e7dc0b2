-- Which places are articles about, against being mentioned in passing?

-- Of each level the fifty that most articles are about; a city counts for its region and its country too.
SELECT
    level,
    place_name,
    country_code,
    place_key,
    count(*) FILTER (WHERE is_focus)     AS focus_article_count,
    count(*) FILTER (WHERE NOT is_focus) AS passing_article_count,
    count(*)                             AS article_count
FROM article_places
GROUP BY level, place_name, country_code, place_key
QUALIFY
    row_number() OVER (PARTITION BY level ORDER BY focus_article_count DESC, article_count DESC, place_key) <= 50
ORDER BY focus_article_count DESC, article_count DESC, level, place_key
