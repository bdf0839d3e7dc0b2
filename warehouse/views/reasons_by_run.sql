-- Why did a run refuse, skip or defer what it did?
-- One row a run, kind of item, outcome and reason; what a later run decided anew counts for that one.
SELECT
    run_id,
    'file'   AS item,
    outcome,
    reason,
    count(*) AS item_count
FROM files
WHERE reason IS NOT NULL
GROUP BY ALL
UNION ALL
SELECT
    run_id,
    'article' AS item,
    outcome,
    reason,
    count(*)  AS item_count
FROM outcomes
WHERE reason IS NOT NULL
GROUP BY ALL
