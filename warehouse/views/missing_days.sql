-- On which days between the first and the latest is there no news at all?
-- One row a day without any stored article; days after the latest_published_date of freshness are not asked for, and
-- an article with the flag implausible_date (1970-01-01 …) does not make the first day.
SELECT CAST(day AS DATE) AS missing_date
FROM (
    SELECT unnest(generate_series(
        (SELECT min(published_date) FROM articles WHERE NOT list_contains(flags, 'implausible_date')),
        (SELECT latest_published_date FROM freshness),
        INTERVAL 1 DAY
    )) AS day
)
WHERE CAST(day AS DATE) NOT IN (SELECT published_date FROM articles)
