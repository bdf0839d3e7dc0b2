"""The description of an export, read by Croissant's own validator and loader."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from schemas.arrow import arrow_schema
from schemas.tables import TABLES
from tasks.reporting.croissant import CROISSANT
from tasks.reporting.exporting import ExportFormat, export
from tests.example_news import NEWS, news_warehouse

# The loader's own libraries, of each other.
pytestmark = pytest.mark.filterwarnings("ignore")

LICENCE = "https://creativecommons.org/licenses/by/2.5/"


@pytest.fixture(scope="module", params=list(ExportFormat))
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export in each form."""
    folder = tmp_path_factory.mktemp("exported") / "copy"
    export(news_warehouse(), folder, request.param, licence=LICENCE)
    return folder


@pytest.fixture(scope="module")
def dataset(exported: Path) -> Any:
    """The export as Croissant's own library reads it; a part of that has to be built, so it is not among the tools."""
    mlcroissant = pytest.importorskip("mlcroissant", reason="pip install mlcroissant, for the validator of Croissant")
    return mlcroissant.Dataset(jsonld=str(exported / CROISSANT))


@pytest.fixture(scope="module")
def described(exported: Path) -> Any:
    return json.loads((exported / CROISSANT).read_text("utf-8"))


def test_the_validator_finds_no_error(dataset: Any) -> None:
    issues = dataset.metadata.issues
    assert issues.errors == set()
    # How to cite somebody's own articles is theirs to say.
    assert [warning for warning in issues.warnings if "citeAs" not in warning] == []


def test_the_loader_finds_every_row_and_its_month(dataset: Any) -> None:
    for name in TABLES:
        assert len(list(dataset.records(name))) == len(NEWS[name])
    articles = {(row["articles/article_id"], row["articles/version_no"]): row for row in dataset.records("articles")}
    paris = articles[b"a4", 1]
    assert (paris["articles/headline"], paris["articles/published_month"]) == (b"Paris applauds", b"2025-11")
    assert f"{paris['articles/published_date']:%Y-%m-%d}" == "2025-11-20"


def test_every_file_has_its_size_and_hash(exported: Path, described: Any) -> None:
    listed = {item["@id"]: item for item in described["distribution"] if item["@type"] == "cr:FileObject"}
    files = {path.relative_to(exported).as_posix(): path for path in exported.glob("*/*/*")}
    assert listed.keys() == files.keys()
    for name, path in files.items():
        content = path.read_bytes()
        assert listed[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert listed[name]["contentSize"] == f"{len(content)} B"


def test_every_column_has_its_meaning(described: Any) -> None:
    for record_set, table in zip(described["recordSet"], TABLES.values(), strict=True):
        names = [field["name"] for field in record_set["field"]]
        assert names == [*arrow_schema(table.row).names, table.partition]
        assert all(len(field["description"]) > 3 for field in record_set["field"])


def test_it_says_where_the_rows_come_from(exported: Path, described: Any) -> None:
    assert (described["license"], described["temporalCoverage"]) == (LICENCE, "2025-11-20/2025-12-03")
    found = [(one["propertyID"], one["value"]) for one in described["identifier"]]
    assert found == [("snapshot", "1"), ("pipeline_id", "p0"), ("pipeline_id", "p1")]
    summary = json.loads((exported / "export.json").read_text("utf-8"))
    assert (summary["snapshot"], summary["pipeline_ids"]) == (1, ["p0", "p1"])
    assert described["isBasedOn"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
