# ruff: noqa: RUF001 - other scripts look like Latin to it
"""Whatever the bytes are: outcomes add up, the promises about text hold, nothing is raised, time is linear."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.reading.dumps import DUMP, HEADER, read
from tests.reading.promises import assert_nothing_is_lost, assert_promises

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
    "=\n",
    "=E2=80=99",
    "\x1e",
    "=",
    " date 2025-12-01 A date 2025-12-02 B\n",
    "date 2025-12-01",
    "\u2066",
    "<br>",
    "10:15 GMT+1 ",
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


@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
@example(b"date")
def test_random_bytes(data: bytes) -> None:
    assert_promises(read(data))
    assert_nothing_is_lost(data, day_first=None)


@given(DAMAGED)
def test_damage_of_every_kind_in_any_order(data: bytes) -> None:
    assert_promises(read(data))
    assert_nothing_is_lost(data, day_first=True)
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
        "x\ndate 2025-12-01\n",
        "<p>date 2025-12-01 A",
        "<t> date 2025-12-01 A",
        "=\n",
        "d\u200bate ",
        "d\u200b",
        "  x\n",
        "\x1e",
        "\u1ea0 date 2025-12-01 A",
    ],
)
def test_no_text_takes_the_square_of_its_size(unit: str) -> None:
    text = f"{HEADER}\n{unit * (400_000 // len(unit.encode()))}"
    # A tenth of a second where the cost is the size's; its square is minutes, so a busy machine does not matter.
    assert seconds(text.encode()) < 10


@pytest.mark.parametrize(
    "unit", [b"\xe9", b"\xe9 ", b"\xe2\x80 ", b"\xc3\xa9 \xe9\n", b"\xb3\xf3d\xbc \xb3\xb1ka\n", b"\x80\xff\n"]
)
def test_no_bytes_take_the_square_of_their_number(unit: bytes) -> None:
    assert seconds(f"{HEADER}\n".encode() + unit * (400_000 // len(unit))) < 10


def seconds(data: bytes) -> float:
    """CPU time that reading takes."""
    start = time.process_time()
    read(data)
    return time.process_time() - start
