-- What became of every file and every article block that was met?
SELECT
    'file'                    AS item,
    file.outcome,
    coalesce(file.reason, '') AS reason,
    count(*)                  AS item_count
FROM files AS file
-- By the column as it is stored: of many files DuckDB does not know that none is null, and works out every row.
GROUP BY file.outcome, file.reason
UNION ALL
SELECT
    'article',
    outcome.outcome,
    coalesce(outcome.reason, ''),
    count(*)
FROM outcomes AS outcome
GROUP BY outcome.outcome, outcome.reason
ORDER BY item DESC, item_count DESC, outcome, reason
