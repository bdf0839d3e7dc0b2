"""What the words around a place name say."""

import pytest

from tasks.enrichment.priors import DIVISIONS, TOWNS
from tasks.enrichment.wording import find_local_words, said_kinds
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
