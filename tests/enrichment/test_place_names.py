"""Spellings of one name meet under one key."""

import pytest

from tasks.enrichment.gazetteer.place_names import find_spellings, is_latin, key_of, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São Paulo", "Sao Paulo"),
        ("Côte d\u2019Ivoire", "Cote d'Ivoire"),
        ("KYIV", "Kyiv"),
        ("New\u00a0 York", "New York"),
    ],
)
def test_accents_quotes_and_case_make_no_difference(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_a_postal_code_is_not_the_word_of_the_same_letters() -> None:
    assert key_of("OR") != key_of("or")


@pytest.mark.parametrize(
    ("surface", "spelling"),
    [
        ("the Netherlands", "Netherlands"),
        ("northern Iraq", "Iraq"),
        ("south-eastern Ukraine", "Ukraine"),
        ("city of Dnipro", "Dnipro"),
        ("Kharkiv region", "Kharkiv"),
        ("St. Petersburg", "Saint Petersburg"),
        ("Ft. Worth", "Fort Worth"),
        ("Metro Vancouver", "Vancouver"),
        ("Village of Glen Carbon", "Glen Carbon"),
        ("Madison Twp.", "Madison"),
        ("Loudon Co.", "Loudon"),
        ("Seoul City Hall", "Seoul"),
        ("N. Dallas", "Dallas"),
    ],
)
def test_looser_spellings_follow_the_exact_one(surface: str, spelling: str) -> None:
    spellings = list(find_spellings(surface))
    assert spellings[0] == surface
    assert spelling in spellings


def test_the_latin_alphabet_has_accents() -> None:
    assert is_latin("Łódź")
    assert not is_latin("Київ")
