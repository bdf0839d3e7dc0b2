"""What is offered while a query is written, and when it ends."""

from pathlib import Path

import pytest

from tasks.reporting.vocabulary import Vocabulary, is_whole, load_vocabulary
from tasks.storage.opening import open_warehouse


@pytest.fixture
def vocabulary(stored: Path) -> Vocabulary:
    with open_warehouse(stored) as connection:
        return load_vocabulary(connection)


@pytest.mark.parametrize(
    ("before", "after", "first"),
    [
        pytest.param("SELECT * FROM article_p", "", "article_places", id="a view after FROM"),
        pytest.param("SELECT * FROM runs JOIN fil", "", "files", id="a table after JOIN"),
        pytest.param("SELECT geon", "", "geonames_id", id="a column of any table"),
        pytest.param("SELECT s", " FROM quarantine", "status", id="of the table that the query names"),
        pytest.param("SELECT e.sur", " FROM entities AS e", "surface", id="a column by an alias"),
        pytest.param("SELECT locations.LAT", "", "latitude_deg", id="a column by its table, in capitals"),
        pytest.param("SELECT 1 GRO", "", "GROUP", id="a keyword"),
        pytest.param("select 1 gro", "", "group", id="a keyword in small letters"),
        pytest.param("SELECT regexp_extract_a", "", "regexp_extract_all", id="a function"),
        pytest.param("SELECT 'it''s', head", "", "headline", id="after a string"),
        pytest.param("FROM search_arti", "", None, id="no view"),
        pytest.param("SELECT 'head", "", None, id="inside a string"),
        pytest.param('SELECT "head', "", None, id="inside a quoted name"),
        pytest.param("SELECT 1 ", "", None, id="nothing begun"),
        pytest.param("SELECT nothing.head", "", None, id="of an unknown table"),
    ],
)
def test_the_word_that_is_offered_first(vocabulary: Vocabulary, before: str, after: str, first: str | None) -> None:
    assert next((suggestion.word for suggestion in vocabulary.suggest(before, after)), None) == first


def test_what_is_inside_of_newsmill_is_not_offered(vocabulary: Vocabulary) -> None:
    assert "alias_rows" not in vocabulary.relations
    assert "search_articles" in vocabulary.functions
    assert set(vocabulary.columns) == set(vocabulary.relations)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("SELECT 1;", True),
        ("SELECT 1; -- done\n", True),
        ("SELECT 'a;b' -- ;\n;  ", True),
        ("SELECT $$;$$;", True),
        (r"SELECT e'it\'s';", True),
        (r"SELECT e'it\';", False),
        ("SELECT 1", False),
        ("SELECT ';", False),
        ('SELECT ";', False),
        ("SELECT 1 -- ;", False),
        ("SELECT 1 /* ;", False),
        ("SELECT 'it''s;", False),
    ],
)
def test_a_query_ends_with_its_own_semicolon(text: str, ends: bool) -> None:
    assert is_whole(text) is ends
