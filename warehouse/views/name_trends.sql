-- Who and what is in the news, and is it rising?
-- One row a label and name; counts mentions and original articles, this week against the four before (reporting_weeks).
-- trend: this week's articles over a usual week's of the four before; null when the four weeks have none.
SELECT
    mention.label,
    mention.canonical_name,
    count(*)                           AS mention_count,
    count(DISTINCT mention.article_id) AS article_count,
    count(DISTINCT mention.article_id) FILTER (
        WHERE mention.published_date BETWEEN week.week_start AND week.week_end
    )                                  AS week_article_count,
    count(DISTINCT mention.article_id) FILTER (
        WHERE mention.published_date BETWEEN week.before_start AND week.before_end
    )                                  AS before_article_count,
    round(4 * week_article_count / nullif(before_article_count, 0), 2) AS trend,
    min(mention.published_date)        AS first_date,
    max(mention.published_date)        AS last_date
FROM article_entities AS mention
CROSS JOIN reporting_weeks AS week
GROUP BY mention.label, mention.canonical_name
