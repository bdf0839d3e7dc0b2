-- Which names stand in the same articles as each of the names in asked_names? At most 60 for each, the commonest.
WITH asked AS (
    SELECT DISTINCT
        asked_names.number,
        mention.article_id
    FROM asked_names
    INNER JOIN article_entities AS mention
        ON asked_names.label = mention.label AND asked_names.canonical_name = mention.canonical_name
)

SELECT
    asked.number,
    other.canonical_name,
    count(DISTINCT asked.article_id) AS article_count
FROM asked
INNER JOIN article_entities AS other
    ON asked.article_id = other.article_id
WHERE other.label IN ('PERSON', 'ORG', 'GPE', 'NORP', 'EVENT')
GROUP BY asked.number, other.canonical_name
QUALIFY row_number() OVER (PARTITION BY asked.number ORDER BY article_count DESC, other.canonical_name) <= 60
ORDER BY asked.number, article_count DESC, other.canonical_name
