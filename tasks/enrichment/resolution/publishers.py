"""Where a publisher is at home, as `publishers.csv` says: evidence for every article of that source."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from schemas.errors import NewsmillError
from tasks.enrichment.gazetteer.lookup import Candidate, Gazetteer, Place
from tasks.enrichment.reference import load_rows
from tasks.enrichment.resolution.groups import Name
from tasks.enrichment.resolution.senses import weigh_candidates

HEAVIEST = 100


def publisher_names(source: str | None, gazetteer: Gazetteer) -> list[Name]:
    """The homes of a source, as if each of its articles named them as often as their weight says."""
    homes = load_publishers(gazetteer).get(source or "", {})
    return [Name(weigh_candidates([Candidate(place, 0)]), loudness=weight) for place, weight in homes.items()]


@cache
def load_publishers(gazetteer: Gazetteer) -> Mapping[str, Mapping[Place, float]]:
    """The homes and their weights, by source; raises NewsmillError for a row that names no place of the gazetteer."""
    return publisher_homes(load_rows("publishers"), gazetteer)


def publisher_homes(rows: Iterable[Mapping[str, str]], gazetteer: Gazetteer) -> Mapping[str, Mapping[Place, float]]:
    """The homes and their weights, by source, from the rows of the table; line 1 of the file is its header."""
    publishers: defaultdict[str, dict[Place, float]] = defaultdict(dict)
    for line, row in enumerate(rows, start=2):
        place = find_home(row, gazetteer)
        if place is None:
            raise NewsmillError(
                f"Line {line} of publishers.csv names no place of the gazetteer. Give one of country_code (such as "
                "US), admin1_code (such as US.LA) or geonames_id."
            )
        publishers[row["source"]][place] = read_weight(row["weight"], line)
    return MappingProxyType(dict(publishers))


def find_home(row: Mapping[str, str], gazetteer: Gazetteer) -> Place | None:
    """The narrowest place that a row names."""
    named = (column for column in ("geonames_id", "admin1_code", "country_code") if row[column])
    column = next(named, None)
    return gazetteer.find_place(column, row[column]) if column else None


def read_weight(weight: str, line: int) -> float:
    """The weight of a row, 1 where none stands; raises NewsmillError when it is no number above 0 and up to 100."""
    try:
        loudness = float(weight or 1)
    except ValueError:
        loudness = 0.0
    if not 0 < loudness <= HEAVIEST:
        raise NewsmillError(f"Line {line} of publishers.csv: the weight '{weight}' is no number above 0 and up to 100.")
    return loudness
