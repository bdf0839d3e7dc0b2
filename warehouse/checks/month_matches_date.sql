-- Every row lies in the folder of its own month.
SELECT
    table_name,
    row_key,
    month,
    row_time
FROM (
    SELECT 'articles' AS table_name, article_id || ' v' || version_no AS row_key, published_month AS month,
        CAST(published_date AS VARCHAR) AS row_time FROM articles
    UNION ALL
    SELECT 'entities', article_id || ' v' || version_no || ' m' || mention_no, published_month,
        CAST(published_date AS VARCHAR) FROM entities
    UNION ALL
    SELECT 'locations', article_id || ' v' || version_no || ' m' || mention_no, published_month,
        CAST(published_date AS VARCHAR) FROM locations
    UNION ALL
    SELECT 'files', path, ingested_month, CAST(first_seen_at AT TIME ZONE 'UTC' AS VARCHAR) FROM files
    UNION ALL
    SELECT 'outcomes', file_id || ' ' || position_in_file, ingested_month,
        CAST(ingested_at AT TIME ZONE 'UTC' AS VARCHAR) FROM outcomes
    UNION ALL
    SELECT 'quarantine', path, ingested_month, CAST(first_seen_at AT TIME ZONE 'UTC' AS VARCHAR) FROM quarantine
    UNION ALL
    SELECT 'runs', run_id, ingested_month, CAST(started_at AT TIME ZONE 'UTC' AS VARCHAR) FROM runs
)
WHERE month <> left(row_time, 7)
