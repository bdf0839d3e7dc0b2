"""Where a publisher is at home, as `publishers.csv` says: evidence for every article of that source."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from schemas.errors import NewsmillError
from tasks.enrichment.context import Name
from tasks.enrichment.gazetteer import Candidate, Gazetteer, Place
from tasks.enrichment.reference import load_rows
from tasks.enrichment.senses import weigh_candidates


def publisher_names(source: str | None, gazetteer: Gazetteer) -> list[Name]:
    """The homes of a source, as if each of its articles named them as often as their weight says."""
    homes = load_publishers(gazetteer).get(source or "", {})
    return [Name(weigh_candidates([Candidate(place, 0)]), loudness=weight) for place, weight in homes.items()]


@cache
def load_publishers(gazetteer: Gazetteer) -> Mapping[str, Mapping[Place, float]]:
    """The homes and their weights, by source; raises NewsmillError for a row that names no place of the gazetteer."""
    publishers: dict[str, dict[Place, float]] = {}
    for number, row in enumerate(load_rows("publishers"), start=2):
        place = find_home(row, gazetteer)
        if place is None:
            raise NewsmillError(
                f"Line {number} of publishers.csv names no place that the gazetteer has; give one of country_code "
                "(such as US), admin1_code (such as US.LA) or geonames_id."
            )
        publishers.setdefault(row["source"], {})[place] = read_weight(row["weight"], number)
    return MappingProxyType(publishers)


def find_home(row: Mapping[str, str], gazetteer: Gazetteer) -> Place | None:
    """The narrowest place that a row names."""
    if row["geonames_id"]:
        return gazetteer.find_place("geonames_id", row["geonames_id"])
    if row["admin1_code"]:
        return gazetteer.find_place("admin1_code", row["admin1_code"])
    return gazetteer.find_place("country_code", row["country_code"]) if row["country_code"] else None


def read_weight(weight: str, number: int) -> float:
    """The weight of a row, 1 where none stands; raises NewsmillError when it is no positive number."""
    try:
        loudness = float(weight or 1)
    except ValueError:
        loudness = 0.0
    if not 0 < loudness < float("inf"):
        raise NewsmillError(f"Line {number} of publishers.csv: the weight '{weight}' is no positive number.")
    return loudness
