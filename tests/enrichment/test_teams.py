"""A club is no place in a report of sport, and a national team is."""

import pytest

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.labels import settle_labels
from tasks.enrichment.recognition.teams import is_sport
from tests.enrichment.marked import read_marked

SLUG = "Soccer-Late goal\n"


def labelled(marked: str, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    text, spans = read_marked(f"{SLUG}{marked}")
    return [(text[start:end], label) for start, end, label in settle_labels(text, spans, gazetteer)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("Bath 13 Orrell 56", [("Bath", "ORG"), ("Orrell", "ORG")], id="a result"),
        pytest.param("Leeds 4 2 1 1 7 5 7", [("Leeds", "ORG")], id="a row of a table"),
        pytest.param("Kenya 4 2 1 1 7 5 7", [("Kenya", "GPE")], id="a nation in a table"),
        pytest.param("Total 4 2 1 1 7 5 7", [], id="a sum in a table"),
        pytest.param("BOSTON AT OAKLAND", [("BOSTON", "ORG"), ("OAKLAND", "ORG")], id="a schedule"),
        pytest.param("[Leeds] beat [York] there", [("Leeds", "ORG"), ("York", "ORG")], id="who beat whom"),
        pytest.param("[Kenya] beat [Uganda]", [("Kenya", "GPE"), ("Uganda", "GPE")], id="national teams"),
        pytest.param(
            "[Anna Moss|PERSON] met [Ida Lund|PERSON]. [Moss|PERSON] beat [Lund|PERSON].",
            [("Anna Moss", "PERSON"), ("Ida Lund", "PERSON"), ("Moss", "PERSON"), ("Lund", "PERSON")],
            id="two people",
        ),
        pytest.param(
            "She joined [Leeds] in [Kyiv]", [("Leeds", "ORG"), ("Kyiv", "GPE")], id="one plays, one is a place"
        ),
        pytest.param("[York] coach. It rained in [York]", [("York", "ORG"), ("York", "GPE")], id="a club and its town"),
        pytest.param("[Leeds City] again", [("Leeds City", "ORG")], id="the ending of a club"),
        pytest.param("against [Leeds] and [York]", [("Leeds", "ORG"), ("York", "ORG")], id="beside a team"),
        pytest.param("the Cleveland Browns met", [("Cleveland Browns", "ORG")], id="a nickname with its town"),
        pytest.param("then Juventus met", [("Juventus", "ORG")], id="a club known by name"),
    ],
)
def test_teams_are_organisations(marked: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    assert labelled(marked, gazetteer) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Soccer-Late goal", True, id="the slug of an agency"),
        pytest.param("RUGBY UNION - RESULTS", True, id="the slug in capitals"),
        pytest.param(
            "The striker scored both goals and the coach praised a half of the season and the cup match they saw.",
            True,
            id="words",
        ),
        pytest.param("The minister won the vote by two points and beat his rival.", False, id="a vote is no match"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_reports_of_sport_are_told_by_their_words(text: str, expected: bool) -> None:
    assert is_sport(text) is expected


def test_outside_sport_a_town_that_beats_another_is_a_town(gazetteer: Gazetteer) -> None:
    text, spans = read_marked("[Leeds] beat [York] as the city of culture.")
    assert [span.label for span in settle_labels(text, spans, gazetteer)] == ["GPE", "GPE"]
