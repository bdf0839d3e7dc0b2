-- Which people are named in the same articles as which places?
WITH people AS (
    SELECT DISTINCT
        article_id,
        canonical_name
    FROM article_entities
    WHERE label = 'PERSON'
),

places AS (
    SELECT DISTINCT
        article_id,
        place_name,
        country_code
    FROM resolved_places
)

SELECT
    people.canonical_name AS person,
    places.place_name,
    places.country_code,
    count(*)              AS article_count
FROM people
INNER JOIN places
    ON people.article_id = places.article_id
GROUP BY ALL
HAVING count(*) > 1
ORDER BY article_count DESC, person, place_name, country_code
LIMIT 100
