-- Nothing is looked for where an article has no news.
SELECT
    mention.mention_kind,
    mention.article_id,
    mention.version_no,
    mention.mention_no,
    mention.surface,
    noise.span.kind AS noise_kind
FROM (
    SELECT 'entity' AS mention_kind, article_id, version_no, mention_no, start_char, end_char, surface FROM entities
    UNION ALL
    SELECT 'location', article_id, version_no, mention_no, start_char, end_char, surface FROM locations
) AS mention
INNER JOIN articles AS article
    ON mention.article_id = article.article_id AND mention.version_no = article.version_no
CROSS JOIN unnest(article.noise) AS noise (span)
WHERE mention.start_char < noise.span.end_char AND noise.span.start_char < mention.end_char
