-- What became of every article block that was read, and which file was it in?
-- One row a block, whatever its outcome; path is the first one under which the file's bytes were met.
SELECT
    file.path,
    outcome.file_id,
    outcome.position_in_file,
    outcome.outcome,
    outcome.reason,
    outcome.detail,
    outcome.article_id,
    outcome.version_no,
    outcome.run_id,
    outcome.ingested_at,
    outcome.ingested_month
FROM outcomes AS outcome
LEFT JOIN (
    SELECT
        file_id,
        arg_min(path, (outcome <> 'read', first_seen_at, path)) AS path
    FROM files
    WHERE file_id IS NOT NULL
    GROUP BY file_id
) AS file
    ON outcome.file_id = file.file_id
