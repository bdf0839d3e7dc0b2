"""One entity, one name, inside an article."""

import pytest

from tasks.enrichment.names import find_names
from tasks.enrichment.reference import load_aliases

Mentions = list[tuple[str, str]]


def names(mentions: Mentions) -> list[tuple[str, str]]:
    return [(name.canonical_name, name.method) for name in find_names(mentions, load_aliases())]


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        pytest.param(
            [("Steve Witkoff", "PERSON"), ("Mr Witkoff", "PERSON")],
            [("Steve Witkoff", "own_name"), ("Steve Witkoff", "surname")],
            id="surname after full name, title dropped",
        ),
        pytest.param(
            [("Putin", "PERSON"), ("Vladimir Putin", "PERSON")],
            [("Vladimir Putin", "surname"), ("Vladimir Putin", "own_name")],
            id="surname before full name",
        ),
        pytest.param(
            [("Jill Biden", "PERSON"), ("Joe Biden", "PERSON"), ("Biden", "PERSON")],
            [("Jill Biden", "own_name"), ("Joe Biden", "own_name"), ("Joe Biden", "surname")],
            id="the nearest bearer of the surname before",
        ),
        pytest.param(
            [("Boris Johnson", "PERSON"), ("Boris", "PERSON")],
            [("Boris Johnson", "own_name"), ("Boris Johnson", "first_name")],
            id="first name",
        ),
        pytest.param(
            [("World Health Organization", "ORG"), ("WHO", "ORG")],
            [("World Health Organization", "own_name"), ("World Health Organization", "acronym")],
            id="acronym",
        ),
        pytest.param(
            [("International Committee of the Red Cross", "ORG"), ("ICRC", "ORG")],
            [
                ("International Committee of the Red Cross", "own_name"),
                ("International Committee of the Red Cross", "acronym"),
            ],
            id="acronym without small words",
        ),
        pytest.param(
            [("Tesla Motors", "ORG"), ("Tesla", "ORG")],
            [("Tesla Motors", "own_name"), ("Tesla Motors", "organisation_prefix")],
            id="beginning of an organisation's name",
        ),
        pytest.param(
            [("U.S.", "GPE"), ("United States", "GPE"), ("America", "GPE")],
            [("United States", "alias"), ("United States", "own_name"), ("United States", "alias")],
            id="table of aliases",
        ),
        pytest.param(
            [("NATO", "ORG"), ("the NATO", "ORG")],
            [("NATO", "own_name"), ("NATO", "own_name")],
            id="article",
        ),
        pytest.param(
            [("Paris", "GPE"), ("Paris Hilton", "PERSON")],
            [("Paris", "own_name"), ("Paris Hilton", "own_name")],
            id="a city is no short form of a person",
        ),
        pytest.param(
            [("VLADIMIR PUTIN", "PERSON"), ("Vladimir Putin", "PERSON")],
            [("Vladimir Putin", "same_name"), ("Vladimir Putin", "own_name")],
            id="capitals only when there is nothing else",
        ),
        pytest.param(
            [("Michael Obama", "PERSON"), ("Michelle Obama", "PERSON")],
            [("Michael Obama", "own_name"), ("Michelle Obama", "own_name")],
            id="similar names are two people",
        ),
    ],
)
def test_the_fullest_name_stands_for_all(mentions: Mentions, expected: list[tuple[str, str]]) -> None:
    assert names(mentions) == expected


def test_the_same_name_has_the_same_id_in_every_article() -> None:
    (first,) = find_names([("NATO", "ORG")], {})
    _, second = find_names([("Kyiv", "GPE"), ("NATO", "ORG")], {})
    assert first.entity_id == second.entity_id


def test_kinds_do_not_share_an_id() -> None:
    (person,) = find_names([("Jordan", "PERSON")], {})
    (place,) = find_names([("Jordan", "GPE")], {})
    assert person.entity_id != place.entity_id


def test_no_mention_gives_no_name() -> None:
    assert find_names([], {}) == []
