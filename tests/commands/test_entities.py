"""Names as the command line shows them."""

import csv
from io import StringIO

import pytest

from tasks.aliases.rows import COLUMNS
from tests.commands.conftest import Newsmill, fill
from tests.ingestion.mill import Mill, block

NAMED = "Paris was there and London was there, said a man whose name the others in the room did not know at all."


@pytest.fixture
def named(mill: Mill) -> Mill:
    """Three articles with places that the light model finds."""
    for number, day in enumerate(["2025-11-30", "2025-12-01", "2025-12-02"]):
        mill.put(f"{number}.txt", block(f"Report {number}", f"{NAMED} It was number {number}.", day=day))
    mill.ingest()
    return mill


def test_candidates_have_the_columns_of_the_alias_file(newsmill: Newsmill, named: Mill) -> None:
    answer = newsmill("entities", "candidates", "--format", "csv")
    assert answer.code == 0
    header = next(csv.reader(StringIO(answer.out)))
    assert tuple(header[: len(COLUMNS)]) == COLUMNS


def test_nothing_to_propose_is_no_failure(newsmill: Newsmill, mill: Mill) -> None:
    fill(mill)
    answer = newsmill("entities", "candidates")
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "0 rows")


def test_show_lists_the_ways_a_name_is_printed(newsmill: Newsmill, named: Mill) -> None:
    answer = newsmill("entities", "show", "PARIS", "--format", "csv")
    rows = list(csv.DictReader(StringIO(answer.out)))
    assert [(row["label"], row["canonical_name"], row["surface"], row["article_count"]) for row in rows] == [
        ("GPE", "Paris", "Paris", "3")
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("candidates", "--label", "PLACE"), "--label takes PERSON, ORG, NORP, GPE, not 'PLACE'."),
        (("candidates", "--format", "xml"), "--format takes table, json, csv, parquet, not 'xml'."),
        (("show", "Nobody"), "No article names 'Nobody'."),
    ],
)
def test_wrong_use_is_a_sentence(newsmill: Newsmill, mill: Mill, arguments: tuple[str, ...], sentence: str) -> None:
    fill(mill)
    answer = newsmill("entities", *arguments)
    assert (answer.code, answer.out, answer.err) == (2, "", f"newsmill: {sentence}\n")


def test_without_a_warehouse_there_are_no_names(newsmill: Newsmill) -> None:
    answer = newsmill("entities", "candidates")
    assert answer.code == 2
    assert "There is no warehouse" in answer.err
