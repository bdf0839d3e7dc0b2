-- Which places are in the news, and are they rising?
-- One row a gazetteer entry; counts mentions and original articles, this week against the four before (reporting_weeks).
-- trend: this week's articles over a usual week's of the four before; null when the four weeks have none.
WITH named AS (
    SELECT
        geonames_id,
        place_name,
        level,
        country_code,
        latitude_deg,
        longitude_deg,
        article_id,
        min(published_date) AS published_date,
        count(*)            AS mention_count
    FROM resolved_places
    GROUP BY ALL
),

counted AS (
    SELECT
        named.geonames_id,
        named.place_name,
        named.level,
        named.country_code,
        named.latitude_deg,
        named.longitude_deg,
        CAST(sum(named.mention_count) AS BIGINT) AS mention_count,
        count(*)                                 AS article_count,
        count(*) FILTER (
            WHERE named.published_date BETWEEN week.week_start AND week.week_end
        )                                        AS week_article_count,
        count(*) FILTER (
            WHERE named.published_date BETWEEN week.before_start AND week.before_end
        )                                        AS before_article_count
    FROM named
    CROSS JOIN reporting_weeks AS week
    GROUP BY ALL
)

SELECT
    coalesce(CAST(counted.geonames_id AS VARCHAR), counted.place_name) AS place_key,
    counted.geonames_id,
    counted.place_name,
    counted.level,
    counted.country_code,
    country.country_name,
    counted.latitude_deg,
    counted.longitude_deg,
    counted.mention_count,
    counted.article_count,
    counted.week_article_count,
    counted.before_article_count,
    round(4 * counted.week_article_count / nullif(counted.before_article_count, 0), 2) AS trend
FROM counted
LEFT JOIN country_names AS country
    ON counted.country_code = country.country_code
