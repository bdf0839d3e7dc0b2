-- No path has two rows for the same bytes: (path, file_id) is unique.
SELECT
    path,
    file_id,
    count(*) AS row_count
FROM files
GROUP BY path, file_id
HAVING row_count > 1
