"""Text as it is stored."""

import unicodedata

import pytest

from schemas.reasons import Flag
from tasks.reading.cleaning import clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        pytest.param("two  words\there\xa0and\u2009there ", "two words here and there", id="spaces"),
        pytest.param("  lines \n\tare  \n  trimmed", "lines\nare\ntrimmed", id="ends of lines"),
        pytest.param("Wanda Va\u0301zquez", "Wanda Vázquez", id="accents composed"),
        pytest.param("Genesenen\xad\xadnachweis", "Genesenennachweis", id="soft hyphens"),
        pytest.param("zero\u200bwidth\ufeff mark", "zerowidth mark", id="zero-width"),
        pytest.param(
            "it\u2019s \u201cquoted\u201d \u2013 here",
            "it\u2019s \u201cquoted\u201d \u2013 here",
            id="curly quotes stay",
        ),
        pytest.param(
            "👩\u200d👩\u200d👧 \U0001f3f3\ufe0f", "👩\u200d👩\u200d👧 \U0001f3f3\ufe0f", id="emoji stay whole"
        ),
        pytest.param("क्\u200dष नहीं", "क्\u200dष नहीं", id="joiners of Hindi stay"),
        pytest.param("La\u200dtin\u200c", "Latin", id="joiners in Latin go"),
        pytest.param(
            "stars: 2 * 3 ** 4, <SRD> and <IBM>, 5 < 6 > 4",
            "stars: 2 * 3 ** 4, <SRD> and <IBM>, 5 < 6 > 4",
            id="no mark-up",
        ),
        pytest.param("AT&T &c. ?a=1&copy=2", "AT&T &c. ?a=1&copy=2", id="ampersands"),
    ],
)
def test_cleaning_keeps_the_words_and_flags_nothing(raw: str, clean: str) -> None:
    cleaned = clean_text(raw)
    assert (cleaned.text, cleaned.flags) == (clean, frozenset())


@pytest.mark.parametrize(
    ("raw", "clean", "flag"),
    [
        pytest.param("itâ€™s â€œquotedâ€\x9d", "it\u2019s \u201cquoted\u201d", Flag.MOJIBAKE_REPAIRED, id="cp1252"),
        pytest.param("CafÃ© MÃ¼ller", "Café Müller", Flag.MOJIBAKE_REPAIRED, id="latin-1"),
        pytest.param("a\u202eb\u202cc\x00d\x1b", "abcd", Flag.CONTROL_CHARACTERS_DROPPED, id="bidi and controls"),
        pytest.param("caf\udce9", "café", Flag.DAMAGED_BYTES, id="a stray byte alone in its text"),
        pytest.param("<p>One.</p><p class='x'>Two.</p>", "\nOne.\n\nTwo.\n", Flag.MARKUP_REMOVED, id="tags"),
        pytest.param(
            "Smith &amp; Sons &#8217; &#x2019; &nbsp;x",
            "Smith & Sons \u2019 \u2019 x",
            Flag.MARKUP_REMOVED,
            id="references",
        ),
        pytest.param("&amp;amp;quot;Hi&amp;quot;", '"Hi"', Flag.MARKUP_REMOVED, id="escaped twice"),
        pytest.param("&lt;b&gt;bold&lt;/b&gt;", "bold", Flag.MARKUP_REMOVED, id="escaped tags"),
        pytest.param(
            "a<script>if (a<b) alert('</p>')</script>b<!-- c -->d", "abd", Flag.MARKUP_REMOVED, id="script, comment"
        ),
        pytest.param("a<br/>b<IMG SRC=x>c", "a\nbc", Flag.MARKUP_REMOVED, id="empty elements"),
        pytest.param(
            "<person>Ann</person> of <IBM>", "Ann of <IBM>", Flag.MARKUP_REMOVED, id="news XML beside a ticker"
        ),
        pytest.param(
            "a&#10;b&#x2028;c&shy;d&zwnj;", "a b cd", Flag.MARKUP_REMOVED, id="references to what cannot be seen"
        ),
        pytest.param(
            "## Head\nMr **Baines** said:\n- one\n* two",
            "Head\nMr Baines said:\none\ntwo",
            Flag.MARKUP_REMOVED,
            id="Markdown",
        ),
    ],
)
def test_damage_is_repaired_and_flagged(raw: str, clean: str, flag: Flag) -> None:
    cleaned = clean_text(raw)
    assert cleaned.text == clean
    assert cleaned.flags == frozenset({flag})


@pytest.mark.parametrize(
    "raw",
    ["SÃO PAULO, BRASÍLIA", "L\u2019été à Liège: « déjà »", "Ærø, Øresund, Åland", "Straße über Köln", "Việt Nam"],
)
def test_text_in_other_languages_is_no_mojibake(raw: str) -> None:
    assert clean_text(raw).text == raw


def test_a_letter_keeps_at_most_thirty_marks() -> None:
    cleaned = clean_text("a" + "\u0316\u0301" * 100_000).text
    assert len(cleaned) <= 31
    assert unicodedata.is_normalized("NFC", cleaned)


def test_a_number_of_a_million_digits_is_no_reference() -> None:
    assert clean_text("&#" + "9" * 1_000_000 + ";").text.startswith("&#999")


def test_what_colours_a_terminal_goes_whole() -> None:
    cleaned = clean_text("\x1b[1;31mFlood\x1b[0m in Leeds \x1b and more")
    assert cleaned.text == "Flood in Leeds and more"
    assert Flag.CONTROL_CHARACTERS_DROPPED in cleaned.flags
