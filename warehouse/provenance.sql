-- Where do the rows come from: which commit is shown, which days of publication, which pipelines derived them?
SELECT
    snapshot.commit_id,
    snapshot.published_at,
    min(articles.published_date)                           AS first_day,
    max(articles.published_date)                           AS last_day,
    coalesce(list_sort(list(DISTINCT articles.pipeline_id)), []) AS pipeline_ids
FROM snapshot
LEFT JOIN articles ON true
GROUP BY ALL
