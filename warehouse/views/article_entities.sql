-- Who and what does the news mention, and in which article?
-- One row a mention in an original article's current version; canonical_name goes through name_aliases.
SELECT
    mention.article_id,
    mention.version_no,
    mention.mention_no,
    mention.published_date,
    mention.published_month,
    article.headline,
    article.source,
    article.language,
    mention.section,
    mention.start_char,
    mention.end_char,
    mention.surface,
    mention.title,
    mention.label,
    coalesce(alias.canonical_name, mention.canonical_name) AS canonical_name,
    mention.canonical_name                                 AS name_in_article,
    CASE WHEN alias.canonical_name <> mention.canonical_name THEN 'alias' ELSE mention.canonical_method END
        AS canonical_method,
    CASE
        WHEN alias.canonical_name <> mention.canonical_name THEN least(mention.canonical_score, 0.95)
        ELSE mention.canonical_score
    END                                                    AS canonical_score,
    coalesce(alias.entity_id, mention.entity_id)           AS entity_id,
    mention.pipeline_id
FROM (
    SELECT
        *,
        -- As tasks.aliases.keys.name_key, which made alias.name_key; both are held to it by a test. Most names are of
        -- plain letters and take the short way: as many bytes as characters, so no accent, and nothing to cut.
        CASE
            WHEN
                strlen(canonical_name) = length(canonical_name)
                AND NOT contains(canonical_name, '.')
                AND NOT contains(canonical_name, '  ')
                THEN trim(lower(canonical_name))
            ELSE trim(replace(replace(translate(
                lower(strip_accents(replace(replace(canonical_name, '.', ''), '’', ''''))), 'ıłøđ', 'ilod'
            ), 'ß', 'ss'), '  ', ' '))
        END AS name_key
    FROM entities
) AS mention
INNER JOIN original_articles AS article
    ON
        mention.article_id = article.article_id
        AND mention.version_no = article.version_no
        AND mention.published_month = article.published_month
        -- The same always; said so that a question about days reads those days of both.
        AND mention.published_date = article.published_date
LEFT JOIN name_aliases AS alias
    ON
        mention.label = alias.label
        AND mention.name_key = alias.name_key
