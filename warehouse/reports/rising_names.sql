-- Who and what is in clearly more of the articles this week than in the four weeks before?
SELECT
    name.label,
    name.canonical_name,
    name.week_article_count,
    week.week_article_total,
    name.before_article_count,
    week.before_article_total,
    name.trend
FROM name_trends AS name
CROSS JOIN reporting_weeks AS week
WHERE
    name.label IN ('PERSON', 'ORG', 'GPE', 'EVENT')
    -- Three articles at least: below that, one story more or less is chance.
    AND name.week_article_count >= 3
    -- Twice its share, or not named before at all.
    AND coalesce(name.trend >= 2, true)
    -- In the first days of a warehouse there is too little before to compare with, and every name would seem new.
    AND week.before_article_total >= week.week_article_total
ORDER BY
    name.week_article_count - name.before_article_count * week.week_article_total / week.before_article_total DESC,
    name.label,
    name.canonical_name
LIMIT 50
