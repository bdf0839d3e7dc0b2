-- Every mention's offsets cut its surface out of the article's text.
SELECT
    mention.mention_kind,
    mention.article_id,
    mention.version_no,
    mention.mention_no,
    mention.start_char,
    mention.end_char,
    mention.surface,
    substring(article.text, mention.start_char + 1, mention.end_char - mention.start_char) AS cut
FROM (
    SELECT 'entity' AS mention_kind, article_id, version_no, mention_no, start_char, end_char, surface FROM entities
    UNION ALL
    SELECT 'location', article_id, version_no, mention_no, start_char, end_char, surface FROM locations
) AS mention
INNER JOIN articles AS article
    ON mention.article_id = article.article_id AND mention.version_no = article.version_no
WHERE mention.start_char < 0 OR mention.end_char <= mention.start_char OR cut <> mention.surface
