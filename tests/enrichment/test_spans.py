"""Spans end where the name ends."""

import pytest

from tasks.enrichment.spans import Span, clean_spans


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
        pytest.param("Bank (UK)", "ORG", "Bank (UK)", id="bracket closed inside"),
        pytest.param("Kyiv)", "GPE", "Kyiv", id="bracket of the sentence"),
        pytest.param("BRUSSELS 1996-08-31", "GPE", "BRUSSELS", id="date of a wire header"),
        pytest.param("G. Kersey 63", "PERSON", "G. Kersey", id="score"),
        pytest.param("Boeing 747", "PRODUCT", "Boeing 747", id="number that is part of a product"),
        pytest.param("WHO", "ORG", "WHO", id="capitals are no pronoun"),
    ],
)
def test_what_surrounds_a_name_is_cut_off(marked: str, label: str, name: str) -> None:
    assert surfaces(marked, label) == [name]


@pytest.mark.parametrize("noise", ["Monday", "'s", "he", "www.example.org", "a@b.org", "\u2014", "x" * 5, "the", "12"])
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
