-- Who and what is in the news, and is it rising?
-- One row a label and entity_id, so that "KYIV" and "Kyiv" are one; counts mentions and original articles, this week against the four before (reporting_weeks).
-- trend: the name's share of this week's articles over its share of the four weeks' articles; null where those lack it.
-- before_article_count is null when the four weeks before have no article at all, so that nothing can be said.
WITH named AS (
    SELECT
        label,
        entity_id,
        article_id,
        -- Small letters sort behind capitals.
        max(canonical_name) AS canonical_name,
        min(published_date) AS published_date,
        count(*)            AS mention_count
    FROM article_entities
    GROUP BY label, entity_id, article_id
)

SELECT
    named.label,
    named.entity_id,
    max(named.canonical_name)                AS canonical_name,
    CAST(sum(named.mention_count) AS BIGINT) AS mention_count,
    count(*)                                 AS article_count,
    count(*) FILTER (
        WHERE named.published_date BETWEEN week.week_start AND week.week_end
    )                                        AS week_article_count,
    CASE WHEN any_value(week.before_article_total) > 0 THEN count(*) FILTER (
        WHERE named.published_date BETWEEN week.before_start AND week.before_end
    ) END                                    AS before_article_count,
    round(
        week_article_count / any_value(nullif(week.week_article_total, 0))
        / (nullif(before_article_count, 0) / any_value(week.before_article_total)), 2
    )                                        AS trend,
    min(named.published_date)                AS first_date,
    max(named.published_date)                AS last_date
FROM named
CROSS JOIN reporting_weeks AS week
GROUP BY named.label, named.entity_id
