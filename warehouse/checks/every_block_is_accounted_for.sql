-- A file that was read has one outcome for each of its article blocks, numbered from 1; other files have none of their own.
SELECT
    coalesce(file.file_id, block.file_id) AS file_id,
    file.path,
    file.article_count,
    coalesce(block.outcome_count, 0)      AS outcome_count,
    block.last_position
FROM (SELECT * FROM files WHERE outcome = 'read') AS file
FULL JOIN (
    SELECT
        file_id,
        count(*)              AS outcome_count,
        max(position_in_file) AS last_position
    FROM outcomes
    GROUP BY file_id
) AS block
    ON file.file_id = block.file_id
WHERE
    file.path IS NULL
    OR file.article_count <> coalesce(block.outcome_count, 0)
    OR file.article_count <> coalesce(block.last_position, 0)
