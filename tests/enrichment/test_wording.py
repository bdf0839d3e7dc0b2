"""What the words around a place name say."""

import pytest

from tasks.enrichment.gazetteer.lookup import TOWNS
from tasks.enrichment.resolution.priors import DIVISIONS
from tasks.enrichment.resolution.wording import find_local_words, is_dateline, said_kinds
from tests.enrichment.marked import read_marked

COUNTRY = frozenset(["country"])


@pytest.mark.parametrize(
    ("marked", "kinds"),
    [
        ("the [Odesa] region", DIVISIONS),
        ("[Kharkiv Oblast]", DIVISIONS),
        ("the state of [Georgia]", DIVISIONS),
        ("the city of [Kherson]", TOWNS),
        ("the port [Mariupol]", TOWNS),
        ("[Ashford], a town in the south,", TOWNS),
        ("[Georgia], the former Soviet republic,", COUNTRY),
        ("the Republic [Georgia]", frozenset()),
        ("[Moscow], the country's capital,", frozenset()),
        ("[Kyiv], the mayor of the town said", frozenset()),
        ("a state visit to [Paris]", frozenset()),
    ],
)
def test_words_beside_a_name_say_its_kind(marked: str, kinds: frozenset[str]) -> None:
    text, ((start, end, _),) = read_marked(marked)
    assert said_kinds(text, start, end, text[start:end]) == kinds


def test_words_of_local_news_tell_of_their_countries() -> None:
    words = find_local_words("The sheriff met a councillor downtown, said the sheriff")
    assert words.total == 2
    assert words.countries["US"] == 1
    assert words.countries["GB"] == words.countries["IE"] == 1


@pytest.mark.parametrize(
    ("marked", "is_one"),
    [
        ("[PARIS], Tenn. (AP) - Rain fell.", True),
        ("[KYIV] (Reuters) - Rain fell.", True),
        ("[ST. PAUL] \u2014 Rain fell.", True),
        ("[LONDON], March 3 - Rain fell.", True),
        ("[Paris] (AP) - Rain fell.", False),
        ("[PARIS] IN THE RAIN", False),
        ("the [UK] - and only it", False),
    ],
)
def test_a_dateline_is_in_capitals_before_a_dash_or_an_agency(marked: str, is_one: bool) -> None:
    text, ((start, end, _),) = read_marked(marked)
    assert is_dateline(text, end, text[start:end]) is is_one
