"""Labels agree inside an article."""

import pytest

from tasks.enrichment.gazetteer import Gazetteer
from tasks.enrichment.labels import settle_labels
from tests.enrichment.marked import read_marked


def labelled(marked: str, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    text, spans = read_marked(marked)
    return [(text[span.start : span.end], span.label) for span in settle_labels(text, spans, gazetteer)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "[Kyle|ORG] spoke. [Kyle|PERSON] left. [Kyle|PERSON] came.",
            [("Kyle", "PERSON"), ("Kyle", "PERSON"), ("Kyle", "PERSON")],
            id="the commonest label wins",
        ),
        pytest.param(
            "[Steve Witkoff|PERSON] met them. [Witkoff|ORG] left.",
            [("Steve Witkoff", "PERSON"), ("Witkoff", "PERSON")],
            id="a full name decides for its last word",
        ),
        pytest.param(
            "[Rustem Umerov|ORG] led. [Rustan Umerov|PERSON] met.",
            [("Rustem Umerov", "PERSON"), ("Rustan Umerov", "PERSON")],
            id="a last name known from a person",
        ),
        pytest.param("[Antonio Costa|ORG] said", [("Antonio Costa", "PERSON")], id="a given name"),
        pytest.param("[Goldman Sachs|ORG] said", [("Goldman Sachs", "ORG")], id="two capitals are no person"),
        pytest.param("[Ukraine|ORG] won", [("Ukraine", "GPE")], id="a country is a place"),
        pytest.param("[Ukrainian|GPE] talks", [("Ukrainian", "NORP")], id="a demonym is a people"),
        pytest.param(
            "[Moscow] said. Later Moscow denied it.", [("Moscow", "GPE"), ("Moscow", "GPE")], id="missed repeat"
        ),
        pytest.param(
            "[Kaja Kallas|PERSON] said. Kallas left.",
            [("Kaja Kallas", "PERSON"), ("Kallas", "PERSON")],
            id="missed surname",
        ),
        pytest.param("KYIV (Reuters) - Talks", [("KYIV", "GPE")], id="dateline"),
        pytest.param("LONDON, March 3 - Talks", [("LONDON", "GPE")], id="dateline with a date"),
        pytest.param("Talks failed. BELGRADE -- Talks", [("BELGRADE", "GPE")], id="dateline after a headline"),
        pytest.param("UPDATE - Talks failed", [], id="capitals that are no place"),
        pytest.param("Sen. Jane Doe, D-Charleston, said", [("Charleston", "GPE")], id="home of a politician"),
    ],
)
def test_an_article_settles_its_labels(marked: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    assert labelled(marked, gazetteer) == expected
