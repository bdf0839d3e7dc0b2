-- Which week do the trends look at, and which four weeks do they compare it with?
-- Always one row: the seven days up to the latest day of publication, and the 28 days before; null in an empty warehouse.
SELECT
    latest_published_date - 6  AS week_start,
    latest_published_date      AS week_end,
    latest_published_date - 34 AS before_start,
    latest_published_date - 7  AS before_end
FROM freshness
