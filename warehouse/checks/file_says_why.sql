-- A file that was read or is a duplicate has no reason and known bytes; every other file says why.
SELECT
    path,
    file_id,
    outcome,
    reason
FROM files
WHERE (outcome IN ('read', 'duplicate')) <> (reason IS NULL) OR (outcome IN ('read', 'duplicate') AND file_id IS NULL)
