-- Which articles hold these words, the best first?
-- One row an original article's current version that holds every word, of the days from first_day to last_day.
-- "a phrase" in quotes, -word for one that must not occur, begin* for a word's beginning; case and accents do not matter.
-- Chinese, Japanese, Thai and others write no spaces: their words are found inside longer ones.
-- score is BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75) over those days; a word in the headline counts three times,
-- and is as rare as its letters are, in other words too: counting words in every article would cost ten times as much.
CREATE OR REPLACE MACRO search_articles(words, first_day := DATE '0001-01-01', last_day := DATE '9999-12-31') AS TABLE
WITH tokens AS (
    SELECT
        token,
        regexp_extract_all(token, '[\pL\pN]+')                                       AS parts,
        '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]' AS spaceless
    FROM (SELECT unnest(regexp_extract_all(
        translate(strip_accents(lower(words)), 'ıłøđ', 'ilod'), '-?"[^"]+"|\S+'
    )) AS token)
),

terms AS (
    SELECT DISTINCT
        starts_with(token, '-')                                                       AS is_unwanted,
        -- Two spaces between words, so that neighbours share none.
        CASE WHEN regexp_matches(parts[1], '^' || spaceless) THEN '' ELSE ' ' END
        || array_to_string(parts, '  ')
        || CASE WHEN ends_with(token, '*') OR regexp_matches(parts[-1], spaceless || '$') THEN '' ELSE ' ' END AS term,
        (SELECT arg_max(part, length(part)) FROM unnest(parts) AS of_token (part))    AS longest
    FROM tokens
    WHERE len(parts) > 0
),

searched AS (
    SELECT
        article_id,
        published_month,
        word_count,
        length(headline)                AS headline_length,
        -- Taking accents off costs ten times what lower does, and most texts have nothing but punctuation beyond ASCII.
        CASE
            WHEN regexp_matches(text, '[^\x{0}-\x{BF}\x{2000}-\x{2BFF}]')
                THEN translate(strip_accents(lower(text)), 'ıłøđ', 'ilod')
            ELSE lower(text)
        END                             AS text
    FROM original_articles
    WHERE
        published_date BETWEEN first_day AND last_day
        AND published_month BETWEEN strftime(first_day, '%Y-%m') AND strftime(last_day, '%Y-%m')
),

size AS (
    SELECT
        count(*)        AS article_count,
        avg(word_count) AS mean_word_count
    FROM original_articles
    WHERE
        published_date BETWEEN first_day AND last_day
        AND published_month BETWEEN strftime(first_day, '%Y-%m') AND strftime(last_day, '%Y-%m')
),

found AS (
    SELECT
        searched.*,
        terms.*,
        position(terms.longest IN substring(searched.text, searched.headline_length + 1)) AS first_hit,
        count(*) OVER (PARTITION BY terms.term, terms.is_unwanted) AS holding_count,
        count(*) FILTER (WHERE NOT terms.is_unwanted) OVER (
            PARTITION BY searched.published_month, searched.article_id
        )                                                          AS wanted_count
    FROM searched
    INNER JOIN terms
        ON contains(searched.text, terms.longest)
),

worded AS (
    SELECT
        * EXCLUDE (text),
        ' ' || regexp_replace(text, '[^\pL\pN]+', '  ', 'g') || ' '                              AS text,
        ' ' || regexp_replace(substring(text, 1, headline_length), '[^\pL\pN]+', '  ', 'g') || ' ' AS headline
    FROM found
    WHERE wanted_count = (SELECT count(*) FROM terms WHERE NOT is_unwanted)
),

counted AS (
    SELECT
        article_id,
        published_month,
        word_count,
        is_unwanted,
        holding_count,
        first_hit,
        (length(text) - length(replace(text, term, ''))) // length(term)             AS hit_count,
        (length(headline) - length(replace(headline, term, ''))) // length(term)     AS headline_hit_count
    FROM worded
),

ranked AS (
    SELECT
        article_id,
        published_month,
        min(first_hit)                    AS first_hit,
        CAST(sum(hit_count) AS INTEGER)   AS hit_count,
        sum(
            ln(1 + (size.article_count - holding_count + 0.5) / (holding_count + 0.5))
            * (hit_count + 2 * headline_hit_count) * 2.2
            / (hit_count + 2 * headline_hit_count + 1.2 * (0.25 + 0.75 * word_count / mean_word_count))
        )                                 AS score
    FROM counted
    CROSS JOIN size
    WHERE hit_count > 0
    GROUP BY article_id, published_month
    HAVING
        NOT bool_or(is_unwanted)
        AND count(*) = (SELECT count(*) FROM terms WHERE NOT is_unwanted)
),

-- A snippet is of the body, where the headline is not said again, and of whole words.
cut AS (
    SELECT
        article.*,
        ranked.hit_count,
        round(ranked.score, 3)                                                            AS score,
        ranked.first_hit > 62                                                             AS begins_later,
        length(article.headline) + greatest(2, ranked.first_hit - 60)                     AS snippet_start,
        replace(substring(article.text, snippet_start, 200), chr(10), ' ')                AS stretch,
        CASE WHEN begins_later THEN regexp_replace(stretch, '^\S*\s', '…') ELSE stretch END AS opened,
        length(article.text) >= snippet_start + 200                                       AS ends_earlier
    FROM ranked
    INNER JOIN original_articles AS article
        ON ranked.article_id = article.article_id AND ranked.published_month = article.published_month
)

SELECT
    article_id,
    version_no,
    published_date,
    published_month,
    source,
    headline,
    hit_count,
    score,
    CASE WHEN ends_earlier THEN regexp_replace(opened, '\s\S*$', '…') ELSE opened END AS snippet
FROM cut
ORDER BY score DESC, published_date DESC, article_id
