-- Which places on the map does the news mention, and in which article?
-- One row a resolved place mention in an original article's current version; unresolved ones are in locations alone.
SELECT
    mention.article_id,
    mention.version_no,
    mention.mention_no,
    mention.published_date,
    mention.published_month,
    article.headline,
    article.source,
    mention.section,
    mention.start_char,
    mention.end_char,
    mention.surface,
    mention.geonames_id,
    mention.place_name,
    mention.level,
    mention.feature_code,
    mention.country_code,
    country.country_name,
    mention.admin1_code,
    mention.admin1_name,
    mention.latitude_deg,
    mention.longitude_deg,
    mention.population,
    mention.confidence,
    mention.method,
    mention.role,
    mention.pipeline_id
FROM locations AS mention
INNER JOIN original_articles AS article
    ON
        mention.article_id = article.article_id
        AND mention.version_no = article.version_no
        AND mention.published_month = article.published_month
        -- The same always; said so that a question about days reads those days of both.
        AND mention.published_date = article.published_date
LEFT JOIN country_names AS country
    ON mention.country_code = country.country_code
WHERE mention.unresolved_reason IS NULL
