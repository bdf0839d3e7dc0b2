-- A place mention has a gazetteer entry with a name, level and coordinates, or a reason why not; never both, never neither.
SELECT
    article_id,
    version_no,
    mention_no,
    surface,
    geonames_id,
    place_name,
    level,
    latitude_deg,
    unresolved_reason,
    confidence
FROM locations
WHERE
    (unresolved_reason IS NULL) <> (place_name IS NOT NULL AND level IS NOT NULL AND latitude_deg IS NOT NULL)
    OR (unresolved_reason IS NOT NULL AND geonames_id IS NOT NULL)
    OR (unresolved_reason IS NULL AND confidence IS NULL)
    OR NOT confidence BETWEEN 0 AND 1
