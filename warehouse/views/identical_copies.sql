-- Which articles came word for word again, under another path?
-- One row a stored article and another path at which its date, headline and text were met; nothing of it is stored again.
SELECT
    article_id,
    path,
    -- As tasks.ingestion.staged_rows.source_of: the first folder, archives unpacked where they lie.
    nullif(regexp_extract(
        regexp_replace(path, '[^/]*\.(gz|zst|zstd|bz2|xz|zip|tar|tgz|tzst|tbz|tbz2|txz)!', '', 'gi'), '^([^/]*)/', 1
    ), '')          AS source,
    min(arrived_at) AS arrived_at
FROM (
    SELECT block.article_id, file.path, block.ingested_at AS arrived_at
    FROM outcomes AS block
    INNER JOIN files AS file
        ON block.file_id = file.file_id AND file.outcome = 'read'
    -- What one file holds twice lies under one path.
    ANTI JOIN articles AS stored
        ON block.article_id = stored.article_id AND block.file_id = stored.file_id
    WHERE block.outcome = 'exact_duplicate'
    UNION ALL
    -- A file whose bytes came before is not read again; its blocks are those of the first.
    SELECT block.article_id, file.path, file.first_seen_at
    FROM files AS file
    INNER JOIN outcomes AS block
        ON file.file_id = block.file_id
    WHERE file.outcome = 'duplicate' AND block.article_id IS NOT NULL
)
GROUP BY article_id, path
