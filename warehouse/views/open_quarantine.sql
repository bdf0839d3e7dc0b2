-- What was refused and still waits for someone to look at it?
-- One row a refused file or article block whose status is open.
SELECT *
FROM quarantine
WHERE status = 'open'
