-- What needs somebody's attention?
SELECT
    alarm,
    source,
    since,
    sentence,
    measured,
    usual,
    unit
FROM alarms
ORDER BY alarm, source
