-- Why was what refused, and what has been done about it?
SELECT
    reason,
    count(*) FILTER (WHERE status = 'open')                       AS open_count,
    count(*) FILTER (WHERE status = 'replayed')                   AS replayed_count,
    count(*) FILTER (WHERE status = 'superseded')                 AS superseded_count,
    count(*) FILTER (WHERE status = 'discarded')                  AS discarded_count,
    coalesce(min(path) FILTER (WHERE status = 'open'), min(path)) AS example_path,
    max(last_seen_at)                                             AS last_seen_at
FROM quarantine
GROUP BY reason
ORDER BY open_count DESC, reason
