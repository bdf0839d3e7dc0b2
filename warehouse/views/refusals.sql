-- What was refused, how large was the file, and what has been done about it?
-- One row a refused file or article block, whatever its status; size_bytes is that of the whole file.
SELECT
    refusal.first_seen_at,
    refusal.last_seen_at,
    refusal.status,
    refusal.reason,
    refusal.detail,
    refusal.attempts,
    refusal.path,
    refusal.position_in_file,
    refusal.file_id,
    file.size_bytes,
    file.modified_at
FROM quarantine AS refusal
LEFT JOIN files AS file
    ON refusal.path = file.path AND refusal.file_id IS NOT DISTINCT FROM file.file_id
