-- On which days did nothing appear?
SELECT missing_date
FROM missing_days
ORDER BY missing_date
