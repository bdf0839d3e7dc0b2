"""`python -m benchmarks.annotate` as an evaluator uses it."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.annotate import main

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def annotations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("annotate")
    texts = [
        {"id": "a", "text": "French farmers met NATO in Paris, Texas.", "date": "2025-12-01", "extra": [1]},
        {"id": "b", "text": "😀 Moscow said so.", "title": "Idaho news"},
        {"id": 3, "text": "The Chicago Police Department left Qwghlm City, Illinois.", "title": None, "date": None},
        {"id": "empty", "text": ""},
    ]
    (folder / "texts.jsonl").write_text("\n".join(json.dumps(text) for text in texts))
    main(["--input", str(folder / "texts.jsonl"), "--output", str(folder / "predictions.jsonl")])
    lines = (folder / "predictions.jsonl").read_text().splitlines()
    return {str(line["id"]): line for line in map(json.loads, lines)}


def test_every_text_has_its_line_in_order(annotations: dict[str, dict[str, Any]]) -> None:
    assert list(annotations) == ["a", "b", "3", "empty"]
    assert annotations["3"]["id"] == 3
    assert annotations["empty"] == {"id": "empty", "entities": [], "locations": []}


def test_a_location_has_the_evaluators_keys(annotations: dict[str, dict[str, Any]]) -> None:
    french, paris, texas = annotations["a"]["locations"]
    assert (french["kind"], french["country_code"]) == ("demonym", "FR")
    assert (paris["start"], paris["end"], paris["name"], paris["kind"]) == (27, 32, "Paris", "city")
    assert (paris["geonameid"], round(paris["lat"]), round(paris["lon"])) == (4717560, 34, -96)
    assert texas["kind"] == "admin1"
    assert 0 < paris["confidence"] <= 1


def test_offsets_count_code_points_of_the_text_alone(annotations: dict[str, dict[str, Any]]) -> None:
    (moscow,) = annotations["b"]["locations"]
    assert (moscow["start"], moscow["end"]) == (2, 8)


def test_a_place_in_an_organisation_is_embedded(annotations: dict[str, dict[str, Any]]) -> None:
    chicago = annotations["3"]["locations"][0]
    assert (chicago["kind"], chicago["name"]) == ("embedded", "Chicago")


@pytest.mark.parametrize("line", ["no JSON", "[]", "{}", '{"id": 1}', '{"id": 1, "text": null}'])
def test_a_line_that_is_no_text_is_named(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "texts.jsonl"
    source.write_text(line)
    with pytest.raises(SystemExit) as stop:
        main(["--input", str(source), "--output", str(tmp_path / "out.jsonl")])
    assert stop.value.code == 2
    assert "line 1: not a JSON object with id and text" in capsys.readouterr().err
