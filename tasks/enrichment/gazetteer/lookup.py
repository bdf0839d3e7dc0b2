"""Looking places up: the compiled gazetteer, opened read-only, its answers kept for the names that come again."""

import math
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from schemas.errors import NewsmillError
from schemas.reasons import Level
from tasks.enrichment.gazetteer.key_filter import load_key_filter
from tasks.enrichment.gazetteer.place_names import find_spellings, key_of, name_key, says_direction
from tasks.enrichment.reference import NAMES_KEPT, load_substitutes

TOWNS = frozenset(["city", "capital"])
FIND_NAMED = "SELECT * FROM named WHERE key = ? ORDER BY prominence DESC, place_id"
FIND_PEOPLE = "SELECT * FROM people WHERE key = ?"
# By a number or code that few ask for, so that no index is kept: the largest first, a country or division by its own.
FIND_PLACE = """
SELECT '', 0, place_id, geonames_id, name, kind, feature_class, feature_code, level, country_code, admin1_code,
    admin2_code, latitude_deg, longitude_deg, population, prominence
FROM place
WHERE (:column = 'geonames_id' AND geonames_id = :code)
    OR (:column = 'admin1_code' AND admin1_code = :code AND kind = 'admin1')
    OR (:column = 'country_code' AND country_code = :code AND kind = 'country')
"""
# An enum looks its members up in Python, a dictionary does not.
LEVELS = {level.value: level for level in Level}
FIND_DIVISION = "SELECT name FROM place WHERE kind = 'admin1' AND admin1_code = ?"


class Place(NamedTuple):
    """One entry of the gazetteer; `vector` is its point on the unit sphere, for quick distances."""

    place_id: int
    geonames_id: int | None
    name: str
    kind: str
    feature_class: str
    feature_code: str
    level: Level
    country_code: str | None
    admin1_code: str | None
    admin2_code: str | None
    latitude_deg: float
    longitude_deg: float
    population: int | None
    prominence: int
    vector: tuple[float, float, float]


class Candidate(NamedTuple):
    """A place that bears a name, and how: 0 it is the name, 1 another name of it, 2 its name cut short."""

    place: Place
    rank: int


class Gazetteer:
    """An open gazetteer; answers are immutable and shared, so that threads may ask at once."""

    def __init__(self, path: Path) -> None:
        """Opens the file read-only; raises NewsmillError when it cannot be read."""
        try:
            # Immutable: no locks are taken, the pages are shared by every process that opens the file.
            address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
            self._database.execute("PRAGMA mmap_size = 268435456")
            self._database.execute("SELECT value FROM build").fetchone()
            self._filter = load_key_filter(self._database)
            # Some hundreds, asked for with every name: most questions end here.
            self._demonyms = frozenset(key for (key,) in self._database.execute("SELECT key FROM demonym"))
        except sqlite3.Error as error:
            raise NewsmillError(
                f"The gazetteer '{path}' cannot be read ({error}); delete it to have it built anew."
            ) from error
        self.find_key = lru_cache(NAMES_KEPT)(self._find_key)
        self.find_named = lru_cache(NAMES_KEPT)(self._find_named)
        self.find_people = lru_cache(NAMES_KEPT)(self._find_people)
        self.division_name = lru_cache(NAMES_KEPT)(self._division_name)

    def _find_key(self, key: str) -> tuple[Candidate, ...]:
        stands_for = load_substitutes().get(key)
        if isinstance(stands_for, int):
            place = self.find_place("geonames_id", str(stands_for))
            return (Candidate(place, 0),) if place else ()
        if stands_for:
            return self.find_key(key_of(stands_for))
        if not self._filter.may_hold(key):
            return ()
        rows = self._database.execute(FIND_NAMED, (key,))
        return tuple(Candidate(read_place(row), row[1]) for row in rows)

    def _find_named(self, surface: str) -> tuple[Candidate, ...]:
        """Every place that the surface can name, by its exact spelling, else by the first looser one that is known."""
        for spelling in find_spellings(surface):
            found = self.find_key(key_of(spelling))
            # "north Arlington" is a part of Arlington, not the town of North Arlington.
            if found and not (spelling is surface and says_direction(surface) and found[0].place.level is Level.CITY):
                return found
        return ()

    def _find_people(self, surface: str) -> Place | None:
        """The place whose people or adjective the surface is: "French", "Londoners"."""
        key = name_key(surface.removeprefix("the "))
        row = self._database.execute(FIND_PEOPLE, (key,)).fetchone() if key in self._demonyms else None
        return read_place(row) if row else None

    def find_place(self, column: str, code: str) -> Place | None:
        """The place with this geonames_id, or the division or country with this admin1_code or country_code."""
        row = self._database.execute(FIND_PLACE, {"column": column, "code": code}).fetchone()
        return read_place(row) if row else None

    def _division_name(self, admin1_code: str) -> str | None:
        """The name of a first-level division."""
        row = self._database.execute(FIND_DIVISION, (admin1_code,)).fetchone()
        return str(row[0]) if row else None


def read_place(row: tuple[Any, ...]) -> Place:
    """The place in a row of the views `named` and `people`, after key and rank."""
    columns = (*row[2:8], LEVELS[row[8]], *row[9:16], point_on_sphere(row[12], row[13]))
    return Place._make(columns)


def point_on_sphere(latitude_deg: float, longitude_deg: float) -> tuple[float, float, float]:
    """The point as a vector of length 1."""
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    cos_latitude = math.cos(latitude)
    return (cos_latitude * math.cos(longitude), cos_latitude * math.sin(longitude), math.sin(latitude))
