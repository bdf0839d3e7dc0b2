-- Which names mean the same, over all articles?
-- One row a label and name to replace, from newsmill's name_aliases.csv and the warehouse's; history stays as stored.
SELECT
    label,
    name,
    canonical_name,
    entity_id,
    lower(strip_accents(replace(name, '.', ''))) AS name_key
FROM alias_rows
