-- Which places are in the news, and are they rising?
-- One row a gazetteer entry; counts mentions and original articles, this week against the four before (reporting_weeks).
-- trend: the place's share of this week's articles over its share of the four weeks' articles; null where those lack it.
-- before_article_count is null when the four weeks before have no article at all, so that nothing can be said.
-- A place counts where it is mentioned itself: Leeds does not count for England here, as it does in article_places.
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

described AS (
    SELECT
        coalesce(CAST(named.geonames_id AS VARCHAR), named.place_name) AS place_key,
        {
            'geonames_id': named.geonames_id,
            'place_name': named.place_name,
            'level': named.level,
            'country_code': named.country_code,
            'latitude_deg': named.latitude_deg,
            'longitude_deg': named.longitude_deg
        }                                        AS entry,
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
    GROUP BY place_key, entry
),

-- Months derived with another gazetteer may describe an entry otherwise: the commonest description stands for all.
counted AS (
    SELECT
        place_key,
        arg_max(entry, (article_count, entry))    AS entry,
        CAST(sum(mention_count) AS BIGINT)        AS mention_count,
        CAST(sum(article_count) AS BIGINT)        AS article_count,
        CAST(sum(week_article_count) AS BIGINT)   AS week_article_count,
        CAST(sum(before_article_count) AS BIGINT) AS before_article_count
    FROM described
    GROUP BY place_key
)

SELECT
    counted.place_key,
    counted.entry.geonames_id                     AS geonames_id,
    counted.entry.place_name                      AS place_name,
    counted.entry.level                           AS level,
    counted.entry.country_code                    AS country_code,
    country.country_name,
    counted.entry.latitude_deg                    AS latitude_deg,
    counted.entry.longitude_deg                   AS longitude_deg,
    counted.mention_count,
    counted.article_count,
    counted.week_article_count,
    CASE WHEN week.before_article_total > 0 THEN counted.before_article_count END AS before_article_count,
    round(
        counted.week_article_count / nullif(week.week_article_total, 0)
        / (nullif(counted.before_article_count, 0) / week.before_article_total), 2
    )                                             AS trend
FROM counted
CROSS JOIN reporting_weeks AS week
LEFT JOIN country_names AS country
    ON counted.entry.country_code = country.country_code
