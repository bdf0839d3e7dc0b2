-- Which two people are named in the same articles?
WITH named AS (
    SELECT DISTINCT
        article_id,
        canonical_name
    FROM article_entities
    WHERE label = 'PERSON'
)

SELECT
    one.canonical_name   AS person,
    other.canonical_name AS other_person,
    count(*)             AS article_count
FROM named AS one
INNER JOIN named AS other
    ON one.article_id = other.article_id AND one.canonical_name < other.canonical_name
GROUP BY ALL
HAVING count(*) > 1
ORDER BY article_count DESC, person, other_person
LIMIT 100
