"""Bytes in any encoding to text, or a refusal."""

import pytest

from schemas.reasons import Flag, Reason
from tasks.reading.decoding import clean_stray_bytes, decode, unify_line_ends
from tasks.reading.parsing import ParsedArticle
from tasks.reading.refusals import WholeRefusal
from tests.reading.dumps import BODY, DUMP, only_article, read

CURLY = (
    " date 2025-12-01 Café \u201copens\u201d in Liège\n"
    "The mayor\u2019s café opened \u2013 at last \u2013 on Monday in Liège, after long works on the house."
)
PLAIN = "Café \u201copens\u201d in Liège"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_is_read_in_any_of_the_usual_encodings(encoding: str) -> None:
    article = only_article(CURLY.encode(encoding))
    assert article.text == f"{PLAIN}\n{CURLY.split(chr(10))[1]}"
    assert article.flags == ()


def test_latin_1_is_read() -> None:
    assert (
        only_article(
            " date 2025-12-01 Café in Liège\nDéjà vu à la préfecture, où l'été commence.".encode("latin-1")
        ).headline
        == "Café in Liège"
    )


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_cut_inside_a_character_keeps_the_rest_and_is_flagged(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    article = only_article(mark + DUMP.encode(encoding)[:-1])
    assert article.headline == "Flood closes bridge in Leeds"
    assert article.flags == (Flag.DAMAGED_BYTES,)


def test_a_windows_1252_line_in_a_utf_8_file_is_read_as_such() -> None:
    dump = (
        " date 2025-12-01 Café\nLe café ouvre à midi.\n".encode()
        + "L\u2019été à Liège.\n".encode("cp1252")
        + "Déjà vu.".encode()
    )
    article = only_article(dump)
    assert article.paragraphs == ("Le café ouvre à midi.", "L\u2019été à Liège.", "Déjà vu.")
    assert article.flags == (Flag.DAMAGED_BYTES, Flag.SHORT_BODY)


def test_a_cut_character_becomes_a_replacement_mark() -> None:
    text, damaged = clean_stray_bytes("Café à la carte".encode()[:7].decode("utf-8", "surrogateescape"))
    assert (text, damaged) == ("Café \ufffd", True)


def test_nul_bytes_among_good_text_are_dropped() -> None:
    article = only_article(DUMP.replace("rain", "ra\0in"))
    assert "heavy rain." in article.text
    assert Flag.CONTROL_CHARACTERS_DROPPED in article.flags


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", Reason.EMPTY, id="nothing"),
        pytest.param(b"\xef\xbb\xbf", Reason.EMPTY, id="only a byte order mark"),
        pytest.param(b"\xff\xfe", Reason.EMPTY, id="only a UTF-16 mark"),
        pytest.param(b" \r\n\t\n", Reason.EMPTY, id="only white space"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(500), Reason.BINARY, id="a picture"),
        pytest.param(b"PK\x03\x04" + bytes(500), Reason.BINARY, id="a zip archive"),
        pytest.param(b"%PDF-1.7\nhello", Reason.BINARY, id="a PDF"),
        pytest.param(DUMP.encode() + bytes(range(256)) * 12, Reason.BINARY, id="text with binary after it"),
        pytest.param(DUMP.encode() + bytes(4096), Reason.BINARY, id="text with a block of NULs after it"),
        pytest.param(b"\xff\xfe" + bytes(range(256)) * 2 + bytes(100), Reason.BINARY, id="only looks like UTF-16"),
    ],
)
def test_what_is_not_text_is_refused_whole(data: bytes, reason: Reason) -> None:
    decoded = decode(data)
    assert isinstance(decoded, WholeRefusal)
    assert decoded.reason is reason


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_inside_its_last_character_keeps_the_rest(cut: int) -> None:
    article = only_article((DUMP + "\nHe said: \u2018Café\u2019").encode()[:-cut])
    assert article.paragraphs[-1] == "He said: \u2018Café\ufffd"
    assert Flag.DAMAGED_BYTES in article.flags


def test_latin_1_that_ends_in_an_accent_is_not_cut() -> None:
    assert only_article((DUMP + "\nHe went to the café").encode("latin-1")).paragraphs[-1].endswith("café")


@pytest.mark.parametrize(
    "utf_8",
    [
        pytest.param(" date 2025-12-01 Café closes\n", id="in the headline"),
        pytest.param("Le café ouvre à midi.\n", id="in another article"),
    ],
)
def test_a_windows_1252_line_is_flagged_wherever_the_utf_8_stands(utf_8: str) -> None:
    article = f"{utf_8}{BODY}\n".encode() if utf_8.startswith(" date") else f"{DUMP}\n{utf_8}{DUMP}\n".encode()
    reading = read(article + "The mayor\u2019s house.".encode("cp1252"))
    last = reading.blocks[-1]
    assert isinstance(last, ParsedArticle)
    assert last.paragraphs[-1] == "The mayor\u2019s house."
    assert Flag.DAMAGED_BYTES in last.flags


def test_two_windows_1252_letters_that_look_like_one_of_utf_8_stay_two() -> None:
    article = only_article(" date 2025-12-01 La «LIBERTÉ» perdue\nLe mot «ÉTÉ» aussi, dit-il à midi.".encode("cp1252"))
    assert article.text == "La «LIBERTÉ» perdue\nLe mot «ÉTÉ» aussi, dit-il à midi."


def test_next_line_characters_end_lines_where_nothing_else_does() -> None:
    assert only_article(DUMP.replace("\n", "\x85")).text == only_article(DUMP).text
    assert only_article(f"{DUMP} And\x85 so on.").paragraphs[-1].endswith("And\u2026 so on.")


QUOTED_PRINTABLE = b""" date 2025-12-01 Flood closes bridge =
in Leeds
The mayor=E2=80=99s bridge was closed on Monday after two days of =
heavy rain.
It will open again on Friday =E2=80=93 at last.
"""


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_wrapped_for_mail_are_put_together(end: bytes) -> None:
    article = only_article(QUOTED_PRINTABLE.replace(b"\n", end))
    assert article.headline == "Flood closes bridge in Leeds"
    assert article.paragraphs[0] == "The mayor\u2019s bridge was closed on Monday after two days of heavy rain."
    assert article.paragraphs[1] == "It will open again on Friday \u2013 at last."


@pytest.mark.parametrize("line", ["=====", "a = b", "x=1&y=2", "=E9"])
def test_equals_signs_alone_are_no_wrapping_for_mail(line: str) -> None:
    assert line in only_article(f"{DUMP}\nOne =\n{line}\nTwo more words here =\n=").paragraphs


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_line_end_is_one(end: str) -> None:
    assert unify_line_ends(f"a{end}b") == "a\nb"
    assert only_article(DUMP.replace("\n", end)).text == only_article(DUMP).text


def test_mixed_line_ends_are_each_one() -> None:
    assert unify_line_ends("a\r\nb\rc\nd\n\re") == "a\nb\nc\nd\n\ne"
