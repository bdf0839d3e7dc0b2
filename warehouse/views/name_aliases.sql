-- Which names mean the same, over all articles?
-- One row a label and spelling to replace, from newsmill's name_aliases.csv and the warehouse's; history stays as stored.
SELECT
    label,
    name,
    canonical_name,
    entity_id,
    name_key
FROM alias_rows
