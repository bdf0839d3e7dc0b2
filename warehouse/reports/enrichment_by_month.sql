-- How much of each month has been searched for entities and places, and how much of that is stale?
SELECT
    published_month,
    version_count,
    done_count,
    current_count,
    stale_count,
    no_model_count,
    failed_count,
    pending_count,
    round(done_share, 4) AS done_share,
    entity_count,
    location_count
FROM enrichment_coverage
ORDER BY published_month
