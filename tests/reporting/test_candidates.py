"""Merges that are proposed over a small warehouse, and those that never are."""

from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from schemas.arrow import arrow_table
from schemas.tables import TABLES
from tasks.aliases.files import FILE_NAME, load_aliases
from tasks.aliases.keys import Kind
from tasks.aliases.rows import COLUMNS
from tasks.reporting.candidates import Candidate, candidate_table, find_candidates
from tasks.reporting.name_sounds import sound_of
from tasks.reporting.similar_names import find_alike
from tasks.storage.commit import transaction
from tasks.storage.opening import open_warehouse, writing
from tests.examples import article, entity

# (surface, canonical name, label) of each mention, an article a line.
NEWS: list[list[tuple[str, str, str]]] = [
    [("Ada Qwghlm", "Ada Qwghlm", "PERSON"), ("Acme", "Acme", "ORG")],
    [("Ada Qwghlm", "Ada Qwghlm", "PERSON"), ("Acme", "Acme", "ORG")],
    [("Ada Kwghlm", "Ada Kwghlm", "PERSON"), ("Acme", "Acme", "ORG")],
    [("Lagos Harbour Association", "Lagos Harbour Association", "ORG"), ("LHA", "Lagos Harbour Association", "ORG")],
    [("LHA", "LHA", "ORG")],
    [("Michael Brown", "Michael Brown", "PERSON"), ("Michelle Brown", "Michelle Brown", "PERSON")],
    [("Berta Kovalenko", "Berta Kovalenko", "PERSON"), ("Berta Kovalenka", "Berta Kovalenka", "PERSON")],
]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    articles = [article(article_id=f"a{n}", headline=f"News {n}") for n in range(len(NEWS))]
    mentions = [mention(n, m, *named) for n, of_one in enumerate(NEWS) for m, named in enumerate(of_one, start=1)]
    with writing(root) as (place, ledger), transaction(place, ledger, "ingest", "r1") as commit:
        commit.append("articles", arrow_table(TABLES["articles"].row, articles))
        commit.append("entities", arrow_table(TABLES["entities"].row, mentions))
    return root


def mention(number: int, mention_no: int, surface: str, name: str, label: str) -> Any:
    return entity(
        article_id=f"a{number}",
        mention_no=mention_no,
        surface=surface,
        canonical_name=name,
        label=label,
        canonical_method="own_name" if surface == name else "acronym",
    )


def candidates(root: Path, **changes: Any) -> Sequence[Candidate]:
    with open_warehouse(root) as connection:
        return find_candidates(connection, load_aliases(root), **changes)


def pairs(found: Sequence[Candidate]) -> list[tuple[str, str, str]]:
    return [(pair.kind, pair.name.name, pair.canonical_name.name) for pair in found]


def test_spellings_and_acronyms_are_proposed_best_first(warehouse: Path) -> None:
    spelling, acronym = found = candidates(warehouse)
    assert pairs(found) == [
        ("person", "Ada Kwghlm", "Ada Qwghlm"),
        ("organisation", "LHA", "Lagos Harbour Association"),
    ]
    assert spelling.reason == "sounds alike, 100% of its company is the other's too"
    assert acronym.reason == "it is in 1 of 1 articles that say more"


def test_names_that_one_article_tells_apart_are_not_proposed(warehouse: Path) -> None:
    assert not [pair for pair in candidates(warehouse, limit=100) if "Kovalenk" in pair.name.name]


def test_only_the_labels_and_the_number_asked_for(warehouse: Path) -> None:
    assert pairs(candidates(warehouse, labels=["ORG"])) == [("organisation", "LHA", "Lagos Harbour Association")]
    assert len(candidates(warehouse, limit=1)) == 1


@pytest.mark.parametrize("rule", ["merge", "never_merge"])
def test_what_a_row_decides_is_not_proposed_again(warehouse: Path, rule: str) -> None:
    (warehouse / FILE_NAME).write_text(
        f"{','.join(COLUMNS)}\n{rule},person,Ada Kwghlm,Ada Qwghlm\n{rule},organisation,LHA,Lagos Harbour Association\n"
    )
    assert candidates(warehouse) == []


def test_proposals_can_be_pasted_into_the_alias_file(warehouse: Path) -> None:
    rows = candidate_table(candidates(warehouse)).to_pylist()
    lines = [",".join(COLUMNS), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
    (warehouse / FILE_NAME).write_text("\n".join(lines))
    assert candidates(warehouse) == []
    assert load_aliases(warehouse).name(Kind.PERSON, "Ada Kwghlm") == "Ada Qwghlm"


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Muammar Gaddafi", "Muammar Qadhafi", "sounds alike"),
        ("Volodymyr Zelensky", "Volodymyr Zelenskiy", "sounds alike"),
        ("Mohammed Morsi", "Mohamed Mursi", "sounds alike"),
        ("Nicolás Maduro", "Nicolas Maduro", "the same letters"),
        ("Ban Ki-moon", "Ban Kimoon", "the same letters"),
        ("Viktor Orban", "Orban Viktor", "the same words in another order"),
        ("John Bolton", "John R. Bolton", "one has a middle name"),
        ("J. Bolton", "John Bolton", "one has an initial"),
        ("Rustem Umerov", "Rustem Umerof", "one word differs by a letter"),
    ],
)
def test_two_spellings_of_a_person_are_found(one: str, other: str, reason: str) -> None:
    (found,) = find_alike([one, other], Kind.PERSON)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Michael Brown", "Michelle Brown"),
        ("Daniel Craig", "Danielle Craig"),
        ("John Smith", "John Smart"),
        ("Ada Lovelace", "William King"),
    ],
)
def test_two_people_are_not(one: str, other: str) -> None:
    assert list(find_alike([one, other], Kind.PERSON)) == []


def test_companies_differ_by_more_than_their_legal_form() -> None:
    (found,) = find_alike(["Acme", "Acme Inc.", "Acme Bank"], Kind.ORGANISATION)
    assert (found.one, found.other, found.reason) == (0, 1, "only the legal form differs")


def test_places_that_sound_alike_are_two() -> None:
    assert list(find_alike(["Auckland", "Oakland"], Kind.PLACE)) == []


def test_many_names_are_compared_within_seconds() -> None:
    letters = "bdfgklmnprstvz"
    names = [f"{one}a{two}o {two}e{one}i{three}sen" for one in letters for two in letters for three in letters]
    started = process_time()
    list(find_alike(names, Kind.PERSON))
    assert process_time() - started < 3


@pytest.mark.parametrize("words", [("qaddafi", "gadhafi", "kadhafi"), ("zelensky", "zelenskiy", "zelenskyy")])
def test_spellings_of_one_sound_sound_the_same(words: tuple[str, ...]) -> None:
    assert len(set(map(sound_of, words))) == 1
