-- The rows of ledgers of newsmill 0.2 and before, in today's tables; 719162 days lie before 1970.

INSERT INTO versions (
    article_id, version_no, file_id, position_in_file, path, source, modified_us, published_day, headline_key,
    content_hash, text_hash, currency, is_current, first_seen_us, duplicate_of, duplicate_kind, similarity, shingles,
    numbers
)
SELECT
    article_id, version_no, file_id, position_in_file, path, source, modified_us, published_day, headline_key,
    content_hash, text_hash, currency, is_current, first_seen_us, duplicate_of, duplicate_kind, similarity, shingles,
    numbers
FROM versions_0_2
ORDER BY rowid;

INSERT INTO bands
SELECT (b.published_day + 719162) / 90, b.band, v.version_id
FROM bands_0_2 b JOIN versions v USING (article_id, version_no);

DROP TABLE bands_0_2;
DROP TABLE versions_0_2;
