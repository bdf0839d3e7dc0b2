-- Which names stand for which, in articles that have both? Only names that elsewhere stand for themselves.
WITH said AS (
    SELECT
        label,
        surface,
        canonical_name,
        count(DISTINCT article_id) AS article_count
    FROM article_entities
    WHERE
        label IN (SELECT unnest($1::VARCHAR []))
        AND canonical_method NOT IN ('own_name', 'same_name')
        AND surface <> canonical_name
    GROUP BY ALL
),

alone AS (
    SELECT DISTINCT
        label,
        canonical_name
    FROM article_entities
    WHERE label IN (SELECT unnest($1::VARCHAR []))
)

SELECT
    said.label,
    said.surface,
    said.canonical_name,
    said.article_count
FROM said
INNER JOIN alone
    ON said.label = alone.label AND said.surface = alone.canonical_name
ORDER BY said.article_count DESC, said.label, said.surface, said.canonical_name
