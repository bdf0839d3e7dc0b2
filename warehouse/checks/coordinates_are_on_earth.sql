-- Coordinates are degrees within range, both or neither, and never 0,0, which stands for "unknown" in bad gazetteers.
SELECT
    article_id,
    version_no,
    mention_no,
    surface,
    geonames_id,
    latitude_deg,
    longitude_deg
FROM locations
WHERE
    NOT latitude_deg BETWEEN -90 AND 90
    OR NOT longitude_deg BETWEEN -180 AND 180
    OR (latitude_deg IS NULL) <> (longitude_deg IS NULL)
    OR (latitude_deg = 0 AND longitude_deg = 0)
