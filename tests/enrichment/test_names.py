"""One entity, one name, inside an article."""

from itertools import product
from time import process_time

import pytest

from tasks.enrichment.names.cast import apart_of
from tasks.enrichment.names.names import Name, find_introductions, find_names
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.reference import load_aliases

Mentions = list[tuple[str, str]]
Expected = list[tuple[str, str]]


def names(mentions: Mentions) -> Expected:
    return [(name.canonical_name, name.method) for name in find_names(mentions, load_aliases())]


def people(*surfaces: str) -> Mentions:
    return [(surface, "PERSON") for surface in surfaces]


def organisations(*surfaces: str) -> Mentions:
    return [(surface, "ORG") for surface in surfaces]


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        pytest.param(
            people("Steve Witkoff", "Mr Witkoff"),
            [("Steve Witkoff", "own_name"), ("Steve Witkoff", "surname")],
            id="surname after full name, title dropped",
        ),
        pytest.param(
            people("Putin", "Vladimir Putin"),
            [("Vladimir Putin", "surname"), ("Vladimir Putin", "own_name")],
            id="surname before full name",
        ),
        pytest.param(
            people("Boris Johnson", "Boris"),
            [("Boris Johnson", "own_name"), ("Boris Johnson", "first_name")],
            id="first name",
        ),
        pytest.param(
            people("Ursula von der Leyen", "von der Leyen", "Leyen"),
            [
                ("Ursula von der Leyen", "own_name"),
                ("Ursula von der Leyen", "surname"),
                ("Ursula von der Leyen", "surname"),
            ],
            id="particles",
        ),
        pytest.param(
            people("Mohammed bin Salman", "bin Salman", "Salman"),
            [
                ("Mohammed bin Salman", "own_name"),
                ("Mohammed bin Salman", "surname"),
                ("Mohammed bin Salman", "surname"),
            ],
            id="son of",
        ),
        pytest.param(
            people("Bashar al-Assad", "Assad", "al-Assad", "Bashar Al Assad"),
            [
                ("Bashar al-Assad", "own_name"),
                ("Bashar al-Assad", "surname"),
                ("Bashar al-Assad", "surname"),
                ("Bashar al-Assad", "same_name"),
            ],
            id="Arabic article",
        ),
        pytest.param(
            people("Bill de Blasio", "de Blasio", "Jacob Rees-Mogg", "Rees-Mogg"),
            [
                ("Bill de Blasio", "own_name"),
                ("Bill de Blasio", "surname"),
                ("Jacob Rees-Mogg", "own_name"),
                ("Jacob Rees-Mogg", "surname"),
            ],
            id="hyphen",
        ),
        pytest.param(
            people("Kim Jong Un", "Kim"),
            [("Kim Jong Un", "own_name"), ("Kim Jong Un", "first_name")],
            id="family name first",
        ),
        pytest.param(
            people("Andrés Manuel López Obrador", "López Obrador", "Lopez Obrador"),
            [
                ("Andrés Manuel López Obrador", "own_name"),
                ("Andrés Manuel López Obrador", "surname"),
                ("Andrés Manuel López Obrador", "surname"),
            ],
            id="two surnames",
        ),
        pytest.param(
            people("Enrique Peña Nieto", "Peña"),
            [("Enrique Peña Nieto", "own_name"), ("Enrique Peña Nieto", "middle_name")],
            id="the first of two surnames",
        ),
        pytest.param(
            people("John Smith", "J. Smith", "J.K. Rowling", "J. K. Rowling", "Rowling"),
            [
                ("John Smith", "own_name"),
                ("John Smith", "initials"),
                ("J. K. Rowling", "same_name"),
                ("J. K. Rowling", "own_name"),
                ("J. K. Rowling", "surname"),
            ],
            id="initials",
        ),
        pytest.param(
            people("Robert McDonald Jr.", "Robert McDonald", "McDonald"),
            [
                ("Robert McDonald Jr.", "own_name"),
                ("Robert McDonald Jr.", "initials"),
                ("Robert McDonald Jr.", "surname"),
            ],
            id="junior",
        ),
        pytest.param(
            people("Recep Tayyip Erdogan", "Erdoğan"),
            [("Recep Tayyip Erdogan", "own_name"), ("Recep Tayyip Erdogan", "surname")],
            id="accents",
        ),
        pytest.param(
            people("Rustem Umerov", "Rustan Umerov", "Umerov"),
            [("Rustem Umerov", "own_name"), ("Rustem Umerov", "spelling"), ("Rustem Umerov", "surname")],
            id="a slip in the given name",
        ),
        pytest.param(
            people("Richard Holbrooke", "Holbrook", "Richard Holbrooke"),
            [("Richard Holbrooke", "own_name"), ("Richard Holbrooke", "spelling"), ("Richard Holbrooke", "own_name")],
            id="a slip in the surname",
        ),
        pytest.param(
            [("Umerov", "ORG"), ("Rustem Umerov", "PERSON")],
            [("Rustem Umerov", "surname"), ("Rustem Umerov", "own_name")],
            id="a surname taken for an organisation",
        ),
        pytest.param(
            organisations("World Health Organization", "WHO"),
            [("World Health Organization", "own_name"), ("World Health Organization", "alias")],
            id="acronym in the table",
        ),
        pytest.param(
            organisations("Lagos Harbour Association", "LHA", "L.H.A."),
            [
                ("Lagos Harbour Association", "own_name"),
                ("Lagos Harbour Association", "acronym"),
                ("Lagos Harbour Association", "acronym"),
            ],
            id="acronym",
        ),
        pytest.param(
            organisations("Institute for the Study of the Reefs", "ISR"),
            [("Institute for the Study of the Reefs", "own_name"), ("Institute for the Study of the Reefs", "acronym")],
            id="acronym without small words",
        ),
        pytest.param(
            organisations("Acme Motors", "Acme"),
            [("Acme Motors", "own_name"), ("Acme Motors", "organisation_prefix")],
            id="beginning of an organisation's name",
        ),
        pytest.param(
            organisations("U.S. Treasury Department", "Treasury Department", "Philadelphia Eagles", "Eagles"),
            [
                ("U.S. Treasury Department", "own_name"),
                ("U.S. Treasury Department", "organisation_suffix"),
                ("Philadelphia Eagles", "own_name"),
                ("Philadelphia Eagles", "organisation_suffix"),
            ],
            id="end of an organisation's name",
        ),
        pytest.param(
            [("U.S.", "GPE"), ("United States", "GPE"), ("America", "GPE")],
            [("United States", "alias"), ("United States", "own_name"), ("United States", "alias")],
            id="table of aliases",
        ),
        pytest.param(
            organisations("EU", "the European Union", "NATO", "North Atlantic Treaty Organization"),
            [
                ("European Union", "alias"),
                ("European Union", "own_name"),
                ("NATO", "own_name"),
                ("NATO", "alias"),
            ],
            id="the name that the table prefers",
        ),
        pytest.param(
            organisations("UN World Health Organization", "World Health Organisation", "WHO"),
            [
                ("World Health Organisation", "organisation_suffix"),
                ("World Health Organisation", "own_name"),
                ("World Health Organisation", "alias"),
            ],
            id="a longer name than the one that the table prefers",
        ),
        pytest.param(
            organisations("NATO", "the NATO", "The Senate"),
            [("NATO", "own_name"), ("NATO", "own_name"), ("Senate", "own_name")],
            id="article",
        ),
        pytest.param(
            people("VLADIMIR PUTIN", "Vladimir Putin"),
            [("Vladimir Putin", "same_name"), ("Vladimir Putin", "own_name")],
            id="capitals of a headline",
        ),
        pytest.param(
            people("MITCH MCCONNELL", "MARY-ANN O'HARA"),
            [("Mitch McConnell", "same_name"), ("Mary-Ann O'Hara", "same_name")],
            id="capitals alone",
        ),
    ],
)
def test_the_fullest_name_stands_for_all(mentions: Mentions, expected: Expected) -> None:
    assert names(mentions) == expected


@pytest.mark.parametrize(
    "mentions",
    [
        pytest.param([("Paris", "GPE"), ("Paris Hilton", "PERSON")], id="a city is no short form of a person"),
        pytest.param([("Michael Jordan", "PERSON"), ("Jordan", "GPE")], id="a country is no surname"),
        pytest.param(people("Michael Obama", "Michelle Obama"), id="similar given names"),
        pytest.param(people("Martin Schulz", "Martina Schulz"), id="a man's and a woman's name"),
        pytest.param(people("Rustem Umerov", "Rustan Umerov") * 2, id="two spellings that both recur"),
        pytest.param(people("George W. Bush", "George H.W. Bush"), id="other initials"),
        pytest.param(people("Martin Luther King Sr.", "Martin Luther King Jr."), id="father and son"),
        pytest.param(people("Bob Davidson", "Davidsons"), id="a family is nobody alone"),
        pytest.param([("Trump", "PERSON"), ("Trump administration", "ORG")], id="a government is no person"),
        pytest.param(organisations("CNN", "CN Tower"), id="other letters"),
        pytest.param(organisations("NASA", "NASA Headquarters"), id="an acronym is whole"),
        pytest.param(organisations("GitHub", "GitHub", "GitHub Trust and Safety"), id="a part of a firm"),
        pytest.param(organisations("Amazon Kindle", "Amazon"), id="a product of a firm that the table knows"),
        pytest.param(organisations("Hartford", "University of Hartford"), id="another name inside the name"),
        pytest.param(organisations("House", "White House"), id="of a kind, told by more than a place"),
        pytest.param(organisations("Democratic Party", "Christian Democratic Party"), id="another party"),
        pytest.param(organisations("House", "House Armed Services Committee"), id="what many begin with"),
        pytest.param([("U.S.", "GPE"), ("U.S. Senate", "ORG")], id="initials by chance"),
    ],
)
def test_two_names_stay_two(mentions: Mentions) -> None:
    found = {surface: name for (surface, _), (name, _) in zip(mentions, names(mentions), strict=True)}
    assert len(set(found.values())) == len(found)


def test_each_surname_goes_to_its_nearest_bearer_before() -> None:
    mentions = people("Clinton", "Bill Clinton", "Clinton", "Hillary Clinton", "Clinton", "Hillary", "Clinton")
    bill, hillary = "Bill Clinton", "Hillary Clinton"
    assert [name for name, _ in names(mentions)] == [bill, bill, bill, hillary, hillary, hillary, hillary]


def test_titles_tell_a_woman_from_a_man() -> None:
    mentions = people("Hillary Clinton", "Bill Clinton", "Clinton", "Mr. Clinton", "Clinton")
    found = find_names(mentions, {}, titles=[None, None, "Mrs", None, None])
    assert [name.canonical_name for name in found[2:]] == ["Hillary Clinton", "Bill Clinton", "Bill Clinton"]


def test_a_title_that_fits_nobody_is_somebody_else() -> None:
    found = find_names(people("Bill Clinton", "Clinton"), {}, titles=[None, "Mrs"])
    assert [name.canonical_name for name in found] == ["Bill Clinton", "Clinton"]


INTRODUCED = "Kurdistan Workers' Party (PKK) fought; the PKK said so. World Bank (Geneva) too."


def introduced(*surfaces: str) -> list[Name]:
    spans: list[Span] = []
    for surface in surfaces:
        start = INTRODUCED.index(surface, spans[-1].end if spans else 0)
        spans.append(Span(start, start + len(surface), "ORG"))
    return find_names(organisations(*surfaces), {}, introduced=find_introductions(INTRODUCED, spans))


def test_a_bracket_introduces_an_acronym_whatever_its_letters() -> None:
    full = "Kurdistan Workers' Party"
    assert [(name.canonical_name, name.method) for name in introduced(full, "PKK", "PKK")] == [
        (full, "own_name"),
        (full, "introduced"),
        (full, "introduced"),
    ]


def test_a_bracket_introduces_nothing_but_acronyms() -> None:
    assert [name.canonical_name for name in introduced("World Bank", "Geneva")] == ["World Bank", "Geneva"]


def test_names_that_are_kept_apart_are_never_joined() -> None:
    mentions = organisations("Google Holdings", "Google")
    assert len({name.entity_id for name in find_names(mentions, {})}) == 1
    apart = apart_of([("google", "google holdings")])
    assert len({name.entity_id for name in find_names(mentions, {}, apart=apart)}) == 2


def test_an_acronym_that_the_table_knows_needs_nobody_to_spell_it_out() -> None:
    mentions = [("the EU", "ORG"), ("U.S.", "GPE"), ("America", "GPE"), ("WHO", "ORG"), ("MBS", "PERSON")]
    assert names(mentions) == [
        ("European Union", "alias"),
        ("United States", "alias"),
        ("United States", "alias"),
        ("World Health Organization", "alias"),
        ("MBS", "own_name"),
    ]


def test_other_names_of_the_table_stay_as_the_article_has_them() -> None:
    mentions = [("Volodymyr Zelenskiy", "PERSON"), ("Hizbullah", "ORG"), ("Kiev", "GPE")]
    assert {method for _, method in names(mentions)} == {"own_name"}


def test_a_name_that_is_kept_apart_is_not_spelled_out() -> None:
    (found,) = find_names(organisations("EU"), load_aliases(), apart=apart_of([("eu", "european union")]))
    assert found.canonical_name == "EU"


def test_a_surname_is_kept_from_one_of_its_bearers() -> None:
    mentions = people("Ada Qwghlm", "Berta Qwghlm", "Qwghlm")
    apart = apart_of([("berta qwghlm", "qwghlm")])
    assert find_names(mentions, {})[2].canonical_name == "Berta Qwghlm"
    assert find_names(mentions, {}, apart=apart)[2].canonical_name == "Ada Qwghlm"


def test_a_looser_rule_scores_less() -> None:
    found = find_names(people("Rustem Umerov", "Rustan Umerov", "Umerov", "RUSTEM UMEROV"), {})
    own, slip, surname, same = (name.score for name in found)
    assert own == same == 1
    assert 0 < slip < surname < 1


def test_the_same_name_has_the_same_id_in_every_article() -> None:
    (first,) = find_names([("NATO", "ORG")], {})
    _, second = find_names([("Kyiv", "GPE"), ("NATO", "ORG")], {})
    assert first.entity_id == second.entity_id


def test_kinds_do_not_share_an_id() -> None:
    (person,) = find_names([("Jordan", "PERSON")], {})
    (place,) = find_names([("Jordan", "GPE")], {})
    assert person.entity_id != place.entity_id


def test_a_surname_taken_for_an_organisation_is_a_person() -> None:
    found = find_names([("Umerov", "ORG"), ("Umerov", "ORG"), ("Rustem Umerov", "PERSON")], {})
    assert {name.entity_id for name in found} == {find_names(people("Rustem Umerov"), {})[0].entity_id}


def test_a_person_is_no_short_form_of_a_firm() -> None:
    mentions = [("Donald Trump", "PERSON"), ("Trump", "ORG"), ("Trump", "PERSON"), ("Trump Organization", "ORG")]
    trump = "Donald Trump"
    assert [name for name, _ in names(mentions)] == [trump, trump, trump, "Trump Organization"]


def test_no_mention_gives_no_name() -> None:
    assert find_names([], {}) == []


@pytest.mark.parametrize(
    ("printed", "label", "canonical"),
    [
        ("KYIV", "GPE", "Kyiv"),
        ("NEW YORK", "GPE", "New York"),
        ("ST. PETERSBURG", "GPE", "St. Petersburg"),
        ("GULF OF ADEN", "LOC", "Gulf of Aden"),
        ("DUTCH", "NORP", "Dutch"),
        ("USSR", "GPE", "USSR"),
        ("UAE", "GPE", "United Arab Emirates"),
        ("UNESCO", "ORG", "UNESCO"),
    ],
)
def test_a_place_in_capitals_is_spelled_as_in_a_text(printed: str, label: str, canonical: str) -> None:
    (name,) = find_names([(printed, label)], load_aliases())
    assert name.canonical_name == canonical


@pytest.mark.parametrize("company", ["McDonald's", "Moody\u2019s", "Wendy's", "Macy's"])
def test_a_company_that_ends_as_a_possessive_is_nobodys(company: str) -> None:
    person = f"John {company[:-2]}"
    assert names([(person, "PERSON"), (company, "ORG")]) == [(person, "own_name"), (company, "own_name")]
    assert names([(person, "PERSON"), (company, "PERSON")]) == [(person, "own_name"), (person, "surname")]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("{0} Smith", id="a surname"),
        pytest.param("John {0}", id="a given name"),
        pytest.param("John {0} Smith", id="both"),
        pytest.param("John A{0}", id="a letter"),
        pytest.param("{0} Smith and Smith", id="each with the surname alone"),
    ],
)
def test_a_document_of_four_thousand_names_takes_its_time_only_once(row: str) -> None:
    syllables = ["ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "xu", "za"]
    made = ["".join(four).capitalize() for four in product(syllables, repeat=3)][:4000]
    surfaces = [name for one in made for name in row.format(one).split(" and ")]
    begin = process_time()
    assert len(find_names(people(*surfaces), {}, apart=apart_of([("smith", "ada smith")]))) == len(surfaces)
    # Each with each was 20 to 40 seconds.
    assert process_time() - begin < 3
