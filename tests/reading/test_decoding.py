# ruff: noqa: RUF001 - other scripts look like Latin to it
"""Bytes in any encoding to text, or a refusal."""

import pytest

from schemas.reasons import Flag, Reason
from tasks.reading.decoding import clean_stray_bytes, decode, unify_line_ends
from tasks.reading.refusals import WholeRefusal
from tests.reading.dumps import DUMP, only_article

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
        pytest.param(
            " date 2025-12-01 Москва\nВ Москве открылась новая станция метро.".encode("cp1251"),
            Reason.UNDECODABLE,
            id="Cyrillic in 8 bits",
        ),
        pytest.param(
            " date 2025-12-01 東京\n東京で新しい駅が開業しました。多くの人が訪れた。".encode("shift-jis"),
            Reason.UNDECODABLE,
            id="Japanese in Shift-JIS",
        ),
    ],
)
def test_what_is_not_text_is_refused_whole(data: bytes, reason: Reason) -> None:
    decoded = decode(data)
    assert isinstance(decoded, WholeRefusal)
    assert decoded.reason is reason


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_line_end_is_one(end: str) -> None:
    assert unify_line_ends(f"a{end}b") == "a\nb"
    assert only_article(DUMP.replace("\n", end)).text == only_article(DUMP).text


def test_mixed_line_ends_are_each_one() -> None:
    assert unify_line_ends("a\r\nb\rc\nd\n\re") == "a\nb\nc\nd\n\ne"
