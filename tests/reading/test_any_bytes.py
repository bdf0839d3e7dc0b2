# ruff: noqa: RUF001 - other scripts look like Latin to it
"""Whatever the bytes are: outcomes add up, the promises about text hold, nothing is raised, time is linear."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.reading.parsing import BlockRefusal, FileReading, ParsedArticle
from tests.reading.dumps import DUMP, HEADER, read

# What damage is made of, so that random joins of it meet every branch.
PIECES = [
    HEADER,
    "\n",
    "\r\n",
    " date 2025-12-01",
    " date 2025-13-40 X",
    "Date: ",
    "date ",
    " date unknown X\n",
    "\n\n",
    "\ufeff",
    "The bridge was closed. ",
    "<p>",
    "</p>",
    "<",
    ">",
    "&amp;",
    "&#0;",
    "&#x2028;",
    "&lt;",
    "<!--",
    "-->",
    "<script>",
    "**",
    "# ",
    "- ",
    "\u200b",
    "\u202e",
    "\xad",
    "\u2028",
    "\x00",
    "\x85",
    "\xa0",
    "\u0301",
    "e",
    "â€™",
    "Ã©",
    "é",
    "\u200d",
    "😀",
    "By Jane Doe\n",
    "KYIV, Dec 1 (Reuters) - ",
    "imme-\n",
    "diately ",
    "a" * 80,
    "１２",
    "-",
    ".",
    '"',
    "क्",
    "ß",
    "\t",
]
STRAY = [b"\xe9", b"\xe2\x80", b"\xff", b"\x80", b"\xed\xa0\x80", b"\xf0\x9f"]
PARTS = st.sampled_from([*(piece.encode() for piece in PIECES), *STRAY])
DAMAGED = st.lists(PARTS, max_size=40).map(b"".join)
INVISIBLE = {"Cc", "Cs"}


def assert_promises(reading: FileReading) -> None:
    """What holds for every reading."""
    assert (reading.refusal is None) == bool(reading.blocks)
    assert [block.position_in_file for block in reading.blocks] == list(range(1, len(reading.blocks) + 1))
    for block in reading.blocks:
        if isinstance(block, BlockRefusal):
            assert block.detail is None or block.detail.isprintable() or "\n" not in block.detail
        else:
            assert_promises_of(block)


def assert_promises_of(article: ParsedArticle) -> None:
    """What holds for every article."""
    standfirst = [] if article.standfirst is None else [article.standfirst]
    lines = [article.headline, *standfirst, *article.paragraphs]
    assert article.paragraphs
    assert article.text == "\n".join(lines)
    assert all(line and line == line.strip(" ") and "\n" not in line and "  " not in line for line in lines)
    assert unicodedata.is_normalized("NFC", article.text)
    assert not {unicodedata.category(character) for character in set(article.text) - {"\n"}} & INVISIBLE
    assert article.text.encode()
    assert article.word_count == len(article.text.split())
    assert (article.language is None) == (article.language_confidence is None)
    assert len(set(article.flags)) == len(article.flags)


@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
@example(b"date")
def test_random_bytes(data: bytes) -> None:
    assert_promises(read(data))


@given(DAMAGED)
def test_damage_of_every_kind_in_any_order(data: bytes) -> None:
    assert_promises(read(data))
    assert read(data) == read(data)


@given(DAMAGED, st.sampled_from(["utf-16", "utf-16-be", "utf-32", "cp1252", "latin-1"]))
def test_damage_in_other_encodings(data: bytes, encoding: str) -> None:
    assert_promises(read(data.decode("utf-8", "ignore").encode(encoding, "ignore")))


@given(st.lists(st.sampled_from(["2025-12-01 One", "2025-13-40 Two", "unknown Three"]), min_size=2, max_size=8))
def test_every_header_is_one_block(headers: list[str]) -> None:
    dump = "\n".join(f" date {header}\nThe bridge was closed on Monday after heavy rain." for header in headers)
    assert len(read(dump).blocks) == len(headers)


@given(st.text(max_size=200))
def test_text_behind_a_good_header_is_kept_or_refused_whole(text: str) -> None:
    assert_promises(read(f"{DUMP}\n{text}".encode("utf-8", "replace")))


@pytest.mark.parametrize(
    "unit",
    [
        "The mayor said on Monday that the bridge would stay closed. ",
        "One line.\n",
        "<p ",
        "<!-- ",
        "<script>",
        "&amp;",
        "** a",
        "# a\n",
        "date\n",
        "date 2025-12-01 A ",
        "x. date 2025-12-01 A ",
        " date 2025-12-01 A\nB\n",
        "\n",
        " ",
        "\u0301\u0316",
        "\U0001d165\U0001d16d",
        "â€™ ",
        "abc-\n",
        "AB, CD ",
        "\x85",
        "\u200d",
        "1-",
        '"',
    ],
)
def test_no_text_takes_the_square_of_its_size(unit: str) -> None:
    text = f"{HEADER}\n{unit * (400_000 // len(unit.encode()))}"
    # A tenth of a second where the cost is the size's; its square is minutes, so a busy machine does not matter.
    assert seconds(text.encode()) < 10


def seconds(data: bytes) -> float:
    """CPU time that reading takes."""
    start = time.process_time()
    read(data)
    return time.process_time() - start
