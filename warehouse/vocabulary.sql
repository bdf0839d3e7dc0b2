-- Which words can a query be written with?
-- One row a word: kind is relation, column (owner: its relation), function or keyword.
SELECT
    'relation' AS kind,
    table_name AS word,
    ''         AS owner
FROM information_schema.tables
WHERE table_catalog = current_database() AND table_name <> 'alias_rows'
UNION ALL
SELECT
    'column'    AS kind,
    column_name AS word,
    table_name  AS owner
FROM information_schema.columns
WHERE table_catalog = current_database() AND table_name <> 'alias_rows'
UNION ALL
SELECT DISTINCT
    'function'    AS kind,
    function_name AS word,
    ''            AS owner
FROM duckdb_functions()
WHERE regexp_full_match(function_name, '[a-z][a-z0-9_]*') AND NOT starts_with(function_name, 'pragma_')
UNION ALL
SELECT
    'keyword'    AS kind,
    keyword_name AS word,
    ''           AS owner
FROM duckdb_keywords()
ORDER BY kind, owner, word
