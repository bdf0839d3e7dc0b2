-- Which people are named in the same articles as which places?

-- A place counts where it is mentioned itself; a pair counts once an article, however often both are said.
WITH people AS (
    SELECT
        article_id,
        entity_id,
        max(canonical_name) AS canonical_name
    FROM article_entities
    WHERE label = 'PERSON'
    GROUP BY article_id, entity_id
),

-- By their key: Washington is a city and a state.
places AS (
    SELECT
        article_id,
        coalesce(CAST(geonames_id AS VARCHAR), place_name) AS place_key,
        max(place_name)                                    AS place_name,
        max(level)                                         AS level,
        max(country_code)                                  AS country_code
    FROM resolved_places
    GROUP BY article_id, place_key
)

SELECT
    max(people.canonical_name) AS person,
    max(places.place_name)     AS place_name,
    max(places.level)          AS level,
    max(places.country_code)   AS country_code,
    places.place_key,
    count(*)                   AS article_count
FROM people
INNER JOIN places
    ON people.article_id = places.article_id
GROUP BY people.entity_id, places.place_key
HAVING count(*) > 1
ORDER BY article_count DESC, person, place_name, place_key, people.entity_id
LIMIT 100
