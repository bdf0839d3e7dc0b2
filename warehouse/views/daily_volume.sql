-- How much news was there each day?
-- One row a day of publication: original articles, beside them the copies left out and the articles that were corrected.
SELECT
    article.published_date,
    article.published_month,
    count(*) FILTER (WHERE article.duplicate_of IS NULL)                        AS article_count,
    count(*) FILTER (WHERE article.duplicate_of IS NOT NULL)                    AS duplicate_count,
    count(*) FILTER (WHERE version.article_id IS NOT NULL)                      AS corrected_count,
    CAST(coalesce(sum(article.word_count) FILTER (WHERE article.duplicate_of IS NULL), 0) AS BIGINT) AS word_count
FROM current_articles AS article
LEFT JOIN (
    SELECT DISTINCT article_id
    FROM articles
    WHERE version_no > 1
) AS version
    ON article.article_id = version.article_id
GROUP BY article.published_date, article.published_month
