-- Which countries, regions and cities is each article about?
-- One row an original article and place; a mention counts for its place, its first-level division and its country.
-- score is the place's share, 0 to 1, of the article's weight at its level; place_rank 1 is the article's focus there,
-- is_focus says that the article is about the place rather than mentions it.
WITH placed AS (
    SELECT
        mention.article_id,
        mention.version_no,
        mention.published_date,
        mention.published_month,
        mention.headline,
        CASE part.name WHEN 'place' THEN mention.level ELSE part.name END AS level,
        CASE part.name
            WHEN 'country' THEN mention.country_code
            WHEN 'admin1' THEN mention.admin1_code
            ELSE coalesce(CAST(mention.geonames_id AS VARCHAR), mention.place_name)
        END                                                               AS place_key,
        CASE part.name
            WHEN 'country' THEN coalesce(mention.country_name, mention.country_code)
            WHEN 'admin1' THEN coalesce(mention.admin1_name, mention.admin1_code)
            ELSE mention.place_name
        END                                                               AS place_name,
        mention.country_code,
        -- News says first what it is about: a mention counts half at 200 characters, a sixth at 1,000, full in the
        -- headline. People ("Germans") and institutions ("Leeds City Council") say it less than the place itself.
        -- Constants and threshold from 1,500 Reuters articles with editors' country codes: docs/quality.md.
        1 / (1 + mention.start_char / 200) * CASE WHEN mention.role = 'literal' THEN 1.0 ELSE 0.5 END AS weight
    FROM resolved_places AS mention
    INNER JOIN (VALUES ('country'), ('admin1'), ('place')) AS part (name)
        ON
            CASE part.name
                WHEN 'country' THEN mention.country_code IS NOT NULL
                WHEN 'admin1' THEN mention.admin1_code IS NOT NULL
                ELSE mention.level NOT IN ('country', 'admin1')
            END
),

summed AS (
    SELECT
        published_month,
        article_id,
        level,
        place_key,
        -- One article has one of each of these.
        any_value(version_no)     AS version_no,
        any_value(published_date) AS published_date,
        any_value(headline)       AS headline,
        min(place_name)           AS place_name,
        min(country_code)         AS country_code,
        count(*)                  AS mention_count,
        sum(weight)               AS weight
    FROM placed
    GROUP BY published_month, article_id, level, place_key
)

-- Both windows name the month, so that a question about a month reads that month alone, and sort alike.
SELECT
    article_id,
    version_no,
    published_date,
    published_month,
    headline,
    level,
    place_key,
    place_name,
    country_code,
    mention_count,
    CAST(weight / sum(weight) OVER (
        ranked ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS DOUBLE)                                   AS score,
    CAST(row_number() OVER ranked AS INTEGER)      AS place_rank,
    score >= 0.2 OR place_rank = 1                 AS is_focus
FROM summed
WINDOW ranked AS (
    PARTITION BY published_month, article_id, level
    ORDER BY weight DESC, mention_count DESC, place_key
)
