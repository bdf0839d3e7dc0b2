-- No article block has two outcomes: (file_id, position_in_file) is unique.
SELECT
    file_id,
    position_in_file,
    count(*) AS outcome_count
FROM outcomes
GROUP BY file_id, position_in_file
HAVING outcome_count > 1
