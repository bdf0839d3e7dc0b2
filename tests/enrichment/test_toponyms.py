"""Which stretches name places, whatever the model said; entities are marked by hand."""

import pytest

from schemas.reasons import Role
from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.toponyms.missed_places import recover_places
from tasks.enrichment.toponyms.toponyms import find_toponyms
from tests.enrichment.marked import read_marked, resolve_marked


def toponyms(marked: str, gazetteer: Gazetteer) -> list[tuple[str, Role]]:
    """The toponyms of a marked text as the later steps get them."""
    text, entities = read_marked(marked)
    found = find_toponyms(text, recover_places(text, entities, gazetteer), gazetteer)
    return [(toponym.surface, toponym.role) for toponym in found]


def entities(marked: str, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    """The entities after the missed places are found."""
    text, spans = read_marked(marked)
    return [(text[span.start : span.end], span.label) for span in recover_places(text, spans, gazetteer)]


@pytest.mark.parametrize(
    ("marked", "missed"),
    [
        pytest.param("A fire broke out in [Rolling Meadows|ORG].", "Rolling Meadows", id="after a preposition"),
        pytest.param("Police in Rolling Meadows said so.", "Rolling Meadows", id="not marked at all"),
        pytest.param("[Blue Springs|ORG] man pleads guilty", "Blue Springs", id="a man of it"),
        pytest.param("outside the [Hanover|ORG] police station", "Hanover", id="police of it"),
        pytest.param("Joe Doe, 54, of [Tyler|PERSON] said", "Tyler", id="someone of it"),
        pytest.param("a choir from [Sioux Falls|ORG], S.D.", "Sioux Falls", id="its state follows"),
        pytest.param("[OMAHA|ORG] -- A university will close.", "OMAHA", id="dateline"),
        pytest.param("[PATASKALA|PERSON] \u2014 City officials say", "PATASKALA", id="dateline with a long dash"),
        pytest.param("schools in [Newark|GPE] and [Pataskala|PERSON]", "Pataskala", id="list of places"),
        pytest.param("flooding in Becker, Clay, Swift and Wilkin counties", "Wilkin", id="list that says its kind"),
        pytest.param("flooding in Becker, Clay, Swift and Wilkin counties", "Clay", id="inside that list"),
        pytest.param("of [Aleppo], [Idlib|ORG], [Kafr Nabl|ORG] and [Saraqib|ORG]", "Saraqib", id="end of a list"),
        pytest.param("Rebels shelled [Saraqib|ORG].", "Saraqib", id="what armies do"),
        pytest.param("from [Temryuk|ORG] and [Anapa|PERSON] in [Russia]", "Anapa", id="beside one that is found"),
    ],
)
def test_a_missed_place_is_found_and_becomes_an_entity(marked: str, missed: str, gazetteer: Gazetteer) -> None:
    assert (missed, Role.LITERAL) in toponyms(marked, gazetteer)
    assert (missed, "GPE") in entities(marked, gazetteer)


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("[Jordan|PERSON] scored. [Michael Jordan|PERSON] won.", id="surname"),
        pytest.param("a daughter of [Chad|PERSON] and [Kelly Smith|PERSON]", id="given name"),
        pytest.param("She was Reading a book.", id="ordinary word in capitals"),
        pytest.param("A Mobile phone, a mobile phone.", id="word in small letters elsewhere"),
        pytest.param("Sales rose in March and May.", id="month"),
        pytest.param("Nice work was done. Orange is a colour, orange is a fruit.", id="sentence starts"),
        pytest.param("[Lincoln|ORG] said so.", id="car and president"),
        pytest.param("fans of the [Honda|ORG] and the [Durango|ORG]", id="a town takes no article"),
        pytest.param("launched by a [Falcon|ORG] 9 rocket", id="number after it"),
        pytest.param("the [St. Patrick|ORG]'s Day parade", id="saint's day"),
        pytest.param("[Amazon|ORG] hires", id="company"),
        pytest.param("a trip to the [White House|ORG]", id="building that acts"),
        pytest.param("the [European Union|ORG] said", id="union"),
    ],
)
def test_what_only_has_the_name_of_a_place_is_left_alone(marked: str, gazetteer: Gazetteer) -> None:
    assert toponyms(marked, gazetteer) == []


@pytest.mark.parametrize(
    ("marked", "whole"),
    [
        ("in [KwaZulu]-Natal", "KwaZulu-Natal"),
        ("the [Democratic Republic] of the [Congo] voted", "Democratic Republic of the Congo"),
        ("in Central [Java|PERSON]", "Central Java"),
        ("a South St. [Paul] man", "St. Paul"),
        ("in [Guinea]-Bissau", "Guinea-Bissau"),
        ("the [American|NORP] [Samoans|NORP]", "American Samoans"),
        ("in New [York]", "New York"),
    ],
)
def test_a_name_cut_short_grows(marked: str, whole: str, gazetteer: Gazetteer) -> None:
    assert [surface for surface, _ in toponyms(marked, gazetteer)] == [whole]


@pytest.mark.parametrize(
    ("marked", "surfaces"),
    [
        ("[Russian-American|NORP] crew", ["Russian", "American"]),
        ("[pan-African|NORP] payments", ["African"]),
        ("the [Israeli|NORP]-Egyptian peace", ["Israeli", "Egyptian"]),
        ("in [Portland, Maine]", ["Portland", "Maine"]),
        ("the [West Nile|LOC] virus", []),
        ("[Spanish|NORP] flu and [Roman|NORP] Catholic priests", []),
        ("in [Metro Vancouver]", ["Metro Vancouver"]),
    ],
)
def test_peoples_and_pairs_come_apart_and_diseases_are_no_places(
    marked: str, surfaces: list[str], gazetteer: Gazetteer
) -> None:
    assert [surface for surface, _ in toponyms(marked, gazetteer)] == surfaces


@pytest.mark.parametrize(
    ("marked", "inside"),
    [
        ("[Rapides Parish Fire District|ORG]", ["Rapides Parish"]),
        ("[East Bank Middle School|ORG]", ["East Bank"]),
        ("[Henry County Sheriff|PERSON]", ["Henry County"]),
        ("[University of California, Los Angeles|ORG]", ["California", "Los Angeles"]),
        ("[University of Wisconsin-Milwaukee|ORG]", ["Wisconsin", "Milwaukee"]),
        ("[University of Kentucky College of Law|ORG]", ["Kentucky"]),
        ("[ABC Australia|ORG]", ["Australia"]),
        ("[Nashville Film Festival|EVENT]", ["Nashville"]),
        ("[Iraqi Security Forces|ORG]", ["Iraqi"]),
        ("[George Washington High School|ORG]", []),
        ("[Bank of America|ORG]", []),
        ("[Buffalo Bill|PERSON]", []),
        ("[Roman Catholic Church|ORG]", []),
        ("[African Union|ORG]", []),
        ("[Jane London|PERSON]", []),
    ],
)
def test_places_inside_names(marked: str, inside: list[str], gazetteer: Gazetteer) -> None:
    assert [surface for surface, _ in toponyms(marked, gazetteer)] == inside


def test_a_small_town_inside_a_name_is_seen_when_the_article_names_it(gazetteer: Gazetteer) -> None:
    marked = "[Wamego Seniors Center|ORG]"
    assert toponyms(marked, gazetteer) == []
    assert toponyms(f"{marked} in [Wamego]", gazetteer) == [("Wamego", Role.ORGANISATION), ("Wamego", Role.LITERAL)]


@pytest.mark.parametrize(
    ("action", "marked", "surfaces"),
    [
        ("never", "the [West|LOC] fears", ["West"]),
        ("not_embedded", "[Pacific Life|ORG] insures", []),
        ("not_recovered", "He arrived in [Lincoln|ORG].", []),
        ("prefer", "[Washington] said", ["Washington"]),
        ("substitute", "jazz in the [Big Easy|LOC]", ["Big Easy"]),
    ],
)
def test_each_kind_of_override(action: str, marked: str, surfaces: list[str], gazetteer: Gazetteer) -> None:
    assert [surface for surface, _ in toponyms(marked, gazetteer)] == surfaces
    places = [found.place and found.place.name for found in resolve_marked(marked, gazetteer)]
    assert places == {"never": [None], "prefer": ["Washington"], "substitute": ["New Orleans"]}.get(action, [])
