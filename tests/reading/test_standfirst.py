"""Telling a standfirst from a first paragraph."""

from pathlib import Path

import pytest

from tasks.reading.standfirst import find_standfirst
from tests.reading.dumps import only_article

LEAD = "NATO is considering taking pre-emptive action in response to the hybrid war against the West, an official said."
SUMMARY = "The alliance is preparing to take a tougher approach against the hybrid war"
SAMPLE = Path(__file__).parents[2] / "seeds" / "raw" / "sample_dump.txt"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([SUMMARY, LEAD], id="no full stop"),
        pytest.param([f"{SUMMARY}.", "By Jane Doe", LEAD], id="byline below"),
        pytest.param([f"{SUMMARY}.", f"BRUSSELS, Dec 1 (Reuters) - {LEAD}"], id="dateline below"),
    ],
)
def test_a_standfirst_is_found(lines: list[str]) -> None:
    assert find_standfirst(lines) == lines[0]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="no text"),
        pytest.param([SUMMARY], id="nothing below"),
        pytest.param([LEAD, LEAD], id="a sentence"),
        pytest.param(["Monday, August 5, 2019", LEAD], id="a date"),
        pytest.param(["By Jane Doe and John Roe", LEAD], id="a byline"),
        pytest.param([f"LONDON (AP) - {SUMMARY}", LEAD], id="a dateline"),
        pytest.param(["Image source, the city of Leeds", LEAD], id="a caption"),
        pytest.param(["Read more about the hybrid war here", LEAD], id="a teaser"),
        pytest.param(["One short line", LEAD], id="three words"),
        pytest.param([f"{SUMMARY} " * 8, LEAD], id="too long"),
        pytest.param([SUMMARY, "Yes."], id="nothing of weight below"),
        pytest.param([f"{SUMMARY}:", LEAD], id="a colon"),
    ],
)
def test_a_first_paragraph_is_no_standfirst(lines: list[str]) -> None:
    assert find_standfirst(lines) is None


def test_the_sample_has_its_standfirst() -> None:
    article = only_article(SAMPLE.read_bytes())
    assert (
        article.standfirst
        == "The alliance is preparing to take a tougher approach against Russia's hybrid war on the West"
    )
    assert len(article.paragraphs) == 12
    assert article.text.split("\n")[1] == article.standfirst
