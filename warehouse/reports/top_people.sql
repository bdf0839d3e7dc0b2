-- Which people are in most articles, and are they rising?
SELECT
    canonical_name,
    mention_count,
    article_count,
    week_article_count,
    before_article_count,
    trend
FROM name_trends
WHERE label = 'PERSON'
ORDER BY article_count DESC, mention_count DESC, canonical_name
LIMIT 50
