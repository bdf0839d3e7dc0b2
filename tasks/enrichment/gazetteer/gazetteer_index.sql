-- Files the names in the order of their keys: a third of the time and the size of inserting them as they come.
INSERT INTO name
SELECT key, place_id, min(rank)
FROM heard
GROUP BY key, place_id
ORDER BY key, place_id;

DROP TABLE heard;

CREATE UNIQUE INDEX division ON place (admin1_code) WHERE kind = 'admin1';

CREATE INDEX country ON place (country_code) WHERE kind = 'country';
