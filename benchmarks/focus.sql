-- Which countries is each file's article about, and in which order?
SELECT
    file.path,
    place.country_code,
    place.is_focus,
    place.place_rank
FROM article_places AS place
INNER JOIN articles AS article
    ON place.article_id = article.article_id AND place.version_no = article.version_no
INNER JOIN files AS file
    ON article.file_id = file.file_id
WHERE place.level = 'country'
ORDER BY file.path, place.place_rank
