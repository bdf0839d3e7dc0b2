-- How often are the most named people and organisations in the news, step by step?
WITH named AS (
    SELECT
        label,
        entity_id,
        article_id,
        min(published_date) AS published_date,
        count(*)            AS mention_count
    FROM article_entities
    WHERE label IN ('PERSON', 'ORG')
    GROUP BY label, entity_id, article_id
),

most_named AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY label
            ORDER BY article_count DESC, mention_count DESC, canonical_name, entity_id
        ) AS name_rank
    FROM name_trends
    WHERE label IN ('PERSON', 'ORG')
    QUALIFY name_rank <= 200
)

SELECT
    name.label,
    name.name_rank,
    name.canonical_name,
    reporting_step.step,
    CAST(date_trunc(reporting_step.step, named.published_date) AS DATE) AS step_start,
    count(*)                                                            AS article_count,
    CAST(sum(named.mention_count) AS BIGINT)                            AS mention_count,
    name.week_article_count,
    name.before_article_count,
    name.trend
FROM named
INNER JOIN most_named AS name
    ON named.label = name.label AND named.entity_id = name.entity_id
CROSS JOIN reporting_step
GROUP BY ALL
ORDER BY label DESC, name_rank, step_start
