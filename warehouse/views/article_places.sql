-- Which countries, regions and cities is each article about?
-- One row an original article and place; a mention counts for its place, its first-level division and its country.
-- score is the place's share, 0 to 1, of the article's weight at its level; place_rank 1 is the article's focus there.
WITH weighed AS (
    SELECT
        *,
        -- Headline and lead (standfirst, first 500 characters) say what a story is about;
        -- people ("Germans") and institutions ("Leeds City Council") say it less than the place itself.
        CASE
            WHEN section = 'headline' THEN 3
            WHEN section = 'standfirst' OR start_char < 500 THEN 2
            ELSE 1
        END * CASE WHEN role = 'literal' THEN 1.0 ELSE 0.5 END AS weight
    FROM resolved_places
),

placed AS (
    SELECT
        article_id,
        'country'                            AS level,
        country_code                         AS place_key,
        coalesce(country_name, country_code) AS place_name,
        country_code,
        weight
    FROM weighed
    WHERE country_code IS NOT NULL
    UNION ALL
    SELECT
        article_id,
        'admin1',
        admin1_code,
        coalesce(admin1_name, admin1_code),
        country_code,
        weight
    FROM weighed
    WHERE admin1_code IS NOT NULL
    UNION ALL
    SELECT
        article_id,
        level,
        coalesce(CAST(geonames_id AS VARCHAR), place_name),
        place_name,
        country_code,
        weight
    FROM weighed
    WHERE level NOT IN ('country', 'admin1')
),

summed AS (
    SELECT
        article_id,
        level,
        place_key,
        min(place_name)   AS place_name,
        min(country_code) AS country_code,
        count(*)          AS mention_count,
        sum(weight)       AS weight
    FROM placed
    GROUP BY ALL
)

SELECT
    summed.article_id,
    article.version_no,
    article.published_date,
    article.published_month,
    article.headline,
    summed.level,
    summed.place_key,
    summed.place_name,
    summed.country_code,
    summed.mention_count,
    CAST(summed.weight / sum(summed.weight) OVER (PARTITION BY summed.article_id, summed.level) AS DOUBLE) AS score,
    CAST(row_number() OVER (
        PARTITION BY summed.article_id, summed.level
        ORDER BY summed.weight DESC, summed.mention_count DESC, summed.place_key
    ) AS INTEGER) AS place_rank
FROM summed
INNER JOIN original_articles AS article
    ON summed.article_id = article.article_id
