"""Titles before a name are told from the name."""

import pytest

from tasks.enrichment.recognition.titles import title_before, title_length


@pytest.mark.parametrize(
    ("before", "title"),
    [
        pytest.param("Sir ", "Sir", id="title"),
        pytest.param("told Mr ", "Mr", id="title after another word"),
        pytest.param("Russian President ", "President", id="a nationality is no title"),
        pytest.param("the president ", "president", id="office in lower case"),
        pytest.param("he said, general ", None, id="a title that is a word needs its capital"),
        pytest.param("Deputy Prime Minister Dame ", "Deputy Prime Minister Dame", id="the longest run"),
        pytest.param("U.S. Secretary of State ", "Secretary of State", id="an office with of"),
        pytest.param("Lt. Gen. ", "Lt. Gen.", id="abbreviations"),
        pytest.param("Vice-President ", "Vice-President", id="hyphen"),
        pytest.param("President-elect ", "President-elect", id="not yet in office"),
        pytest.param("the president, ", None, id="a comma parts them"),
        pytest.param("minister of Estonia, ", None, id="a comma behind a country"),
        pytest.param("the President\n", None, id="a line parts them"),
        pytest.param("Commerce ", None, id="a rank alone"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_title_directly_before_a_name_is_found(before: str, title: str | None) -> None:
    assert title_before(f"{before}Ada Moss", len(before)) == title


@pytest.mark.parametrize(
    ("name", "without"),
    [
        pytest.param("Foreign Minister Ada Moss", "Ada Moss", id="rank and office"),
        pytest.param("Attorney General Bo Lund", "Bo Lund", id="rank and title"),
        pytest.param("State Farm", "State Farm", id="a rank that no title follows"),
        pytest.param("Justice", "Justice", id="nothing would remain"),
        pytest.param("Ada Moss", "Ada Moss", id="no title"),
    ],
)
def test_titles_inside_a_name_are_counted(name: str, without: str) -> None:
    assert name[title_length(name) :] == without
