-- Who and what is in clearly more articles this week than in a usual week of the four before?
SELECT
    label,
    canonical_name,
    week_article_count,
    before_article_count,
    trend
FROM name_trends
-- Three articles at least: below that, one story more or less is chance.
WHERE
    label IN ('PERSON', 'ORG', 'GPE', 'EVENT')
    AND week_article_count >= 3
    AND 4 * week_article_count >= 2 * before_article_count
ORDER BY week_article_count - before_article_count / 4 DESC, label, canonical_name
LIMIT 50
