-- The compiled gazetteer. Built once, then opened read-only by every process.
CREATE TABLE place (
    place_id INTEGER PRIMARY KEY,
    geonames_id INTEGER,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    feature_class TEXT NOT NULL,
    feature_code TEXT NOT NULL,
    level TEXT NOT NULL,
    country_code TEXT,
    admin1_code TEXT,
    admin2_code TEXT,
    latitude_deg REAL NOT NULL,
    longitude_deg REAL NOT NULL,
    population INTEGER,
    -- Inhabitants, or for what has none the inhabitants of a city as well known.
    prominence INTEGER NOT NULL,
    source TEXT NOT NULL
) STRICT;

-- Rank 0: the name itself; 1: another name; 2: a name cut short.
CREATE TABLE name (
    key TEXT NOT NULL,
    place_id INTEGER NOT NULL REFERENCES place,
    rank INTEGER NOT NULL,
    PRIMARY KEY (key, place_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE demonym (
    key TEXT PRIMARY KEY,
    place_id INTEGER NOT NULL REFERENCES place
) STRICT, WITHOUT ROWID;

CREATE TABLE build (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: a bit for each name, see key_filter.py.
CREATE TABLE key_filter (
    bits BLOB NOT NULL
) STRICT;

-- One row for each name of each place.
CREATE VIEW named AS
SELECT
    name.key, name.rank, place.place_id, place.geonames_id, place.name, place.kind, place.feature_class,
    place.feature_code, place.level, place.country_code, place.admin1_code, place.admin2_code, place.latitude_deg,
    place.longitude_deg, place.population, place.prominence
FROM name
JOIN place USING (place_id);

CREATE VIEW people AS
SELECT
    demonym.key, 0 AS rank, place.place_id, place.geonames_id, place.name, place.kind, place.feature_class,
    place.feature_code, place.level, place.country_code, place.admin1_code, place.admin2_code, place.latitude_deg,
    place.longitude_deg, place.population, place.prominence
FROM demonym
JOIN place USING (place_id);

CREATE TEMP TABLE heard (key TEXT NOT NULL, place_id INTEGER NOT NULL, rank INTEGER NOT NULL);
