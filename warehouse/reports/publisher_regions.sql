-- Where is each source at home, as rows for seeds/reference/publishers.csv?
WITH named AS (
    -- A place counts once an article, when it is named itself and sure.
    SELECT DISTINCT
        source,
        article_id,
        country_code,
        admin1_code,
        admin1_name
    FROM resolved_places
    WHERE source IS NOT NULL AND role = 'literal' AND confidence >= 0.7
),

sources AS (
    SELECT
        source,
        count(DISTINCT article_id) AS article_count
    FROM named
    GROUP BY ALL
    -- Fewer articles say little about their source.
    HAVING count(DISTINCT article_id) >= 5
),

regions AS (
    SELECT
        source,
        country_code,
        admin1_code,
        min(admin1_name)           AS region_name,
        count(DISTINCT article_id) AS naming_count
    FROM named
    WHERE admin1_name IS NOT NULL
    GROUP BY source, country_code, admin1_code
    UNION ALL
    SELECT
        source,
        country_code,
        NULL,
        country_code,
        count(DISTINCT article_id)
    FROM named
    WHERE country_code IS NOT NULL
    GROUP BY source, country_code
)

SELECT
    sources.source,
    regions.country_code,
    coalesce(regions.admin1_code, '')                                                        AS admin1_code,
    ''                                                                                       AS geonames_id,
    -- On local news 2 brought as much as 6.
    2                                                                                        AS weight,
    format('{} of {} articles name {}', naming_count, article_count, regions.region_name) AS why,
    'CC0-1.0'                                                                                AS licence
FROM regions
INNER JOIN sources ON regions.source = sources.source
-- The first-level division that three in ten of its articles name, else the country that six in ten do.
WHERE naming_count >= article_count * CASE WHEN regions.admin1_code IS NULL THEN 0.6 ELSE 0.3 END
QUALIFY
    row_number() OVER (
        PARTITION BY sources.source
        ORDER BY regions.admin1_code IS NULL, naming_count DESC, regions.country_code, regions.admin1_code
    ) = 1
ORDER BY sources.source
