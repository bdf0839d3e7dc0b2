-- Who, what and where does the news mention, all in one table?
-- One row a stretch of an original article's current version in which a name was found (label, canonical_name), a place
-- (place_name …, or unresolved_reason), or both. Made to be copied into one file.
WITH found AS (
    SELECT
        article_id,
        version_no,
        published_date,
        published_month,
        start_char,
        end_char,
        section,
        surface,
        label,
        canonical_name,
        entity_id,
        title,
        NULL AS role,
        NULL AS place_name,
        NULL AS level,
        NULL AS geonames_id,
        NULL AS country_code,
        NULL AS admin1_name,
        NULL AS latitude_deg,
        NULL AS longitude_deg,
        NULL AS confidence,
        NULL AS unresolved_reason
    FROM article_entities
    UNION ALL
    SELECT
        article_id,
        version_no,
        published_date,
        published_month,
        start_char,
        end_char,
        section,
        surface,
        NULL AS label,
        NULL AS canonical_name,
        NULL AS entity_id,
        NULL AS title,
        role,
        place_name,
        level,
        geonames_id,
        country_code,
        admin1_name,
        latitude_deg,
        longitude_deg,
        confidence,
        unresolved_reason
    FROM locations
),

-- A stretch has at most one row of each table. Grouped, not joined: of a full join, a question about a month would read
-- every month.
mentions AS (
    SELECT
        article_id,
        version_no,
        published_date,
        published_month,
        start_char,
        end_char,
        any_value(section)          AS section,
        any_value(surface)          AS surface,
        any_value(label)            AS label,
        any_value(canonical_name)   AS canonical_name,
        any_value(entity_id)        AS entity_id,
        any_value(title)            AS title,
        any_value(role)             AS role,
        any_value(place_name)       AS place_name,
        any_value(level)            AS level,
        any_value(geonames_id)      AS geonames_id,
        any_value(country_code)     AS country_code,
        any_value(admin1_name)      AS admin1_name,
        any_value(latitude_deg)     AS latitude_deg,
        any_value(longitude_deg)    AS longitude_deg,
        any_value(confidence)       AS confidence,
        any_value(unresolved_reason)AS unresolved_reason
    FROM found
    GROUP BY article_id, version_no, published_date, published_month, start_char, end_char
)

SELECT
    mention.article_id,
    mention.version_no,
    mention.published_date,
    mention.published_month,
    article.source,
    article.language,
    article.headline,
    article.flags,
    mention.section,
    mention.start_char,
    mention.end_char,
    mention.surface,
    mention.label,
    mention.canonical_name,
    mention.entity_id,
    mention.title,
    mention.role,
    mention.place_name,
    mention.level,
    mention.geonames_id,
    mention.country_code,
    country.country_name,
    mention.admin1_name,
    mention.latitude_deg,
    mention.longitude_deg,
    mention.confidence,
    mention.unresolved_reason
FROM mentions AS mention
INNER JOIN original_articles AS article
    ON
        mention.article_id = article.article_id
        AND mention.version_no = article.version_no
        AND mention.published_month = article.published_month
        AND mention.published_date = article.published_date
LEFT JOIN country_names AS country
    ON mention.country_code = country.country_code
