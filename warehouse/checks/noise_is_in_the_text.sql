-- Every stretch of noise lies inside its article's text.
SELECT
    article.article_id,
    article.version_no,
    noise.span.kind       AS noise_kind,
    noise.span.start_char AS start_char,
    noise.span.end_char   AS end_char
FROM articles AS article
CROSS JOIN unnest(article.noise) AS noise (span)
WHERE
    noise.span.start_char < 0
    OR noise.span.end_char <= noise.span.start_char
    OR noise.span.end_char > length(article.text)
