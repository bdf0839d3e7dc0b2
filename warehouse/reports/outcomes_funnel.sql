-- What became of every file and every article block that was met?
SELECT
    'file'                  AS item,
    outcome,
    coalesce(reason, '')    AS reason,
    count(*)                AS item_count
FROM files
GROUP BY ALL
UNION ALL
SELECT
    'article',
    outcome,
    coalesce(reason, ''),
    count(*)
FROM outcomes
GROUP BY ALL
ORDER BY item DESC, item_count DESC, outcome, reason
