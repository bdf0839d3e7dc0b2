-- Which people are named in the same articles as which places?
WITH people AS (
    SELECT
        article_id,
        entity_id,
        max(canonical_name) AS canonical_name
    FROM article_entities
    WHERE label = 'PERSON'
    GROUP BY article_id, entity_id
),

places AS (
    SELECT DISTINCT
        article_id,
        place_name,
        country_code
    FROM resolved_places
)

SELECT
    max(people.canonical_name) AS person,
    places.place_name,
    places.country_code,
    count(*)                   AS article_count
FROM people
INNER JOIN places
    ON people.article_id = places.article_id
GROUP BY people.entity_id, places.place_name, places.country_code
HAVING count(*) > 1
ORDER BY article_count DESC, person, place_name, country_code
LIMIT 100
