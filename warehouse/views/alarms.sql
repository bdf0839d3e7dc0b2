-- What needs somebody's attention?
-- One row an alarm; docs/operate.md says what to do for each. No row: all is as usual. The sentence's figures stand beside
-- it: hours, or a share of one.
-- Usual means: of the last 50 gaps between arrivals all but one in twenty; of the last 30 runs that met twenty items the
-- median; of the 30 days before the last seven. An input, a source or a run without such a past gives no alarm.
WITH arrivals AS (
    SELECT
        source,
        date_trunc('minute', first_seen_at) AS arrived_at
    FROM articles
    WHERE source IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT DISTINCT
        NULL,
        date_trunc('minute', first_seen_at)
    FROM articles
),

-- 51 arrivals have 50 gaps. Kept before anything is sorted: a million articles took 1.8 s of CPU and take 0.7.
late_arrivals AS (
    SELECT
        source,
        unnest(max(arrived_at, 51)) AS arrived_at
    FROM arrivals
    GROUP BY source
),

gaps AS (
    SELECT
        source,
        arrived_at,
        date_diff('minute', lag(arrived_at) OVER of_source, arrived_at) / 60 AS gap_hours
    FROM late_arrivals
    WINDOW of_source AS (PARTITION BY source ORDER BY arrived_at)
),

silence_in_hours AS (
    SELECT
        source,
        max(arrived_at)                                        AS last_arrival_at,
        quantile_disc(gap_hours, 0.95)                         AS usual_hours,
        date_diff('minute', max(arrived_at), now()) / 60       AS silent_hours,
        count(gap_hours) >= 9 AND silent_hours > greatest(1, 1.5 * usual_hours) AS is_silent
    FROM gaps
    GROUP BY source
),

silence AS (
    SELECT
        *,
        CASE
            WHEN silent_hours < 2 THEN format('{:.0f} min', 60 * silent_hours)
            WHEN silent_hours <= 48 THEN format('{:.0f} h', silent_hours)
            ELSE format('{:.0f} days', silent_hours / 24)
        END AS silent_time,
        CASE
            WHEN usual_hours < 2 THEN format('{:.0f} min', 60 * usual_hours)
            WHEN usual_hours <= 48 THEN format('{:.0f} h', ceil(usual_hours))
            ELSE format('{:.0f} days', ceil(usual_hours / 24))
        END AS usual_time,
        format('Nothing new for {}; usually something comes within {}.', silent_time, usual_time) AS silence_sentence
    FROM silence_in_hours
),

ingests AS (
    SELECT
        run_id,
        finished_at,
        files_refused + articles_refused AS refused,
        files_read + files_duplicate + files_refused + articles_new + articles_new_version + articles_unchanged
        + articles_exact_duplicate + articles_near_duplicate + articles_refused AS met,
        row_number() OVER (ORDER BY started_at DESC, run_id DESC)             AS run_rank
    FROM runs
    WHERE
        kind = 'ingest'
        AND files_read + files_refused + articles_refused >= 20
),

refusals_now AS (
    SELECT
        last_run.run_id,
        last_run.finished_at,
        last_run.refused,
        last_run.refused / last_run.met AS share,
        usual.share                     AS usual_share
    FROM ingests AS last_run
    CROSS JOIN (
        SELECT
            median(refused / met) AS share,
            count(*)              AS run_count
        FROM ingests
        WHERE run_rank BETWEEN 2 AND 31
    ) AS usual
    WHERE last_run.run_rank = 1 AND usual.run_count >= 5
),

coverage AS (
    SELECT
        count(*) FILTER (WHERE is_late)                                                   AS late_count,
        count(*) FILTER (WHERE is_late AND enrichment_status = 'done') / nullif(late_count, 0) AS late_share,
        count(*) FILTER (WHERE NOT is_late)                                               AS before_count,
        count(*) FILTER (WHERE NOT is_late AND enrichment_status = 'done') / nullif(before_count, 0) AS before_share
    FROM (
        SELECT
            enrichment_status,
            first_seen_at > newest_at - INTERVAL 7 DAY AS is_late
        FROM articles
        CROSS JOIN (SELECT max(first_seen_at) AS newest_at FROM articles)
        WHERE first_seen_at > newest_at - INTERVAL 37 DAY
    )
),

last_run AS (
    SELECT *
    FROM runs
    WHERE kind IN ('ingest', 'replay', 'backfill')
    ORDER BY started_at DESC, run_id DESC
    LIMIT 1
)

SELECT
    'input_silent'                                                                              AS alarm,
    NULL                                                                                        AS source,
    last_arrival_at                                                                             AS since,
    silence_sentence                                                                            AS sentence,
    silent_hours                                                                                AS measured,
    usual_hours                                                                                 AS usual,
    'hours'                                                                                     AS unit
FROM silence
WHERE source IS NULL AND is_silent
UNION ALL
-- When everything is silent, that is said once; a source that stays silent for a month has ended.
SELECT
    'source_silent',
    source,
    last_arrival_at,
    silence_sentence,
    silent_hours,
    usual_hours,
    'hours'
FROM silence
WHERE
    source IS NOT NULL
    AND is_silent
    AND silent_hours < 1.5 * usual_hours + 30 * 24
    AND NOT (SELECT is_silent FROM silence WHERE source IS NULL)
UNION ALL
SELECT
    'refusals_high',
    NULL,
    finished_at,
    format(
        'The last large ingest refused {} items, {:.1f} % of what it met; usual are {:.1f} %.',
        refused, 100 * share, 100 * usual_share
    ),
    share,
    usual_share,
    'share'
FROM refusals_now
WHERE refused >= 5 AND share > greatest(0.02, 3 * usual_share)
UNION ALL
SELECT
    'coverage_falling',
    NULL,
    NULL,
    format(
        'Of the articles of the last seven days {:.0f} % were searched for names and places; before it was {:.0f} %.',
        100 * late_share, 100 * before_share
    ),
    late_share,
    before_share,
    'share'
FROM coverage
WHERE late_count >= 20 AND before_count >= 20 AND late_share < before_share - 0.1
UNION ALL
SELECT
    'run_failed',
    NULL,
    coalesce(finished_at, started_at),
    format('The last {} failed: {}', kind, coalesce(detail, 'no detail.')),
    NULL,
    NULL,
    NULL
FROM last_run
-- An interrupted run is taken up by the next; when none comes, that is a silence.
WHERE status = 'failed'
