-- Every refused file and article block is in quarantine, except what was taken down on purpose.
SELECT
    refusal.path,
    refusal.file_id,
    refusal.position_in_file,
    refusal.reason
FROM (
    SELECT path, file_id, NULL AS position_in_file, reason FROM files WHERE outcome = 'refused'
    UNION ALL
    SELECT NULL, file_id, position_in_file, reason FROM outcomes WHERE outcome = 'refused'
) AS refusal
WHERE
    refusal.reason <> 'forgotten'
    AND NOT EXISTS (
        SELECT 1
        FROM quarantine
        WHERE
            quarantine.file_id IS NOT DISTINCT FROM refusal.file_id
            AND quarantine.position_in_file IS NOT DISTINCT FROM refusal.position_in_file
            AND (refusal.path IS NULL OR quarantine.path = refusal.path)
    )
