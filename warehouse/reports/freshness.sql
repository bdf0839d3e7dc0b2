-- How recent is what the warehouse holds, and did the last run succeed?
SELECT *
FROM freshness
-- One row: no order to give.
