"""The compiled gazetteer has what it promises, and says so when it has not."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from math import acos
from pathlib import Path

import pytest

from schemas.errors import NewsmillError
from tasks.enrichment.enricher import EnrichmentSettings
from tasks.enrichment.gazetteer.build import built_gazetteer, gazetteer_path
from tasks.enrichment.gazetteer.checks import check_gazetteer
from tasks.enrichment.gazetteer.compiler import HERE, INSERT_PLACE
from tasks.enrichment.gazetteer.files import UNUSED_SECONDS, delete_unused, gazetteer_fingerprint
from tasks.enrichment.gazetteer.key_filter import load_key_filter
from tasks.enrichment.gazetteer.lookup import Gazetteer, point_on_sphere
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.reference import load_rows, load_substitutes

SETTINGS = EnrichmentSettings()


@pytest.fixture
def half_gazetteer() -> sqlite3.Connection:
    """The right tables with one place, at 0, 0."""
    database = sqlite3.connect(":memory:")
    database.executescript((HERE / "gazetteer.sql").read_text())
    row = (1, 1, "Null Island", "city", "P", "PPL", "city", "GH", "GH.01", None, 0.0, 0.0, 10, 10, "test")
    database.execute(INSERT_PLACE, row)
    return database


def test_every_country_has_its_name_point_and_people(gazetteer: Gazetteer) -> None:
    for row in load_rows("countries"):
        for name in filter(None, row["other_names"].split("|")):
            codes = {found.place.country_code for found in gazetteer.find_named(name)}
            assert row["country_code"] in codes, name
        for demonym in filter(None, row["demonyms"].split("|")):
            assert gazetteer.find_people(demonym) is not None, demonym


@pytest.mark.parametrize("country_code", ["US", "CA", "AU", "GB"])
def test_every_state_answers_to_its_abbreviations(country_code: str, gazetteer: Gazetteer) -> None:
    rows = [row for row in load_rows("divisions") if row["division_code"].startswith(f"{country_code}.")]
    assert rows
    for row in rows:
        for name in filter(None, row["other_names"].split("|")):
            codes = {found.place.admin1_code for found in gazetteer.find_named(name) if found.place.kind == "admin1"}
            assert row["division_code"] in codes, name


def test_postal_codes_name_states(gazetteer: Gazetteer) -> None:
    assert gazetteer.find_named("TX")[0].place.name == "Texas"
    assert gazetteer.find_named("tx") == ()


def test_every_row_of_the_reference_tables_has_a_source_and_a_licence() -> None:
    tables = (
        "city_names",
        "countries",
        "demonyms",
        "division_names",
        "divisions",
        "name_aliases",
        "overrides",
        "places",
    )
    for table in (*tables, "words"):
        for row in load_rows(table):
            assert row["source"], row
            assert row["licence"], row


def test_every_override_names_a_place(gazetteer: Gazetteer) -> None:
    for row in load_rows("overrides"):
        if row["action"] == "prefer":
            surface = row["name"].upper() if len(row["name"]) == 2 else row["name"]
            assert int(row["geonames_id"]) in {found.place.geonames_id for found in gazetteer.find_named(surface)}, row


def test_every_override_is_of_a_known_kind_and_in_small_letters() -> None:
    for row in load_rows("overrides"):
        assert row["action"] in {"never", "not_embedded", "not_recovered", "prefer", "substitute"}, row
        assert row["name"] == name_key(row["name"]), row
        names_place = row["action"] in ("prefer", "substitute")
        assert names_place == bool(row["geonames_id"] or row["stands_for"]), row


@pytest.mark.parametrize(
    ("by_name", "name", "country_code"),
    [
        ("Big Easy", "New Orleans", "US"),
        ("the Pacific", "Pacific Ocean", None),
        ("Hermit Kingdom", "North Korea", "KP"),
    ],
)
def test_a_by_name_stands_for_its_place(
    by_name: str, name: str, country_code: str | None, gazetteer: Gazetteer
) -> None:
    (found,) = {(place.name, place.country_code) for place, _ in gazetteer.find_named(by_name)[:1]}
    assert found == (name, country_code)


def test_every_substitute_is_in_the_gazetteer(gazetteer: Gazetteer) -> None:
    for name in load_substitutes():
        assert gazetteer.find_named(name), name


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("Hebei", "Hebei"),
        ("Mahārāshtra", "Maharashtra"),
        ("Hebei Sheng", "Hebei"),
        ("Lower Saxony", "Lower Saxony"),
    ],
)
def test_a_division_shows_its_english_name_whatever_it_was_called(
    surface: str, name: str, gazetteer: Gazetteer
) -> None:
    assert name in {place.name for place, _ in gazetteer.find_named(surface) if place.kind == "admin1"}


# The second usual point of a country: the first is that of GeoNames, our anchor.
OTHER_POINTS = {"CN": (35, 103), "AU": (-25, 133), "SD": (15, 32), "NG": (8, 10), "NE": (16, 8), "ZM": (-15, 30)}
GEONAMES_POINTS = {
    "CN": (35, 105),
    "AU": (-25, 135),
    "SD": (16, 30),
    "NG": (10, 8),
    "NE": (18, 9),
    "ZM": (-14.33, 28.5),
}


@pytest.mark.parametrize("country_code", OTHER_POINTS)
def test_a_country_lies_within_161_km_of_both_its_usual_points(country_code: str, gazetteer: Gazetteer) -> None:
    place = gazetteer.find_place("country_code", country_code)
    assert place is not None
    for point in (OTHER_POINTS[country_code], GEONAMES_POINTS[country_code]):
        cosine = sum(one * other for one, other in zip(place.vector, point_on_sphere(*point), strict=True))
        assert 6371 * acos(min(1.0, cosine)) < 161


def test_a_direction_in_small_letters_is_no_part_of_a_name(gazetteer: Gazetteer) -> None:
    assert {place.name for place, _ in gazetteer.find_named("North Arlington")} == {"North Arlington"}
    assert "North Arlington" not in {place.name for place, _ in gazetteer.find_named("north Arlington")}
    assert gazetteer.find_named("southeast Asia")[0].place.name == "Southeast Asia"


def test_the_filter_lets_every_name_through_and_few_others() -> None:
    with closing(sqlite3.connect(gazetteer_path(SETTINGS))) as database:
        key_filter = load_key_filter(database)
        keys = [key for (key,) in database.execute("SELECT DISTINCT key FROM name WHERE place_id % 20 = 0")]
    assert len(keys) > 10_000
    assert all(key_filter.may_hold(key) for key in keys)
    assert sum(key_filter.may_hold(f"{key} told") for key in keys) < 0.1 * len(keys)


def test_an_incomplete_gazetteer_says_everything_that_is_missing(half_gazetteer: sqlite3.Connection) -> None:
    with pytest.raises(NewsmillError) as refusal:
        check_gazetteer(half_gazetteer)
    sentence = str(refusal.value)
    for gap in ("0 places of kind country", "no entry for the countries AD", "0 states of the US", "impossible point"):
        assert gap in sentence


def test_a_gazetteer_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NewsmillError, match="There is no gazetteer at"):
        gazetteer_path(EnrichmentSettings(gazetteer=str(tmp_path / "none.sqlite")))


def test_a_file_that_is_no_gazetteer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.sqlite"
    path.write_text("no database")
    with pytest.raises(NewsmillError, match="cannot be read"):
        Gazetteer(path)


def test_the_build_command_says_where_the_gazetteer_is(project: Path) -> None:
    command = [sys.executable, "-m", "tasks.enrichment.gazetteer.build"]
    shown = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == str(gazetteer_path(SETTINGS))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NewsmillError, match="cannot be written"):
        built_gazetteer(tmp_path / "file" / "gazetteer.sqlite")


def test_gazetteers_of_several_checkouts_stay_as_long_as_they_are_used(tmp_path: Path) -> None:
    for name, unused_seconds in {
        "gazetteer-first.sqlite": 60,
        "gazetteer-second.sqlite": UNUSED_SECONDS - 60,
        "gazetteer-third.sqlite": UNUSED_SECONDS + 60,
        "gazetteer-killed.0123456789abcdef.tmp": UNUSED_SECONDS + 60,
        "gazetteer.lock": UNUSED_SECONDS + 60,
    }.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, time.time() - unused_seconds))
    delete_unused(tmp_path)
    kept = ["gazetteer-first.sqlite", "gazetteer-second.sqlite", "gazetteer.lock"]
    assert sorted(file.name for file in tmp_path.iterdir()) == kept


def test_a_use_of_the_gazetteer_is_noted() -> None:
    path = gazetteer_path(SETTINGS)
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))
    assert gazetteer_path(SETTINGS) == path
    assert path.stat().st_mtime > an_hour_ago + 1800


@pytest.mark.model
def test_a_gazetteer_built_anew_is_whole_and_stands_alone(tmp_path: Path) -> None:
    path = built_gazetteer(tmp_path / "gazetteer-new.sqlite")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["gazetteer-new.sqlite", "gazetteer.lock"]
    settings = EnrichmentSettings(gazetteer=str(path))
    assert gazetteer_path(settings) == path
    assert gazetteer_fingerprint(settings) == gazetteer_fingerprint(SETTINGS)
    assert Gazetteer(path).find_named("Dnipro")[0].place.geonames_id == 709930
