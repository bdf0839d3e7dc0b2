-- Which articles hold these words, name this person or organisation, mention this place?
-- $words as search_articles takes them; a filter that is null lets everything pass. $name is a whole name, as printed or as
-- the article's fullest form; $place a place as printed or by the gazetteer, or the division or country it lies in. Letters
-- of both are compared as those of words are.
SELECT
    found.published_date,
    found.source,
    found.headline,
    found.score,
    found.hit_count,
    found.snippet,
    found.article_id
FROM search_articles($words, first_day := $first_day, last_day := $last_day) AS found
WHERE
    ($source IS NULL OR found.source = $source)
    AND (
        $name IS NULL
        OR EXISTS (
            SELECT 1
            FROM article_entities AS entity
            WHERE
                entity.article_id = found.article_id
                AND entity.published_month = found.published_month
                AND translate(strip_accents(lower($name)), 'ıłøđ', 'ilod') IN (
                    translate(strip_accents(lower(entity.canonical_name)), 'ıłøđ', 'ilod'),
                    translate(strip_accents(lower(entity.name_in_article)), 'ıłøđ', 'ilod'),
                    translate(strip_accents(lower(entity.surface)), 'ıłøđ', 'ilod')
                )
        )
    )
    AND (
        $place IS NULL
        OR EXISTS (
            SELECT 1
            FROM resolved_places AS place
            WHERE
                place.article_id = found.article_id
                AND place.published_month = found.published_month
                AND translate(strip_accents(lower($place)), 'ıłøđ', 'ilod') IN (
                    translate(strip_accents(lower(place.place_name)), 'ıłøđ', 'ilod'),
                    translate(strip_accents(lower(place.surface)), 'ıłøđ', 'ilod'),
                    translate(strip_accents(lower(place.admin1_name)), 'ıłøđ', 'ilod'),
                    translate(strip_accents(lower(place.country_name)), 'ıłøđ', 'ilod')
                )
        )
    )
ORDER BY found.score DESC, found.published_date DESC, found.article_id
LIMIT $most
