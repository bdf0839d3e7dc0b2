-- Which week do the trends look at, and which four weeks do they compare it with?
-- Always one row: the seven days up to the latest day of publication, and the 28 days before; null in an empty warehouse.
-- week_article_total, before_article_total: how many original articles there are in each, so that days without news, a
-- warehouse younger than five weeks and a new source do not look like a rise.
WITH latest AS (
    SELECT
        latest_published_date - 6  AS week_start,
        latest_published_date      AS week_end,
        latest_published_date - 34 AS before_start,
        latest_published_date - 7  AS before_end
    FROM freshness
)

SELECT
    latest.week_start,
    latest.week_end,
    latest.before_start,
    latest.before_end,
    count(article.article_id) FILTER (WHERE article.published_date >= latest.week_start) AS week_article_total,
    count(article.article_id) FILTER (WHERE article.published_date < latest.week_start)  AS before_article_total
FROM latest
LEFT JOIN original_articles AS article
    ON article.published_date BETWEEN latest.before_start AND latest.week_end
GROUP BY ALL
