"""Spans end where the name ends."""

import pytest

from tasks.enrichment.recognition.spans import Span, clean_spans


def surfaces(text: str, label: str, marked: str | None = None) -> list[str]:
    start = text.index(marked or text)
    spans = clean_spans(text, [Span(start, start + len(marked or text), label)])
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("marked", "label", "name"),
    [
        pytest.param("Russia's", "GPE", "Russia", id="possessive"),
        pytest.param("Russia\u2019s", "GPE", "Russia", id="curly possessive"),
        pytest.param("Reuters'", "ORG", "Reuters", id="possessive of a plural"),
        pytest.param("McDonald's", "ORG", "McDonald's", id="a company named as a possessive"),
        pytest.param("the Financial Times", "ORG", "Financial Times", id="article"),
        pytest.param("The Hague", "GPE", "The Hague", id="article that is part of the name"),
        pytest.param("The Who", "WORK_OF_ART", "The Who", id="article of a title"),
        pytest.param("\u201cKyiv\u201d,", "GPE", "Kyiv", id="curly quotes and comma"),
        pytest.param(" \u2014Kyiv ", "GPE", "Kyiv", id="dash and spaces"),
        pytest.param("U.S.", "GPE", "U.S.", id="the point of an abbreviation stays"),
        pytest.param("Bank (of Kent) Trust", "ORG", "Bank (of Kent) Trust", id="bracket closed inside"),
        pytest.param("Kyiv)", "GPE", "Kyiv", id="bracket of the sentence"),
        pytest.param("BRUSSELS 1996-08-31", "GPE", "BRUSSELS", id="date of a wire header"),
        pytest.param("G. Kersey 63", "PERSON", "G. Kersey", id="score"),
        pytest.param("Boeing 747", "PRODUCT", "Boeing 747", id="number that is part of a product"),
        pytest.param("WHO", "ORG", "WHO", id="capitals are no pronoun"),
        pytest.param("Luton airport", "FAC", "Luton", id="words in lower case behind"),
        pytest.param("central Leeds", "GPE", "Leeds", id="words in lower case before"),
        pytest.param("van der Berg", "PERSON", "van der Berg", id="particles of a family name"),
        pytest.param("Sir Keir Starmer", "PERSON", "Keir Starmer", id="title"),
        pytest.param("Lt. Gen. Ada Moss", "PERSON", "Ada Moss", id="two titles"),
        pytest.param("Secretary of State Ada Moss", "PERSON", "Ada Moss", id="an office with of"),
        pytest.param("King", "PERSON", "King", id="a title alone may be a name"),
        pytest.param("Members of Leeds Council", "ORG", "Leeds Council", id="people of an organisation"),
        pytest.param("\u2588\u2588\u00a0Green Party", "ORG", "Green Party", id="blocks of a chart"),
        pytest.param("Emmanuel Macron \U0001f468\u200d\U0001f469\ufe0f", "PERSON", "Emmanuel Macron", id="emoji"),
        pytest.param("Leeds\U0001f600", "GPE", "Leeds", id="an emoji that touches"),
        pytest.param("\ufeffLeeds\U0001f1eb\U0001f1f7", "GPE", "Leeds", id="byte order mark and flag"),
        pytest.param("Jos\u00e9 Mene\u0301", "PERSON", "Jos\u00e9 Mene\u0301", id="an accent of its own stays"),
    ],
)
def test_what_surrounds_a_name_is_cut_off(marked: str, label: str, name: str) -> None:
    assert surfaces(marked, label) == [name]


@pytest.mark.parametrize(
    ("marked", "label", "names"),
    [
        pytest.param("SOCCER - LEEDS", "ORG", ["SOCCER", "LEEDS"], id="dash between spaces"),
        pytest.param("Lear / Magna", "ORG", ["Lear", "Magna"], id="slash"),
        pytest.param("LEEDS/PARIS", "GPE", ["LEEDS", "PARIS"], id="two towns of a dateline"),
        pytest.param("Ada Moss (Kenya", "PERSON", ["Ada Moss", "Kenya"], id="open bracket"),
        pytest.param("Green Party (GP)", "ORG", ["Green Party", "GP"], id="acronym in brackets"),
        pytest.param("Ada Moss and Bo Lund", "PERSON", ["Ada Moss", "Bo Lund"], id="people and people"),
        pytest.param("Moss, Lund", "PERSON", ["Moss", "Lund"], id="people in a list"),
        pytest.param("Bo Lund, Jr.", "PERSON", ["Bo Lund, Jr."], id="junior"),
        pytest.param("Kenya's Ada Moss", "PERSON", ["Kenya", "Ada Moss"], id="owner of a person"),
        pytest.param("Moss b Lund", "PERSON", ["Moss", "Lund"], id="a word in lower case"),
        pytest.param("Windsor, Vermont", "GPE", ["Windsor", "Vermont"], id="a town in its state"),
        pytest.param("Lear, Magna Motors", "ORG", ["Lear", "Magna Motors"], id="two companies"),
        pytest.param("Lear, Inc.", "ORG", ["Lear, Inc."], id="form of a company"),
        pytest.param("Bodman, Moss & Lund", "ORG", ["Bodman, Moss & Lund"], id="a company of partners"),
        pytest.param("Moss Sports. Leeds", "ORG", ["Moss Sports", "Leeds"], id="a sentence ends"),
        pytest.param("St. Louis", "GPE", ["St. Louis"], id="an abbreviation ends no sentence"),
        pytest.param("Leeds 2 York 1", "ORG", ["Leeds", "York 1"], id="a result"),
        pytest.param("Ministry of Health and Sport", "ORG", ["Ministry of Health and Sport"], id="and inside"),
    ],
)
def test_two_names_in_one_stretch_are_cut_apart(marked: str, label: str, names: list[str]) -> None:
    assert surfaces(marked, label) == names


@pytest.mark.parametrize(
    "noise", ["CEO", "UTC", "Monday", "'s", "he", "www.example.org", "a@b.org", "\u2014", "x" * 5, "the", "12"]
)
def test_what_names_nothing_is_dropped(noise: str) -> None:
    assert surfaces(noise, "ORG") == []


@pytest.mark.parametrize("label", ["DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL", "MISC"])
def test_numbers_and_times_are_no_names(label: str) -> None:
    assert surfaces("December", label) == []


def test_a_headline_and_the_next_line_are_not_one_name() -> None:
    assert surfaces("Talks in Kyiv\nNATO said", "ORG", "Kyiv\nNATO") == ["Kyiv", "NATO"]


def test_overlapping_spans_leave_the_first() -> None:
    assert clean_spans("New York City", [Span(0, 8, "GPE"), Span(4, 13, "GPE")]) == [Span(0, 8, "GPE")]


def test_labels_of_other_corpora_are_translated() -> None:
    assert clean_spans("Angela Merkel", [Span(0, 13, "PER")]) == [Span(0, 13, "PERSON")]
