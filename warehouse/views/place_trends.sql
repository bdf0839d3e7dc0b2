-- Which places are in the news, and are they rising?
-- One row a gazetteer entry; counts mentions and original articles, this week against the four before (reporting_weeks).
-- trend: this week's articles over a usual week's of the four before; null when the four weeks have none.
SELECT
    coalesce(CAST(mention.geonames_id AS VARCHAR), mention.place_name) AS place_key,
    mention.geonames_id,
    mention.place_name,
    mention.level,
    mention.country_code,
    mention.country_name,
    mention.latitude_deg,
    mention.longitude_deg,
    count(*)                           AS mention_count,
    count(DISTINCT mention.article_id) AS article_count,
    count(DISTINCT mention.article_id) FILTER (
        WHERE mention.published_date BETWEEN week.week_start AND week.week_end
    )                                  AS week_article_count,
    count(DISTINCT mention.article_id) FILTER (
        WHERE mention.published_date BETWEEN week.before_start AND week.before_end
    )                                  AS before_article_count,
    round(4 * week_article_count / nullif(before_article_count, 0), 2) AS trend
FROM resolved_places AS mention
CROSS JOIN reporting_weeks AS week
GROUP BY ALL
