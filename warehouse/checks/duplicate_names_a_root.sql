-- A duplicate names a stored article other than itself that is no duplicate, and says of what kind and how similar it is.
SELECT
    copy.article_id,
    copy.version_no,
    copy.duplicate_of,
    copy.duplicate_kind,
    copy.similarity,
    root.duplicate_of AS root_is_duplicate_of
FROM articles AS copy
LEFT JOIN current_articles AS root
    ON copy.duplicate_of = root.article_id
WHERE
    CASE
        WHEN copy.duplicate_of IS NULL
            THEN copy.duplicate_kind IS NOT NULL OR copy.similarity IS NOT NULL
        ELSE
            copy.duplicate_of = copy.article_id
            OR root.article_id IS NULL
            OR root.duplicate_of IS NOT NULL
            OR copy.duplicate_kind IS NULL
            OR copy.similarity IS NULL
            OR NOT copy.similarity BETWEEN 0 AND 1
    END
