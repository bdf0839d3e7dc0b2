-- Ledgers of newsmill 0.2 and before: versions had no number, and bands were filed by themselves.

ALTER TABLE versions RENAME TO versions_0_2;
ALTER TABLE bands RENAME TO bands_0_2;
DROP INDEX IF EXISTS versions_by_text;
DROP INDEX IF EXISTS versions_by_text_and_day;
DROP INDEX IF EXISTS versions_by_day;
DROP INDEX IF EXISTS versions_by_file;
DROP INDEX IF EXISTS versions_by_root;
DROP INDEX IF EXISTS bands_by_article;
