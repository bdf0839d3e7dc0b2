"""Names and places as news has them: a few in thousands of articles, most in one or two."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from tasks.aliases.files import load_shipped
from tasks.aliases.keys import KIND_OF_LABEL, entity_id
from tasks.aliases.resolving import alias_rows
from warehouse import load_views

# Shares of labels and of kinds of places among the mentions of 296 Wikinews articles.
LABELS = {"PERSON": 0.34, "ORG": 0.32, "GPE": 0.21, "NORP": 0.07, "LOC": 0.02, "EVENT": 0.02, "FAC": 0.02}
LEVELS = {"country": 0.50, "admin1": 0.15, "city": 0.29, "region": 0.03, "feature": 0.03}
NAMES = {"PERSON": 300_000, "ORG": 100_000, "GPE": 20_000, "NORP": 600, "LOC": 3_000, "EVENT": 5_000, "FAC": 10_000}
PLACES = {"country": 0, "admin1": 2_000, "city": 20_000, "region": 400, "feature": 4_000}
# Of the names in newsmill's own alias file every label has so many among its most frequent.
ALIASES = 40
# fmt: off
SYLLABLES = (
    "ba", "ke", "li", "mo", "nu", "ra", "sa", "te", "vi", "zo", "dan", "ger", "hol", "ist", "kar", "len",
    "mar", "nor", "pet", "ros", "sten", "tor", "val", "wil", "berg", "ton", "ley", "sky",
)
# fmt: on

Chance = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Rows to draw from, and what share of all draws falls to those up to each row."""

    rows: pa.Table
    upto: Any

    def draw(self, count: int, chance: Chance) -> Any:
        """Numbers of rows, as many as asked for."""
        return np.searchsorted(self.upto, chance.random(count)).astype(np.int32)


def skewed(sizes: dict[str, int], shares: dict[str, float]) -> Any:
    """The running share of draws over groups, each by Zipf: the n-th name of a group as often as 1/n."""
    weights = [
        shares[group] * zipf / zipf.sum() for group, size in sizes.items() for zipf in [1 / np.arange(3, size + 3)]
    ]
    upto = np.cumsum(np.concatenate(weights))
    return upto / upto[-1]


def made_words(count: int, parts: int, chance: Chance) -> list[str]:
    """So many words with a capital, of that many syllables; some come twice."""
    drawn = chance.integers(0, len(SYLLABLES), (count, parts)).tolist()
    return ["".join(SYLLABLES[one] for one in word).capitalize() for word in drawn]


@cache
def name_pool(seed: int) -> Pool:
    """Names as columns of `entities`; the most frequent of each label are those of newsmill's alias file."""
    chance = np.random.default_rng(seed)
    first, last = made_words(2_000, 2, chance), made_words(20_000, 3, chance)
    aliases: dict[str, list[str]] = {label: [] for label in NAMES}
    for row in alias_rows(load_shipped()):
        if row["label"] in aliases and len(aliases[row["label"]]) < ALIASES:
            aliases[row["label"]].append(row["name"])
    rows: dict[str, list[str]] = {"label": [], "canonical_name": [], "entity_id": [], "surface": []}
    sizes = {}
    for label, size in NAMES.items():
        parts = zip(chance.integers(0, 2_000, size).tolist(), chance.integers(0, 20_000, size).tolist(), strict=True)
        made = list(dict.fromkeys(last[two] if label == "GPE" else f"{first[one]} {last[two]}" for one, two in parts))
        names = aliases[label] + made
        sizes[label] = len(names)
        rows["label"] += [label] * len(names)
        rows["canonical_name"] += names
        rows["entity_id"] += [entity_id(KIND_OF_LABEL[label], name) for name in names]
        rows["surface"] += [name.split()[-1] if label == "PERSON" else name for name in names]
    return Pool(rows=pa.table(rows), upto=skewed(sizes, LABELS))


@cache
def place_pool(seed: int) -> Pool:
    """Places as the columns of the gazetteer in `locations`; countries are those that there are."""
    chance = np.random.default_rng(seed)
    countries = duckdb.execute(load_views()["country_names"].sql).fetchall()
    sizes = {level: size or len(countries) for level, size in PLACES.items()}
    rows: list[dict[str, Any]] = []
    for level, size in sizes.items():
        names = [str(country[1]) for country in countries] if level == "country" else made_words(size, 4, chance)
        # Most news is of few countries.
        homes = chance.zipf(1.3, size) % len(countries) if level != "country" else np.arange(size)
        for name, home, (north, east) in zip(names, homes.tolist(), chance.random((size, 2)).tolist(), strict=True):
            rows.append(place_row(len(rows), level, name, str(countries[home][0]), (north, east)))
    return Pool(rows=pa.Table.from_pylist(rows), upto=skewed(sizes, LEVELS))


def place_row(number: int, level: str, name: str, country: str, at: tuple[float, float]) -> dict[str, Any]:
    """One place; `at` is the share of the way across the map, north and east."""
    north, east = at
    inside = level in {"admin1", "city", "feature"}
    division = number % 12
    return {
        "geonames_id": 1_000_000 + number,
        "place_name": name,
        "feature_class": "P" if level == "city" else "A",
        "feature_code": {"country": "PCLI", "admin1": "ADM1", "city": "PPL"}.get(level, "RGN"),
        "level": level,
        "country_code": None if level == "region" else country,
        "admin1_code": f"{country}.{division:02d}" if inside else None,
        "admin1_name": f"Division {division} of {country}" if inside else None,
        "latitude_deg": round(north * 130 - 55, 5),
        "longitude_deg": round(east * 360 - 180, 5),
        "population": number * 37 % 1_000_000,
    }
