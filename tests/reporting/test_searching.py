"""Full-text search: what is found, in which order, and that nothing in the words is more than words."""

from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import WrongUse
from tasks.reporting.searching import Search, found_by, is_answerable, nothing_found, search
from tests.example_news import NOVEMBER, news_warehouse
from tests.example_warehouse import memory_warehouse
from tests.examples import DAY, article, entity, location


def story(number: int, headline: str, body: str, **changed: Any) -> Any:
    text = f"{headline}\n{body}"
    words = len(text.split())
    return article(article_id=f"a{number}", headline=headline, standfirst=None, text=text, word_count=words, **changed)


STORIES = [
    story(1, "Bridge closed", "The old bridge over the river was closed after the flood."),
    story(
        2,
        "Flood in town",
        "The flood came at night. Nobody was hurt, but a bridge is damaged.",
        published_date=NOVEMBER,
    ),
    story(3, "Bridgetown votes", "Bridgetown elects its mayor. Turnout was high.", source="herald"),
    story(4, "Café reopens", "Recep Tayyip Erdoğan was not at the café. It's a U.S. first: climate-change menus."),
    story(5, "Выборы в Киеве", "Выборы прошли спокойно. Ёлка стоит."),
    story(
        6,
        "Bridge closed",
        "A copy of the story about the bridge.",
        duplicate_of="a1",
        duplicate_kind="near",
        similarity=0.9,
    ),
    story(7, "北京暴雨", "北京市气象局发布暴雨红色预警。故宫关闭。", source="herald"),
    story(
        8,
        "Łódź gets a tram",
        "Đorđe Petrović drove it; Sotheby\u2019s sold the old one. Smørrebrød was had.",
    ),
]


@pytest.fixture(scope="module")
def news() -> duckdb.DuckDBPyConnection:
    return memory_warehouse(
        articles=STORIES,
        entities=[
            entity(article_id="a1", surface="Lovelace", label="PERSON", canonical_name="Ada Lovelace"),
            entity(article_id="a8", surface="Petrović", label="PERSON", canonical_name="Đorđe Petrović"),
        ],
        locations=[
            location(article_id="a2", published_date=NOVEMBER),
            location(article_id="a8", surface="Łódź", place_name="Łódź"),
        ],
    )


def ids(news: duckdb.DuckDBPyConnection, words: str, **filters: Any) -> list[str]:
    return [row["article_id"] for row in found_by(news, Search(words=words, **filters)).read_all().to_pylist()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("bridge", ["a1", "a2"]),  # not Bridgetown, and no copy of a story
        ("BRIDGE flood", ["a2", "a1"]),
        ("bridge*", ["a1", "a2", "a3"]),
        ('"old bridge"', ["a1"]),
        ('"bridge old"', []),
        ("bridge -flood", []),
        ("flood -old", ["a2"]),
        ("flood -river night", ["a2"]),
        ("-flood", []),
        ("cafe", ["a4"]),
        ("CAFÉ", ["a4"]),
        ("erdogan", ["a4"]),
        ("u.s.", ["a4"]),
        ("climate change", ["a4"]),
        ('"climate change"', ["a4"]),
        ("климат", []),
        ("выборы", ["a5"]),
        ("елка", ["a5"]),
        ("气象局", ["a7"]),  # inside a row of signs without spaces
        ("北京 故宫", ["a7"]),
        ("上海", []),
        ("lodz", ["a8"]),
        ("łódź -tramway", ["a8"]),
        ("djordje", []),
        ("dorde SMORREBROD", ["a8"]),
        ("sotheby's", ["a8"]),
        ("sotheby\u2019s", ["a8"]),
        ('"old sold', ["a8"]),  # a quote that nothing closes
        ('bridge "', ["a1", "a2"]),
        ("* bridge - --", ["a1", "a2"]),
        ("nowhere", []),
        ("", []),
    ],
)
def test_words_find_the_articles_that_hold_them(
    news: duckdb.DuckDBPyConnection, words: str, expected: list[str]
) -> None:
    assert sorted(ids(news, words)) == sorted(expected)


def test_a_word_in_the_headline_comes_first(news: duckdb.DuckDBPyConnection) -> None:
    assert ids(news, "bridge") == ["a1", "a2"]
    assert ids(news, "flood") == ["a2", "a1"]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    common = [story(number, "News", "minister minister said") for number in range(20)]
    news = memory_warehouse(
        articles=[*common, story(20, "News", "comet comet and minister"), story(21, "News", "comet minister minister")]
    )
    assert ids(news, "comet minister") == ["a20", "a21"]


def test_neighbours_are_counted_each() -> None:
    news = memory_warehouse(articles=[story(1, "News", "duck duck duck goose")])
    (row,) = found_by(news, Search(words="duck")).read_all().to_pylist()
    assert row["hit_count"] == 3


def test_filters_narrow_what_is_found(news: duckdb.DuckDBPyConnection) -> None:
    assert ids(news, "bridge", last_day=date(2025, 11, 30)) == ["a2"]
    assert ids(news, "bridge", first_day=DAY) == ["a1"]
    assert ids(news, "bridge*", source="herald") == ["a3"]
    assert ids(news, "bridge", name="ada lovelace") == ["a1"]
    assert ids(news, "bridge", name="LOVELACE") == ["a1"]
    assert ids(news, "bridge", name="Ada") == []
    assert ids(news, "bridge", place="Leeds") == ["a2"]
    assert ids(news, "bridge", place="england") == ["a2"]
    assert ids(news, "bridge", place="united kingdom") == ["a2"]
    assert ids(news, "bridge", place="Paris") == []
    assert ids(news, "tram", name="dorde petrovic") == ids(news, "tram", place="lodz") == ["a8"]
    assert len(ids(news, "bridge*", most=1)) == 1


def test_the_snippet_is_of_the_body_around_the_word(news: duckdb.DuckDBPyConnection) -> None:
    (row,) = found_by(news, Search(words="damaged")).read_all().to_pylist()
    assert "bridge is damaged" in row["snippet"]
    assert "Flood in town" not in row["snippet"]


def test_search_is_a_table_function_of_sql(news: duckdb.DuckDBPyConnection) -> None:
    found = news.execute(
        "SELECT article_id FROM search_articles('bridge', first_day := DATE '2025-12-01') ORDER BY score DESC"
    ).fetchall()
    assert found == [("a1",)]


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_words_are_an_error_or_a_pattern(words: str) -> None:
    ids(WEEK, words)


WEEK = news_warehouse()


@pytest.mark.parametrize("words", ["", "...", '"', "-flood", "--", '-"old bridge"', "* -x"])
def test_nothing_to_look_for_is_wrong_use(words: str, tmp_path: Any) -> None:
    with pytest.raises(WrongUse, match="at least one word"), search(tmp_path, Search(words=words)):
        pass


def test_many_words_are_an_answer_too(news: duckdb.DuckDBPyConnection) -> None:
    assert ids(news, "bridge " * 1_500) == ids(news, "bridge")
    assert ids(news, "a" * 10_000) == []
    assert ids(news, " ".join(f"word{number}" for number in range(1_500))) == []
    assert ids(news, "bridge " + " ".join(f"-word{number}" for number in range(1_500))) == ["a1", "a2"]


def test_days_in_the_wrong_order_are_wrong_use(tmp_path: Any) -> None:
    wanted = Search(words="bridge", first_day=DAY, last_day=NOVEMBER)
    with pytest.raises(WrongUse, match="2025-12-01, is after the last, 2025-11-20"), search(tmp_path, wanted):
        pass


def test_an_empty_answer_says_what_was_asked() -> None:
    assert nothing_found(Search(words="bridge")) == "No article holds all of these words."
    assert nothing_found(Search(words='"old bridge"', place="Leeds")) == (
        "No article that passes the filters holds all of these words. "
        "Without its quotes, the words of a phrase may stand apart."
    )


@pytest.mark.parametrize("words", ["a", '"old bridge"', "-flood river", "…x", "Élan", "(word)"])
def test_one_word_is_enough(words: str) -> None:
    assert is_answerable(words)
