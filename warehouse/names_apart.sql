-- How many articles have both names of each pair in asked_pairs, as two names?
WITH asked AS (
    SELECT DISTINCT
        asked_names.number,
        mention.article_id
    FROM asked_names
    INNER JOIN article_entities AS mention
        ON asked_names.label = mention.label AND asked_names.canonical_name = mention.canonical_name
)

SELECT
    asked_pairs.number,
    count(*) AS article_count
FROM asked_pairs
INNER JOIN asked AS one ON asked_pairs.one = one.number
INNER JOIN asked AS other ON asked_pairs.other = other.number AND one.article_id = other.article_id
GROUP BY asked_pairs.number
ORDER BY asked_pairs.number
