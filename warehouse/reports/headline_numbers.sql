-- How much is in the warehouse?
SELECT
    (SELECT count(*) FROM original_articles)                                        AS article_count,
    (SELECT count(*) FROM current_articles WHERE duplicate_of IS NOT NULL)          AS duplicate_count,
    (SELECT count(DISTINCT article_id) FROM corrections)                            AS corrected_count,
    (SELECT CAST(coalesce(sum(word_count), 0) AS BIGINT) FROM original_articles)    AS word_count,
    (SELECT count(*) FROM article_entities)                                         AS mention_count,
    (SELECT count(*) FROM resolved_places)                                          AS place_mention_count,
    (SELECT count(DISTINCT country_code) FROM resolved_places)                      AS country_count,
    (SELECT count(*) FROM files WHERE outcome = 'read')                             AS file_count,
    (SELECT count(*) FROM open_quarantine)                                          AS open_quarantine_count,
    (SELECT min(published_date) FROM original_articles)                             AS first_published_date,
    (SELECT max(published_date) FROM original_articles)                             AS last_published_date
-- One row: no order to give.
