-- Which two people are named in the same articles?
WITH named AS (
    SELECT
        article_id,
        entity_id,
        max(canonical_name) AS canonical_name
    FROM article_entities
    WHERE label = 'PERSON'
    GROUP BY article_id, entity_id
)

SELECT
    least(max(one.canonical_name), max(other.canonical_name))    AS person,
    greatest(max(one.canonical_name), max(other.canonical_name)) AS other_person,
    count(*)                                                     AS article_count
FROM named AS one
INNER JOIN named AS other
    ON one.article_id = other.article_id AND one.entity_id < other.entity_id
GROUP BY one.entity_id, other.entity_id
HAVING count(*) > 1
ORDER BY article_count DESC, person, other_person
LIMIT 100
