-- Which names mean the same, over all articles?
-- One row a name to replace; edit the list, history stays as it was stored.
SELECT
    label,
    name,
    canonical_name
FROM (
    VALUES
    ('ORG', 'UN', 'United Nations'),
    ('ORG', 'U.N.', 'United Nations'),
    ('ORG', 'the United Nations', 'United Nations'),
    ('ORG', 'EU', 'European Union'),
    ('ORG', 'the European Union', 'European Union'),
    ('ORG', 'WHO', 'World Health Organization'),
    ('ORG', 'the World Health Organization', 'World Health Organization'),
    ('GPE', 'US', 'United States'),
    ('GPE', 'the U.S.', 'United States'),
    ('GPE', 'the US', 'United States'),
    ('GPE', 'U.S.', 'United States'),
    ('GPE', 'USA', 'United States'),
    ('GPE', 'the United States', 'United States'),
    ('GPE', 'UK', 'United Kingdom'),
    ('GPE', 'U.K.', 'United Kingdom'),
    ('GPE', 'the UK', 'United Kingdom'),
    ('GPE', 'the U.K.', 'United Kingdom'),
    ('GPE', 'the United Kingdom', 'United Kingdom')
) AS aliases (label, name, canonical_name)
