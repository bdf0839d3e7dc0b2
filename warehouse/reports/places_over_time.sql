-- How often are the most mentioned places in the news, step by step?
WITH named AS (
    SELECT
        coalesce(CAST(geonames_id AS VARCHAR), place_name) AS place_key,
        article_id,
        min(published_date)                                AS published_date,
        count(*)                                           AS mention_count
    FROM resolved_places
    GROUP BY place_key, article_id
),

most_mentioned AS (
    SELECT
        *,
        row_number() OVER (ORDER BY mention_count DESC, place_name, place_key) AS place_rank
    FROM place_trends
    QUALIFY place_rank <= 1500
)

SELECT
    place.place_rank,
    place.place_name,
    place.level,
    place.country_code,
    place.country_name,
    place.latitude_deg,
    place.longitude_deg,
    reporting_step.step,
    CAST(date_trunc(reporting_step.step, named.published_date) AS DATE) AS step_start,
    count(*)                                                            AS article_count,
    CAST(sum(named.mention_count) AS BIGINT)                            AS mention_count,
    place.week_article_count,
    place.before_article_count,
    place.trend
FROM named
INNER JOIN most_mentioned AS place
    ON named.place_key = place.place_key
CROSS JOIN reporting_step
GROUP BY ALL
ORDER BY place_rank, step_start
