"""Real articles, damaged in every way that leaves nothing unsaid, are read as if they were not.

The articles are Wikinews' (`seeds/README.md`), every eighth of the seeds; the damage is the same at every run.
"""

from pathlib import Path

import pytest

from schemas.reasons import Flag
from tasks.reading.parsing import ParsedArticle
from tests.reading.damage import FLAGGED, HARMLESS
from tests.reading.dumps import only_article

SEEDS = sorted((Path(__file__).parents[2] / "seeds" / "raw" / "wikinews").glob("*.txt"))[::8]
ARTICLES = [pytest.param(path.read_text(encoding="utf-8"), id=path.stem[:10]) for path in SEEDS]
articles = pytest.mark.parametrize("dump", ARTICLES)
# What follows from a text itself, damaged or not.
OWN_FLAGS = {Flag.REPEATED_PARAGRAPHS, Flag.SHORT_BODY}


def assert_read_as(original: str, damaged: str | bytes, *flags: Flag) -> None:
    """The damaged dump gives the original's article, and just these flags more."""
    expected, article = only_article(original), only_article(damaged)
    assert article.text == expected.text
    assert (article.headline, article.standfirst) == (expected.headline, expected.standfirst)
    assert set(article.flags) - set(expected.flags) == set(flags)


@articles
@pytest.mark.parametrize("kind", HARMLESS)
def test_harmless_damage_leaves_no_trace(dump: str, kind: str) -> None:
    assert_read_as(dump, HARMLESS[kind](dump))


@articles
@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_every_form_of_unicode_is_read(dump: str, encoding: str) -> None:
    assert_read_as(dump, dump.encode(encoding))
    assert_read_as(dump, f"\r\n\t{dump}".encode(encoding))


@articles
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_western_bytes_are_read(dump: str, encoding: str) -> None:
    dump = dump.encode(encoding, "ignore").decode(encoding)
    assert_read_as(dump, dump.encode(encoding))


@articles
@pytest.mark.parametrize("kind", FLAGGED)
def test_repaired_damage_is_flagged(dump: str, kind: str) -> None:
    flag, damage = FLAGGED[kind]
    # Some with no accent of their own; and ftfy takes one letter for two of another language.
    dump = dump.replace("\u011f", "g") + " \u2019é\u201d"
    article = only_article(damage(dump))
    assert article.text == only_article(dump).text
    assert flag in article.flags


@articles
def test_a_character_that_lost_a_byte_takes_nothing_along(dump: str) -> None:
    words = f"{dump} \u2018Café\u2019 at last.".split()
    data = " ".join(words).replace(words[4], f"{words[4]}\nA", 1).encode()
    for at in [place for place, byte in enumerate(data) if byte > 0x7F][-9:]:
        article = only_article(data[:at] + data[at + 1 :])
        assert article.text.endswith("at last.")
        assert abs(len(article.text.split()) - len(words) + 1) <= 1
        assert article.flags


@articles
def test_one_line_of_windows_1252_among_utf_8_is_read_and_flagged(dump: str) -> None:
    line = "L\u2019été à Liège: \u201cdéjà vu\u201d \u2013 ça va."
    for at in range(1, dump.count("\n") + 2, 3):
        lines = [f"{dump}\nÀ midi, c\u2019est \u20ac 5."][0].split("\n")
        lines.insert(at, line)
        encoded = [text.encode("cp1252" if text == line else "utf-8") for text in lines]
        assert_read_as("\n".join(lines), b"\n".join(encoded), Flag.DAMAGED_BYTES)


def test_a_character_across_the_end_of_a_block_of_the_disk_is_whole() -> None:
    for short in range(4):
        start = f" date 2025-12-01 A\n{'word ' * 20_000}"[: 65_536 - short]
        article = only_article(f"{start}\u2019\U0001f600é end.")
        assert article.text.endswith("\u2019\U0001f600é end.")
        assert not set(article.flags) - OWN_FLAGS


def test_curly_quotes_and_dashes_stay_as_they_are() -> None:
    dump = " date 2025-12-01 \u201cA\u201d\n\u2018It\u2019s\u2019 \u2013 \u2014 \u2026 \u201eso\u201c \u00abhere\u00bb."
    assert isinstance(only_article(dump), ParsedArticle)
    assert only_article(dump).text == dump.removeprefix(" date 2025-12-01 ")
