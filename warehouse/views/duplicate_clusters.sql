-- Which stories were told again, how often, and where first?
-- One row a canonical article that has copies; counts story_copies, so current versions and identical files.
SELECT
    original_id                                        AS article_id,
    original_date                                      AS published_date,
    original_headline                                  AS headline,
    original_source                                    AS source,
    count(*)                                           AS copy_count,
    count(*) FILTER (WHERE copy_kind = 'identical')    AS identical_count,
    count(*) FILTER (WHERE copy_kind = 'exact')        AS exact_count,
    count(*) FILTER (WHERE copy_kind = 'near')         AS near_count,
    min(similarity)                                    AS least_similarity,
    min(published_date)                                AS first_copy_date,
    max(published_date)                                AS last_copy_date,
    any_value(source) FILTER (WHERE copy_no = 1)       AS first_copy_source,
    any_value(path) FILTER (WHERE copy_no = 1)         AS first_copy_path,
    list_sort(list_distinct(list(source)))             AS copy_sources,
    coalesce(
        list(article_id ORDER BY article_id) FILTER (WHERE copy_kind <> 'identical'), CAST([] AS VARCHAR[])
    )                                                  AS copy_ids
FROM story_copies
GROUP BY original_id, original_date, original_headline, original_source
