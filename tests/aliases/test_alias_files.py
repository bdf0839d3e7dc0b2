"""What the alias files say together, and what they cannot say."""

from pathlib import Path
from time import process_time

import pytest

from schemas.errors import NewsmillError
from tasks.aliases.files import FILE_NAME, load_aliases, load_shipped
from tasks.aliases.keys import Kind, name_key
from tasks.aliases.resolving import Aliases, resolve_rows
from tasks.aliases.rows import parse_rows

HEADER = "rule,kind,name,canonical_name,source,licence"


def aliases(*rows: str, shipped: tuple[str, ...] = ()) -> Aliases:
    return resolve_rows(
        parse_rows("\n".join([HEADER, *rows]), "own.csv"), parse_rows("\n".join([HEADER, *shipped]), "shipped.csv")
    )


def test_a_merge_holds_for_its_kind_only() -> None:
    found = aliases("merge,person,Zelenskiy,Volodymyr Zelenskyy")
    assert found.name(Kind.PERSON, "Zelenskiy") == "Volodymyr Zelenskyy"
    assert found.name(Kind.PLACE, "Zelenskiy") == "Zelenskiy"


@pytest.mark.parametrize("kind", ["organisation|place", "any"])
def test_a_row_may_be_about_several_kinds(kind: str) -> None:
    found = aliases(f"merge,{kind},EU,European Union")
    assert {found.name(kind, "EU") for kind in (Kind.ORGANISATION, Kind.PLACE)} == {"European Union"}


@pytest.mark.parametrize("printed", ["RECEP TAYYIP ERDOGAN", "Recep Tayyip Erdoğan", "R.T. Erdogan", "RT Erdoğan"])
def test_case_accents_and_full_stops_are_one_name(printed: str) -> None:
    found = aliases("merge,person,R.T. Erdogan,Recep Tayyip Erdoğan")
    assert found.name(Kind.PERSON, printed) == "Recep Tayyip Erdoğan"


def test_a_chain_of_merges_leads_to_its_end() -> None:
    found = aliases("merge,person,Zelenskyi,Zelensky", shipped=("merge,person,Zelensky,Volodymyr Zelenskyy",))
    assert found.name(Kind.PERSON, "Zelenskyi") == "Volodymyr Zelenskyy"


def test_the_warehouse_goes_before_newsmill() -> None:
    shipped = ("merge,person,Zelensky,Volodymyr Zelenskyy",)
    found = aliases("merge,person,Zelensky,Hiram Zelensky", shipped=shipped)
    assert found.name(Kind.PERSON, "Zelensky") == "Hiram Zelensky"
    found = aliases("merge,person,Zelensky,Zelensky", shipped=shipped)
    assert found.name(Kind.PERSON, "Zelensky") == "Zelensky"
    found = aliases("never_merge,person,Volodymyr Zelenskyy,Zelensky", shipped=shipped)
    assert found.name(Kind.PERSON, "Zelensky") == "Zelensky"
    found = aliases("merge,person,A B,C D", shipped=("never_merge,person,C D,A B",))
    assert found.name(Kind.PERSON, "A B") == "C D"


def test_another_spelling_than_newsmills_may_be_preferred() -> None:
    shipped = (
        "merge,person,Volodymyr Zelensky,Zelensky Jr",
        "merge,person,Zelensky Jr,Volodymyr Zelenskyy",
        "merge,person,Zelenskiy,Volodymyr Zelenskyy",
    )
    found = aliases("merge,person,Volodymyr Zelenskyy,Volodymyr Zelensky", shipped=shipped)
    spellings = ["Volodymyr Zelensky", "Zelensky Jr", "Volodymyr Zelenskyy", "Zelenskiy"]
    assert {found.name(Kind.PERSON, name) for name in spellings} == {"Volodymyr Zelensky"}


@pytest.mark.parametrize("order", [1, -1])
def test_long_chains_take_no_longer_than_short_ones(order: int) -> None:
    rows = [f"merge,person,Name {n},Name {n + 1}" for n in range(20_000)][::order]
    begin = process_time()
    assert aliases(*rows).name(Kind.PERSON, "Name 0") == "Name 20000"
    # Name by name it was minutes.
    assert process_time() - begin < 3


def test_a_field_beyond_measure_is_named() -> None:
    with pytest.raises(NewsmillError, match=r"own\.csv, line 1: field larger than field limit"):
        parse_rows(HEADER + "," + "x" * 200_000, "own.csv")


def test_lines_may_end_as_on_an_old_macintosh() -> None:
    assert parse_rows(HEADER + "\rmerge,person,Anna,Berta\r", "own.csv")[0].canonical_name == "Berta"


def test_what_is_never_merged_is_known_both_ways() -> None:
    found = aliases("never_merge,organisation,Alphabet,Google")
    assert found.are_apart(Kind.ORGANISATION, "GOOGLE", "Alphabet")
    assert not found.are_apart(Kind.PERSON, "Google", "Alphabet")
    assert found.pairs_apart() == (("alphabet", "google"),)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        pytest.param(
            ("merge,person,Anna,Berta", "merge,person,Berta,Carla", "merge,person,Carla,Anna"),
            "own.csv, line 4: the merges lead in a circle: Anna → Berta → Carla → Anna.",
            id="circle",
        ),
        pytest.param(
            ("merge,person,Anna,Berta", "merge,any,anna,Carla"),
            "own.csv, line 3: 'anna' is merged into 'Carla', but into 'Berta' in own.csv, line 2.",
            id="two names",
        ),
        pytest.param(
            ("merge,person,Anna,Carla", "merge,person,Berta,Carla", "never_merge,person,Anna,Berta"),
            "own.csv, line 4: 'Anna' and 'Berta' are never to be merged, but merges lead from both to 'Carla'. Take"
            " one of the rows out, or merge 'Anna' into itself in the warehouse's own file.",
            id="contradiction",
        ),
        pytest.param(
            ("join,person,Anna,Berta",), "own.csv, line 2: a rule is merge or never_merge, not 'join'.", id="rule"
        ),
        pytest.param(
            ("merge,people,Anna,Berta",),
            "own.csv, line 2: a kind is person, organisation, group, place, other, several of them joined with | or"
            " any, not 'people'.",
            id="kind",
        ),
        pytest.param(
            ("merge,person,Anna,",), "own.csv, line 2: a row needs a name and a canonical_name.", id="no canonical name"
        ),
        pytest.param(
            ("merge,person,Anna,...",),
            "own.csv, line 2: a row needs a name and a canonical_name.",
            id="nothing in a canonical name",
        ),
        pytest.param(
            ("merge,person,Anna,Berta", 'merge,person,"Carla,Dora', "merge,person,Emma,Flora"),
            'own.csv, line 3: a quote (") is opened here and never closed.',
            id="a quote",
        ),
        pytest.param(
            ("never_merge,person,A. Berg,A Berg",),
            "own.csv, line 2: 'A. Berg' and 'A Berg' are one name to newsmill already.",
            id="never itself",
        ),
        pytest.param(
            ("merge,person,.,Anna",),
            "own.csv, line 2: a row needs a name and a canonical_name.",
            id="nothing in a name",
        ),
    ],
)
def test_what_makes_no_sense_is_named_with_its_line(rows: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(NewsmillError) as error:
        aliases(*rows)
    assert str(error.value) == sentence


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("alias,name\nEU,European Union\n")
    with pytest.raises(NewsmillError, match="names no column rule, kind, canonical_name; it is rule,kind,name"):
        load_aliases(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"rule,kind,name,canonical_name\nmerge,person,\xff,Anna\n")
    with pytest.raises(NewsmillError, match=r"name_aliases\.csv cannot be read as UTF-8 text"):
        load_aliases(tmp_path)


def test_a_spreadsheet_may_write_the_file(tmp_path: Path) -> None:
    text = f"{HEADER}\r\nmerge,person,Big Ada,Ada Lovelace,,\r\n,,,,,\r\n"
    (tmp_path / FILE_NAME).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_aliases(tmp_path).name(Kind.PERSON, "Big Ada") == "Ada Lovelace"


@pytest.mark.parametrize(
    ("kind", "name", "canonical_name"),
    [
        (Kind.PERSON, "Volodymyr Zelenskiy", "Volodymyr Zelenskyy"),
        (Kind.PERSON, "Muammar Qaddafi", "Muammar Gaddafi"),
        (Kind.PERSON, "MBS", "Mohammed bin Salman"),
        (Kind.PERSON, "AMLO", "Andrés Manuel López Obrador"),
        (Kind.ORGANISATION, "EU", "European Union"),
        (Kind.ORGANISATION, "Hizbullah", "Hezbollah"),
        (Kind.GROUP, "Taleban", "Taliban"),
        (Kind.ORGANISATION, "Daesh", "Islamic State"),
        (Kind.PLACE, "Kiev", "Kyiv"),
        (Kind.ORGANISATION, "Alphabet", "Alphabet"),
        (Kind.PERSON, "Clinton", "Clinton"),
        (Kind.PERSON, "Bush", "Bush"),
        (Kind.PERSON, "Kim", "Kim"),
    ],
)
def test_the_starter_knows_the_variants_of_world_news(kind: Kind, name: str, canonical_name: str) -> None:
    assert load_shipped().name(kind, name) == canonical_name


def test_no_two_names_of_the_starter_stand_for_the_same_two_ways() -> None:
    for (kind, key), name in load_shipped().canonical.items():
        assert load_shipped().canonical[kind, name_key(name)] == name, key
