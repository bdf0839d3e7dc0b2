"""An edited alias file shows in the views at once, and no stored row is written again."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.errors import NewsmillError
from tasks.aliases.files import FILE_NAME
from tasks.aliases.keys import entity_id, name_key
from tasks.storage.layout import locate
from tasks.storage.ledger import last_commit
from tasks.storage.readonly import connect_readonly
from tests.examples import article, entity
from tests.storage.commits import ask, commit, parts_under
from warehouse import load_queries

HEADER = "rule,kind,name,canonical_name,source,licence"
PEOPLE = "SELECT canonical_name, article_count FROM name_trends WHERE label = 'PERSON' ORDER BY canonical_name"


@pytest.fixture
def spellings(root: Path) -> Path:
    """Three articles that each spell a name in another way, and one that names somebody newsmill never heard of."""
    names = ["Volodymyr Zelensky", "Volodymyr Zelenskyy", "VOLODYMYR ZELENSKIY", "Ada Qwghlm"]
    bodies = ["One bridge.", "Two lakes and a bear.", "Three men in a boat.", "Four seasons, all of them in a day."]
    commit(
        root,
        articles=[article(article_id=f"a{n}", headline=name, body=bodies[n]) for n, name in enumerate(names)],
        entities=[person(name, article_id=f"a{n}", start_char=0) for n, name in enumerate(names)],
    )
    return root


def person(name: str, **changes: Any) -> Any:
    changes.setdefault("canonical_score", 1.0)
    return entity(surface=name, label="PERSON", entity_id=entity_id("person", name), **changes)


def write_aliases(root: Path, *rows: str) -> None:
    (root / FILE_NAME).write_text("\n".join([HEADER, *rows]) + "\n")


def test_spellings_count_as_one_where_the_file_says_so(spellings: Path) -> None:
    assert ask(spellings, PEOPLE) == [("Ada Qwghlm", 1), ("Volodymyr Zelenskyy", 3)]
    query = "SELECT DISTINCT entity_id FROM article_entities WHERE name_in_article ILIKE '%Zelensk%'"
    assert ask(spellings, query) == [(entity_id("person", "Volodymyr Zelenskyy"),)]


def test_the_report_on_people_counts_them_as_one(spellings: Path) -> None:
    top = ask(spellings, load_queries("reports")["top_people"].sql)
    assert [row[:3] for row in top] == [("Volodymyr Zelenskyy", 3, 3), ("Ada Qwghlm", 1, 1)]


def test_an_edit_shows_at_once_and_rewrites_nothing(spellings: Path) -> None:
    before = {path: (spellings / "store" / path).stat().st_mtime_ns for path in parts_under(spellings / "store")}
    write_aliases(spellings, "merge,person,Ada Qwghlm,Ada Lovelace")
    assert ask(spellings, PEOPLE) == [("Ada Lovelace", 1), ("Volodymyr Zelenskyy", 3)]
    write_aliases(spellings, "never_merge,person,Volodymyr Zelensky,Volodymyr Zelenskyy")
    assert ask(spellings, PEOPLE) == [("Ada Qwghlm", 1), ("Volodymyr Zelensky", 1), ("Volodymyr Zelenskyy", 2)]
    (spellings / FILE_NAME).unlink()
    assert ask(spellings, PEOPLE) == [("Ada Qwghlm", 1), ("Volodymyr Zelenskyy", 3)]
    assert before == {
        path: (spellings / "store" / path).stat().st_mtime_ns for path in parts_under(spellings / "store")
    }
    ledger = connect_readonly(locate(spellings).ledger)
    assert last_commit(ledger) == 1
    ledger.close()


def test_readers_without_newsmill_see_what_was_published_last(spellings: Path) -> None:
    write_aliases(spellings, "merge,person,Ada Qwghlm,Ada Lovelace")
    ask(spellings, "SELECT 1")
    with duckdb.connect(str(spellings / "catalog.duckdb"), read_only=True) as connection:
        assert connection.execute(PEOPLE).fetchall()[0] == ("Ada Lovelace", 1)


def test_the_past_is_read_with_todays_aliases(spellings: Path) -> None:
    write_aliases(spellings, "merge,person,Ada Qwghlm,Ada Lovelace")
    assert ask(spellings, PEOPLE, as_of="1")[0] == ("Ada Lovelace", 1)


def test_the_method_says_where_an_alias_decided(spellings: Path) -> None:
    query = "SELECT name_in_article, canonical_method FROM article_entities ORDER BY article_id"
    assert ask(spellings, query) == [
        ("Volodymyr Zelensky", "alias"),
        ("Volodymyr Zelenskyy", "own_name"),
        ("VOLODYMYR ZELENSKIY", "alias"),
        ("Ada Qwghlm", "own_name"),
    ]


def test_a_bad_file_is_named_and_nothing_is_lost(spellings: Path) -> None:
    write_aliases(spellings, "merge,person,Ada,Berta", "merge,person,Berta,Ada")
    with pytest.raises(
        NewsmillError, match=r"name_aliases\.csv, line 3: the merges lead in a circle: Ada → Berta → Ada"
    ):
        ask(spellings, PEOPLE)
    write_aliases(spellings)
    assert ask(spellings, PEOPLE)[0] == ("Ada Qwghlm", 1)


def test_one_name_has_one_row_of_a_label(root: Path) -> None:
    commit(root, articles=[article()])
    query = "SELECT label, name_key FROM name_aliases GROUP BY ALL HAVING count(*) > 1"
    assert ask(root, query) == []


def test_an_alias_is_not_as_sure_as_a_name_that_is_printed(spellings: Path) -> None:
    query = "SELECT DISTINCT canonical_method, canonical_score FROM article_entities ORDER BY 1"
    assert ask(spellings, query) == [("alias", pytest.approx(0.95)), ("own_name", 1.0)]


@pytest.mark.parametrize(
    ("listed", "printed"),
    [
        ("Recep Tayyip Erdoğan", "RECEP TAYYIP ERDOGAN"),
        ("Lech Wałęsa", "Lech Walesa"),
        ("Lars Løkke", "LARS LOKKE"),
        ("Đoković", "Dokovic"),
        ("Y\u0131ld\u0131z", "YILDIZ"),
        ("İsmail Çelik", "Ismail Celik"),
        ("Conan O\u2019Brien", "CONAN O'BRIEN"),
        ("Franz Josef Strauß", "Franz Josef Strauss"),
        ("J. K. Rowling", "J K Rowling"),
        ("Big . Dot", "Big Dot"),
        ("Big Ada", "Big Berta"),
        ("British Labour Organisation", "British Labor Organization"),
        ("British Labor Organisation", "British Labour Organization"),
        ("Jose\u0301 Núñez", "Jos\u00e9 Nun\u0303ez"),
    ],
)
def test_views_and_enrichment_agree_on_which_names_are_one(root: Path, listed: str, printed: str) -> None:
    commit(root, articles=[article()], entities=[person(printed, mention_no=1), person(listed, mention_no=2)])
    write_aliases(root, f"merge,person,{listed},Somebody Else")
    found = ask(root, "SELECT canonical_name = 'Somebody Else' FROM article_entities ORDER BY mention_no")
    assert found == [(name_key(listed) == name_key(printed),), (True,)]
