-- The ledger: source of truth of a warehouse; its COMMIT is the only commit point.

CREATE TABLE IF NOT EXISTS meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- One row per commit; its number is the snapshot's name. A batch that was committed once is a no-op by its key.
CREATE TABLE IF NOT EXISTS commits (
    commit_id    INTEGER PRIMARY KEY AUTOINCREMENT,
    committed_us INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    run_id       TEXT NOT NULL,
    commit_key   TEXT UNIQUE
);

-- One row per Parquet file ever committed; live while removed_by is null.
CREATE TABLE IF NOT EXISTS parts (
    part_id        INTEGER PRIMARY KEY,
    table_name     TEXT NOT NULL,
    month          TEXT NOT NULL,
    path           TEXT NOT NULL UNIQUE,
    row_count      INTEGER NOT NULL,
    size_bytes     INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    added_by       INTEGER NOT NULL,
    removed_by     INTEGER
);
CREATE INDEX IF NOT EXISTS parts_live ON parts (table_name, month) WHERE removed_by IS NULL;
CREATE INDEX IF NOT EXISTS parts_added ON parts (added_by);
CREATE INDEX IF NOT EXISTS parts_removed ON parts (removed_by) WHERE removed_by IS NOT NULL;

-- Which commit the derived catalog shows, and where the warehouse stood then.
CREATE TABLE IF NOT EXISTS published (
    only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
    commit_id INTEGER NOT NULL,
    root      TEXT NOT NULL
);

-- One row per run; a run without end whose lock is free was interrupted.
CREATE TABLE IF NOT EXISTS runs (
    run_id      TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    started_us  INTEGER NOT NULL,
    finished_us INTEGER
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS inputs (
    input_id INTEGER PRIMARY KEY,
    root     BLOB NOT NULL UNIQUE
);

-- What each path looked like when it was last dealt with: same size and time, nothing to do.
CREATE TABLE IF NOT EXISTS seen (
    input_id    INTEGER NOT NULL,
    folder      BLOB NOT NULL,
    name        BLOB NOT NULL,
    size_bytes  INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    file_id     TEXT,
    PRIMARY KEY (input_id, folder, name)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS seen_by_bytes ON seen (file_id) WHERE file_id IS NOT NULL;

-- Keys of the files table; file_id is '' for bytes that were not read.
CREATE TABLE IF NOT EXISTS files (
    path          TEXT NOT NULL,
    file_id       TEXT NOT NULL,
    outcome       TEXT NOT NULL,
    reason        TEXT,
    modified_us   INTEGER NOT NULL,
    first_seen_us INTEGER NOT NULL,
    PRIMARY KEY (path, file_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_bytes ON files (file_id);

-- Keys of the outcomes table: no article block can enter twice.
CREATE TABLE IF NOT EXISTS outcomes (
    file_id          TEXT NOT NULL,
    position_in_file INTEGER NOT NULL,
    outcome          TEXT NOT NULL,
    article_id       TEXT,
    version_no       INTEGER,
    ingested_us      INTEGER NOT NULL,
    PRIMARY KEY (file_id, position_in_file)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outcomes_by_article ON outcomes (article_id) WHERE article_id IS NOT NULL;

-- Keys of the articles table: the same (date, headline, text) cannot enter twice.
-- Numbered in order of arrival.
CREATE TABLE IF NOT EXISTS versions (
    version_id       INTEGER PRIMARY KEY,
    article_id       TEXT NOT NULL,
    version_no       INTEGER NOT NULL,
    file_id          TEXT NOT NULL,
    position_in_file INTEGER NOT NULL,
    path             TEXT NOT NULL,
    source           TEXT,
    modified_us      INTEGER NOT NULL,
    published_day    INTEGER NOT NULL,
    headline_key     TEXT NOT NULL,
    content_hash     TEXT NOT NULL UNIQUE,
    text_hash        TEXT NOT NULL,
    currency         TEXT NOT NULL,
    is_current       INTEGER NOT NULL,
    first_seen_us    INTEGER NOT NULL,
    duplicate_of     TEXT,
    duplicate_kind   TEXT,
    similarity       REAL,
    shingles         BLOB NOT NULL,
    numbers          BLOB NOT NULL,
    UNIQUE (article_id, version_no)
);
CREATE INDEX IF NOT EXISTS versions_by_text ON versions (text_hash);
CREATE INDEX IF NOT EXISTS versions_by_text_and_day ON versions (text_hash, published_day);
CREATE INDEX IF NOT EXISTS versions_by_day ON versions (published_day);
CREATE INDEX IF NOT EXISTS versions_by_file ON versions (file_id);
CREATE INDEX IF NOT EXISTS versions_by_root ON versions (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- The near-duplicate index: articles that share a band of their MinHash signatures are candidates. Filed by spans of
-- days first: what arrives together lies together, so a thousand articles change as many pages beside 100,000 as beside
-- 10,000. Which bands a version has follows from its shingles.
CREATE TABLE IF NOT EXISTS bands (
    span       INTEGER NOT NULL,
    band       INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    PRIMARY KEY (span, band, version_id)
) WITHOUT ROWID;

-- Short lines near the ends of articles, by their hash, with the articles that have them: what many articles repeat is
-- no news. A row goes once its line recurs and is marked in the article.
CREATE TABLE IF NOT EXISTS edge_lines (
    line       INTEGER NOT NULL,
    article_id TEXT NOT NULL,
    PRIMARY KEY (line, article_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS recurring_lines (line INTEGER PRIMARY KEY) WITHOUT ROWID;

-- Keys of the quarantine table; position 0 stands for the whole file.
CREATE TABLE IF NOT EXISTS quarantine (
    path             TEXT NOT NULL,
    file_id          TEXT NOT NULL,
    position_in_file INTEGER NOT NULL,
    reason           TEXT NOT NULL,
    status           TEXT NOT NULL,
    attempts         INTEGER NOT NULL,
    first_seen_us    INTEGER NOT NULL,
    PRIMARY KEY (path, file_id, position_in_file)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS quarantine_by_bytes ON quarantine (file_id);
CREATE INDEX IF NOT EXISTS quarantine_open ON quarantine (path) WHERE status = 'open';

-- What was taken down and must not come back; `kind` is file, content or article, and `mark` its hash.
CREATE TABLE IF NOT EXISTS forgotten (
    kind         TEXT NOT NULL,
    mark         TEXT NOT NULL,
    forgotten_us INTEGER NOT NULL,
    run_id       TEXT NOT NULL,
    PRIMARY KEY (kind, mark)
) WITHOUT ROWID;
