-- How much of the warehouse has been searched for entities and places, and how much of that is stale?
-- One row a month of publication; counts every stored version, duplicates included.
-- languages_without_model: how many versions of each language wait for a model.
-- stale_count: done, but by another pipeline than the latest run's; current_count: done by that one.
WITH latest AS (
    SELECT pipeline_id
    FROM runs
    WHERE pipeline_id IS NOT NULL
    ORDER BY started_at DESC, run_id DESC
    LIMIT 1
)

SELECT
    published_month,
    count(*)                                                     AS version_count,
    count(*) FILTER (WHERE enrichment_status = 'done')           AS done_count,
    count(*) FILTER (WHERE enrichment_status = 'no_model')       AS no_model_count,
    count(*) FILTER (WHERE enrichment_status = 'failed')         AS failed_count,
    count(*) FILTER (WHERE enrichment_status = 'pending')        AS pending_count,
    count(*) FILTER (
        WHERE enrichment_status = 'done' AND pipeline_id <> (SELECT pipeline_id FROM latest)
    )                                                            AS stale_count,
    done_count - stale_count                                     AS current_count,
    count(*) FILTER (WHERE enrichment_status = 'done') / count(*) AS done_share,
    CAST(sum(entity_count) AS BIGINT)                            AS entity_count,
    CAST(sum(location_count) AS BIGINT)                          AS location_count,
    histogram(language) FILTER (WHERE enrichment_status = 'no_model') AS languages_without_model
FROM articles
GROUP BY published_month
