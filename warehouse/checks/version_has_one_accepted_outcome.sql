-- Every stored version came in through exactly one outcome new, new_version or near_duplicate.
SELECT
    article.article_id,
    article.version_no,
    count(outcome.outcome) AS outcome_count
FROM articles AS article
LEFT JOIN outcomes AS outcome
    ON
        article.article_id = outcome.article_id
        AND article.version_no = outcome.version_no
        AND outcome.outcome IN ('new', 'new_version', 'near_duplicate')
GROUP BY article.article_id, article.version_no
HAVING outcome_count <> 1
