-- Which countries, regions and cities is each article about?
-- One row an original article and place; a mention counts for its place, its first-level division and its country.
-- score is the place's share, 0 to 1, of the article's weight at its level; place_rank 1 is the article's focus there,
-- is_focus says that the article is about the place rather than mentions it.
WITH weighed AS (
    SELECT
        *,
        -- News says first what it is about: a mention counts half at 200 characters, a sixth at 1,000, full in the
        -- headline. People ("Germans") and institutions ("Leeds City Council") say it less than the place itself.
        -- Constants and threshold from 1,500 Reuters articles with editors' country codes: docs/quality.md.
        1 / (1 + start_char / 200) * CASE WHEN role = 'literal' THEN 1.0 ELSE 0.5 END AS weight
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
),

scored AS (
    SELECT
        *,
        CAST(weight / sum(weight) OVER (PARTITION BY article_id, level) AS DOUBLE) AS score,
        CAST(row_number() OVER (
            PARTITION BY article_id, level
            ORDER BY weight DESC, mention_count DESC, place_key
        ) AS INTEGER)                                                              AS place_rank
    FROM summed
)

SELECT
    scored.article_id,
    article.version_no,
    article.published_date,
    article.published_month,
    article.headline,
    scored.level,
    scored.place_key,
    scored.place_name,
    scored.country_code,
    scored.mention_count,
    scored.score,
    scored.place_rank,
    scored.score >= 0.2 OR scored.place_rank = 1 AS is_focus
FROM scored
INNER JOIN original_articles AS article
    ON scored.article_id = article.article_id
