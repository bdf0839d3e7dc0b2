"""Labels agree inside an article."""

import pytest

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.labels import settle_labels
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
        pytest.param(
            "[Anna Jordan|PERSON] came. [Jordan|GPE] left for the war in [Jordan|GPE].",
            [("Anna Jordan", "PERSON"), ("Jordan", "PERSON"), ("Jordan", "GPE")],
            id="a last name that is a country, and the country",
        ),
        pytest.param("[Antonio Costa|ORG] said", [("Antonio Costa", "PERSON")], id="a given name"),
        pytest.param("[Goldman Sachs|ORG] said", [("Goldman Sachs", "ORG")], id="two capitals are no person"),
        pytest.param(
            "[Salvik Foods Ltd|ORG] grew. [Salvik|PERSON] paid.",
            [("Salvik Foods Ltd", "ORG"), ("Salvik", "ORG")],
            id="a company by its first word",
        ),
        pytest.param(
            "[Salvik Foods Ltd|ORG] grew. [Bo Salvik|PERSON] came, [Salvik|PERSON] left.",
            [("Salvik Foods Ltd", "ORG"), ("Bo Salvik", "PERSON"), ("Salvik", "PERSON")],
            id="the person that a company is called after",
        ),
        pytest.param("the [Salvik Treaty|ORG]", [("Salvik Treaty", "EVENT")], id="a treaty is no organisation"),
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
        pytest.param(
            "[Anna Moss|PERSON] lives in Moss Street.",
            [("Anna Moss", "PERSON")],
            id="a street is no repeat of a person",
        ),
        pytest.param(
            "The [Union|ORG] met. A union is a Union.", [("Union", "ORG")], id="an organisation called as things are"
        ),
        pytest.param("KYIV (Reuters) - Talks", [("KYIV", "GPE")], id="dateline"),
        pytest.param("LONDON, March 3 - Talks", [("LONDON", "GPE")], id="dateline with a date"),
        pytest.param("Talks failed. BELGRADE -- Talks", [("BELGRADE", "GPE")], id="dateline after a headline"),
        pytest.param("UPDATE - Talks failed", [], id="capitals that are no place"),
        pytest.param(
            "Sen. Jane Doe, D-Charleston, said",
            [("Jane Doe", "PERSON"), ("Charleston", "GPE")],
            id="home of a politician",
        ),
    ],
)
def test_an_article_settles_its_labels(marked: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    assert labelled(marked, gazetteer) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("the [Harbour Workers Party|PERSON] met", "ORG", id="a noun of organisations ends the name"),
        pytest.param("the [Ministry of Tides|GPE] said", "ORG", id="a noun of organisations comes before of"),
        pytest.param("the [Gulf of Moss|PERSON]", "LOC", id="a noun of places comes before of"),
        pytest.param("along [Moss Street|ORG]", "FAC", id="no organisation is called a street"),
        pytest.param("up [Moss Hills|PERSON]", "LOC", id="no person is called hills"),
        pytest.param("[Moss Hills|ORG] paid", "ORG", id="an organisation may be"),
        pytest.param("the [Moss Cup|GPE] began", "EVENT", id="a noun of events"),
        pytest.param("[B. Moss|ORG] won", "PERSON", id="one initial"),
        pytest.param("[B.C. Moss|ORG] paid", "ORG", id="two initials are a company as well"),
        pytest.param("[NATO|GPE] met", "ORG", id="well-known organisation"),
        pytest.param("[Brexit|PERSON] came", "EVENT", id="neither place nor person"),
        pytest.param("[Scotland|ORG] voted", "GPE", id="nation of Britain"),
        pytest.param("[American|ORG] talks", "NORP", id="a demonym that towns share"),
    ],
)
def test_a_name_says_what_it_is(marked: str, expected: str, gazetteer: Gazetteer) -> None:
    assert [label for _, label in labelled(marked, gazetteer)] == [expected]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("striker [Qerim|ORG] left", "PERSON", id="occupation before"),
        pytest.param("President [Qerim|ORG] left", "PERSON", id="title before"),
        pytest.param("[Qerim|ORG], 34, left", "PERSON", id="age behind"),
        pytest.param("the town of [Qerim|PERSON] lies", "GPE", id="kind of place before of"),
        pytest.param("in [Qerim|PERSON] province", "GPE", id="kind of place behind"),
        pytest.param("the newspaper [Qerim|PERSON] wrote", "ORG", id="kind of organisation before"),
        pytest.param("[Qerim|PERSON] shares fell", "ORG", id="what companies have"),
        pytest.param("secretary of state [Qerim|PERSON] left", "PERSON", id="a state that is an office"),
    ],
)
def test_neighbours_say_what_a_name_is(marked: str, expected: str, gazetteer: Gazetteer) -> None:
    assert [label for name, label in labelled(marked, gazetteer) if name == "Qerim"] == [expected]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "[Kenya's Moss Trust|ORG]", [("Kenya", "GPE"), ("Moss Trust", "ORG")], id="an owner that is a nation"
        ),
        pytest.param("[Sotheby's Moss|ORG]", [("Sotheby's Moss", "ORG")], id="an owner that is none"),
        pytest.param("[Dutch Pim Moss|PERSON]", [("Dutch", "NORP"), ("Pim Moss", "PERSON")], id="nationality"),
        pytest.param("[Vermont Anna Moss|PERSON]", [("Vermont", "GPE"), ("Anna Moss", "PERSON")], id="state"),
        pytest.param("[Georgia Moss|PERSON]", [("Georgia Moss", "PERSON")], id="a given name that is a state"),
        pytest.param("spokesman Anna [Moss|PERSON]", [("Anna Moss", "PERSON")], id="unmarked given name"),
        pytest.param("[Anna|PERSON] Moss left", [("Anna Moss", "PERSON")], id="unmarked family name"),
        pytest.param("[Hassan Farah|PERSON] el-Moss left", [("Hassan Farah el-Moss", "PERSON")], id="lower case"),
        pytest.param("Then [Pope|PERSON] Anna left", [("Anna", "PERSON")], id="a title alone is marked"),
        pytest.param("the [Pope|PERSON] left", [], id="an office is nobody's name"),
        pytest.param(
            "the [Union|ORG] of [Kenya|GPE]", [("Union of Kenya", "ORG")], id="an organisation goes on with of"
        ),
        pytest.param(
            "in [Bosnia|GPE] and [Herzegovina|GPE]", [("Bosnia and Herzegovina", "GPE")], id="a nation with and"
        ),
        pytest.param("[Kenya|GPE] and [Uganda|GPE]", [("Kenya", "GPE"), ("Uganda", "GPE")], id="two nations"),
        pytest.param(
            "[Moss Workers Union|ORG] (MWU) met. The MWU left.",
            [("Moss Workers Union", "ORG"), ("MWU", "ORG"), ("MWU", "ORG")],
            id="acronym in brackets and its repeat",
        ),
        pytest.param("the XYZ-[ABC|ORG] met", [("XYZ-ABC", "ORG")], id="half of an acronym"),
        pytest.param("[Moss Union|ORG] (XYZ) met", [("Moss Union", "ORG")], id="other letters in brackets"),
    ],
)
def test_names_are_taken_whole_and_apart(marked: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    assert labelled(marked, gazetteer) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("[Automakers|ORG] met. All automakers left.", [], id="a word that begins a sentence"),
        pytest.param("The [Automakers|ORG] met. All automakers left.", [("Automakers", "ORG")], id="a name inside one"),
        pytest.param("[Commerce|ORG] Secretary [Bo Moss|PERSON]", [("Bo Moss", "PERSON")], id="part of a title"),
        pytest.param("Secretary of [State|ORG] [Bo Moss|PERSON]", [("Bo Moss", "PERSON")], id="part behind of"),
    ],
)
def test_words_with_a_capital_are_not_always_names(
    marked: str, expected: list[tuple[str, str]], gazetteer: Gazetteer
) -> None:
    assert labelled(marked, gazetteer) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Later Anna Moss left.", [("Anna Moss", "PERSON")], id="given name and family name"),
        pytest.param("Later Anna Rodrigo Moss left.", [("Anna Rodrigo Moss", "PERSON")], id="two given names"),
        pytest.param("He wrote on Twitter again.", [("Twitter", "ORG")], id="well-known organisation"),
        pytest.param("Shares fell on Wall Street.", [("Wall Street", "FAC")], id="well-known place"),
        pytest.param("QERIM 2025-11-30\nTalks", [("QERIM", "GPE")], id="dateline that the gazetteer lacks"),
        pytest.param("PARIS/KYIV (Reuters) - Talks", [("PARIS", "GPE"), ("KYIV", "GPE")], id="two datelines"),
    ],
)
def test_unmarked_names_are_found(text: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    found = labelled(text, gazetteer)
    assert [name for name in found if name != ("Reuters", "ORG")] == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "MOSS MEETS KENYAN LEADERS\n[Anna Moss|PERSON] came.",
            [("MOSS", "PERSON"), ("Anna Moss", "PERSON")],
            id="a name of the body in capitals",
        ),
        pytest.param(
            "[KENYA TALKS|ORG] WILL FAIL\n[Kenya|GPE] left the talks, they will fail.",
            [("KENYA", "GPE"), ("Kenya", "GPE")],
            id="words that the body writes small are none",
        ),
        pytest.param(
            "[QERIM|ORG] WILL FAIL\nThe talks will fail.", [("QERIM", "ORG")], id="a word that the body lacks stays"
        ),
    ],
)
def test_lines_in_capitals_take_their_names_from_the_body(
    marked: str, expected: list[tuple[str, str]], gazetteer: Gazetteer
) -> None:
    assert labelled(marked, gazetteer) == expected


def test_a_text_longer_than_any_article_is_settled_in_pieces(gazetteer: Gazetteer) -> None:
    line = "The [Harbour Workers Party|PERSON] met in Kyiv. [Anna Moss|PERSON] spoke, Moss left.\n"
    text, spans = read_marked(line * 1500)
    settled = settle_labels(text, spans, gazetteer)
    assert [text[start:end] for start, end, _ in settled] == ["Harbour Workers Party", "Anna Moss", "Moss"] * 1500
    assert {label for _, _, label in settled} == {"ORG", "PERSON"}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("Sen. Ida Moss, [D-N.Y.|NORP], spoke", "N.Y.", id="marked with the party"),
        pytest.param("Rep. Ida Moss, R-S.C., spoke", "S.C.", id="not marked"),
        pytest.param("Sen. Ida Moss, D-W.Va., spoke", "W.Va.", id="a longer abbreviation"),
    ],
)
def test_the_home_of_a_politician_has_no_party(marked: str, expected: str, gazetteer: Gazetteer) -> None:
    text, spans = read_marked(marked)
    homes = [text[start:end] for start, end, label in settle_labels(text, spans, gazetteer) if label == "GPE"]
    assert homes == [expected]
