-- What does each article say now?
-- One row an article: its current version, duplicates of other articles included.
SELECT *
FROM articles
WHERE is_current
