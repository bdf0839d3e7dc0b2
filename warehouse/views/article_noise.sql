-- What in an article is no news: bylines, captions, credits, links, repeated and recurring lines?
-- One row a stretch of text, current versions, copies included; nothing was looked for in it.
SELECT
    article.article_id,
    article.version_no,
    article.published_date,
    article.published_month,
    article.source,
    noise.span.kind                AS kind,
    noise.span.start_char          AS start_char,
    noise.span.end_char            AS end_char,
    substring(article.text, noise.span.start_char + 1, noise.span.end_char - noise.span.start_char) AS surface
FROM current_articles AS article
CROSS JOIN unnest(article.noise) AS noise (span)
