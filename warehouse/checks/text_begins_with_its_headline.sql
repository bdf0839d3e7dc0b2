-- An article's text is its headline, then its standfirst if it has one, then its paragraphs, a line each.
SELECT
    article_id,
    version_no,
    headline,
    standfirst,
    left(text, 200) AS text_begins
FROM articles
WHERE NOT starts_with(text || chr(10), headline || chr(10) || coalesce(standfirst || chr(10), ''))
