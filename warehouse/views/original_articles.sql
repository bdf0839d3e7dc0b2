-- Which stories are there, each told once?
-- One row an article: its current version, without those that repeat another article.
SELECT *
FROM current_articles
WHERE duplicate_of IS NULL
