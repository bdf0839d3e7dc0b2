-- What needs somebody's attention?
SELECT
    alarm,
    source,
    since,
    sentence
FROM alarms
ORDER BY alarm, source
