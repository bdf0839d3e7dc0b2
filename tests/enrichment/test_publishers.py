"""What a publisher's home says about the places of its articles."""

import shutil
from pathlib import Path

import pytest

from schemas.errors import NewsmillError
from tasks.enrichment import reference
from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.reference import load_rows
from tasks.enrichment.resolution.locations import resolve_toponyms
from tasks.enrichment.resolution.publishers import load_publishers, publisher_homes
from tasks.enrichment.toponyms.toponyms import find_toponyms
from tests.enrichment.marked import read_marked

HEADER = "source,country_code,admin1_code,geonames_id,weight,why,licence\n"


def row(**changes: str) -> dict[str, str]:
    return dict.fromkeys(HEADER.strip().split(","), "") | {"source": "towntalk"} | changes


@pytest.mark.parametrize(
    ("changes", "name", "weight"),
    [
        ({"country_code": "US"}, "United States", 1.0),
        ({"country_code": "US", "admin1_code": "US.LA", "weight": "2"}, "Louisiana", 2.0),
        ({"geonames_id": "4314550"}, "Alexandria", 1.0),
    ],
)
def test_a_source_is_at_home_in_the_narrowest_place_of_its_row(
    changes: dict[str, str], name: str, weight: float, gazetteer: Gazetteer
) -> None:
    homes = publisher_homes([row(**changes)], gazetteer)
    assert {(place.name, heard) for place, heard in homes["towntalk"].items()} == {(name, weight)}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"admin1_code": "US.XX"}, "Line 2 of publishers.csv names no place"),
        ({}, "Line 2 of publishers.csv names no place"),
        ({"country_code": "US", "weight": "much"}, "the weight 'much' is no number"),
        ({"country_code": "US", "weight": "inf"}, "the weight 'inf' is no number"),
    ],
)
def test_a_row_that_says_nothing_is_told(changes: dict[str, str], sentence: str, gazetteer: Gazetteer) -> None:
    with pytest.raises(NewsmillError, match=sentence):
        publisher_homes([row(**changes)], gazetteer)


def test_no_source_is_given_a_home_as_shipped() -> None:
    assert load_rows("publishers") == []


def test_our_paper_is_in_louisiana(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gazetteer: Gazetteer) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(reference.FOLDER, folder)
    (folder / "publishers.csv").write_text(f"{HEADER}towntalk,US,US.LA,,2,our town,CC0-1.0\n")
    monkeypatch.setattr(reference, "FOLDER", folder)
    load_publishers.cache_clear()
    text, spans = read_marked("Police in [Alexandria] closed a road.")
    toponyms = find_toponyms(text, spans, gazetteer)
    codes = [
        [found.place and found.place.admin1_code for found in resolve_toponyms(text, toponyms, gazetteer, source)]
        for source in ("towntalk", "worldnews", None)
    ]
    load_publishers.cache_clear()
    assert codes == [["US.LA"], ["EG.06"], ["EG.06"]]
