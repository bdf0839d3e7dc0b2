-- What did the latest runs do, and how fast?
SELECT
    run_id,
    kind,
    status,
    started_at,
    finished_at,
    files_read,
    articles_new + articles_new_version + articles_near_duplicate AS versions_stored,
    articles_unchanged + articles_exact_duplicate                 AS blocks_repeated,
    files_refused + articles_refused                              AS refused,
    articles_renewed,
    words,
    round(words / nullif(date_diff('millisecond', started_at, finished_at) / 1000, 0), 0) AS words_per_second,
    detail
FROM runs
ORDER BY started_at DESC, run_id DESC
LIMIT 30
