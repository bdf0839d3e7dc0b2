"""A warehouse in which every text that the report shows tries to be something else."""

from datetime import date
from typing import Any

import duckdb

from tests.example_warehouse import memory_warehouse
from tests.examples import DAY, article, entity, file, file_id, location, outcome, quarantined, run

SCRIPT = "<script>alert(1)</script>"
QUOTES = "\"'><img src=x onerror=alert(2)>"
REVERSED = "\u202eevil\u202c =1+1 {{ 7 * 7 }} </script><!--"
FORMULA = '=HYPERLINK("http://example.org/?"&A1,"Open")'
NULL = "Nul\x00l \x1b[31m \u2028 line"
EMOJI = "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 Zürich ﷽"
ENDLESS = "Donaudampfschifffahrt" * 250
ATTACKS = [SCRIPT, QUOTES, REVERSED, FORMULA, NULL, EMOJI, ENDLESS]

# Where a place of each name lies: labels of neighbours meet, some run out of the map.
PLACES = [(-15.8, -47.9), (48.9, 2.4), (40.7, -74.0), (-14.3, -170.7), (-18.1, 178.4), (35.7, 139.7), (52.5, 13.4)]


def hostile_warehouse() -> duckdb.DuckDBPyConnection:
    """Every attack as headline, name, place, source, path, flag and detail; headlines twice, corrected and copied."""
    numbers = range(1, len(ATTACKS) + 1)
    return memory_warehouse(
        articles=[row for number in numbers for row in versions(number)],
        entities=[row for number in numbers for row in mentions(number)],
        locations=[place(number) for number in numbers],
        files=[file(path=f"{number}{ATTACKS[number - 1]}", file_id=file_id(str(number))) for number in numbers],
        outcomes=[outcome(file_id=file_id(str(number)), article_id=f"a{number}") for number in numbers],
        quarantine=[
            quarantined(path=attack, file_id=file_id(attack), detail=attack, reason=reason)
            for attack, reason in zip(ATTACKS, ["binary", "empty", "no_date", "no_body"] * 2, strict=False)
        ],
        runs=[run(detail=SCRIPT)],
    )


def versions(number: int) -> list[Any]:
    """An article of two versions, and its copy on the day before."""
    attack = ATTACKS[number - 1]
    named: dict[str, Any] = {"article_id": f"a{number}", "source": attack, "flags": [attack]}
    return [
        article(**named, headline=f"was {attack}", is_current=False),
        article(**named, headline=attack, version_no=2, entity_count=2, location_count=1),
        article(
            article_id=f"copy{number}",
            headline=attack,
            published_date=date(DAY.year, DAY.month - 1, 30),
            duplicate_of=f"a{number}",
            duplicate_kind="exact",
            similarity=1.0,
        ),
    ]


def mentions(number: int) -> list[Any]:
    """A person and an organisation of that name."""
    named = {"article_id": f"a{number}", "version_no": 2, "surface": ATTACKS[number - 1]}
    return [entity(**named, label="PERSON"), entity(**named, label="ORG", mention_no=2)]


def place(number: int) -> Any:
    """A place of that name in a country that nobody knows."""
    north, east = PLACES[number - 1]
    return location(
        article_id=f"a{number}",
        version_no=2,
        geonames_id=number,
        place_name=ATTACKS[number - 1],
        country_code=None,
        latitude_deg=north,
        longitude_deg=east,
    )
