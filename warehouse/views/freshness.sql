-- How recent is what the warehouse holds, and did the last run succeed?
-- Always one row; every column is null in an empty warehouse. Articles dated in the future are left out of latest_published_date.
WITH last_run AS (
    SELECT *
    FROM runs
    WHERE kind IN ('ingest', 'replay', 'backfill')
    ORDER BY started_at DESC, run_id DESC
    LIMIT 1
),

arrivals AS (
    SELECT max(ingested_at) AS latest_arrival_at
    FROM outcomes
    WHERE outcome IN ('new', 'new_version', 'near_duplicate')
)

SELECT
    (
        SELECT max(published_date)
        FROM articles
        WHERE NOT list_contains(flags, 'future_date')
    )                    AS latest_published_date,
    arrivals.latest_arrival_at,
    CAST(date_diff('minute', arrivals.latest_arrival_at, now()) / 60 AS DOUBLE) AS hours_since_arrival,
    last_run.run_id      AS last_run_id,
    last_run.kind        AS last_run_kind,
    last_run.status      AS last_run_status,
    last_run.started_at  AS last_run_started_at,
    last_run.finished_at AS last_run_finished_at,
    (
        SELECT max(finished_at)
        FROM runs
        WHERE kind = 'ingest' AND status = 'done'
    )                    AS last_success_at
FROM arrivals
LEFT JOIN last_run ON true
