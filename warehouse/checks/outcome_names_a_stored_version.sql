-- Every outcome but a refusal names a stored version; a refusal names none and says why.
SELECT
    outcome.file_id,
    outcome.position_in_file,
    outcome.outcome,
    outcome.reason,
    outcome.article_id,
    outcome.version_no
FROM outcomes AS outcome
LEFT JOIN articles AS article
    ON outcome.article_id = article.article_id AND outcome.version_no = article.version_no
WHERE
    CASE
        WHEN outcome.outcome = 'refused'
            THEN outcome.reason IS NULL OR outcome.article_id IS NOT NULL OR outcome.version_no IS NOT NULL
        ELSE outcome.reason IS NOT NULL OR article.article_id IS NULL
    END
