"""Titles before people's names: "Sir", "Prime Minister", "Lt. Gen."; never part of a name, kept beside it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tasks.enrichment.reference import NAMES_KEPT, load_words

LONGEST_TITLE_CHARS = 80
LONGEST_TITLE_WORDS = 8
WORD = re.compile(r"\S+")
HYPHEN = re.compile(r"[-\u2010\u2011]")
# "Governor-elect", "Editor-in-Chief".
PARTS_OF_TITLE = frozenset(["elect", "designate", "general", "in"])


@lru_cache(NAMES_KEPT)
def title_length(name: str) -> int:
    """How many characters at the start of the name are titles and the space behind them; a name always remains."""
    first, _, rest = name.partition(" ")
    if not rest or not (is_head(first) or is_rank(first)):
        return 0
    words = list(WORD.finditer(name))[: LONGEST_TITLE_WORDS + 1]
    for count in range(len(words) - 1, 0, -1):
        if is_title([word[0] for word in words[:count]]):
            return words[count].start()
    return 0


def title_before(text: str, start: int) -> str | None:
    """The titles directly before the name at `start`, the longest run: "Prime Minister" before "Keir Starmer"."""
    if text[start - 1 : start] != " ":
        return None
    word_start = max(text.rfind(" ", 0, start - 1), text.rfind("\n", 0, start - 1)) + 1
    word = text[word_start : start - 1]
    if not word or not (
        is_head(word) or (word[0].isupper() and word.isalpha() and text.endswith(" of ", 0, word_start))
    ):
        return None
    before = text[max(0, start - LONGEST_TITLE_CHARS) : start]
    line = before[before.rfind("\n") + 1 :]
    words = list(WORD.finditer(line))[-LONGEST_TITLE_WORDS:]
    for at in range(len(words)):
        if is_title([word[0] for word in words[at:]]):
            return line[words[at].start() :].rstrip()
    return None


def is_title(words: Sequence[str]) -> bool:
    """Whether the words are titles from first to last: "Lt. Gen.", "Deputy Prime Minister", "Secretary of State"."""
    has_office = len(words) > 2 and words[-2] == "of" and words[-1][0].isupper() and is_office(words[-3])
    own = words[:-2] if has_office else words
    return is_head(own[-1]) and all(is_head(word) or is_rank(word) for word in own[:-1])


@lru_cache(NAMES_KEPT)
def is_head(word: str) -> bool:
    """Whether the word can stand directly before a name: "Sir"; only an office may be in lower case."""
    if is_office(word):
        return True
    return word[0].isupper() and word.rstrip(".").casefold() in load_words("title")


@lru_cache(NAMES_KEPT)
def is_office(word: str) -> bool:
    """Whether the word is an office, such as "president", "Vice-President", "Governor-elect"."""
    word = word.rstrip(".").casefold()
    offices = load_words("office")
    parts = HYPHEN.split(word)
    if len(parts) == 1:
        return word in offices
    return not offices.isdisjoint(parts) and all(
        part in offices or part in load_words("rank") or part in PARTS_OF_TITLE for part in parts
    )


@lru_cache(NAMES_KEPT)
def is_rank(word: str) -> bool:
    """Whether the word goes with a title: "Prime", "Deputy", "Lt."."""
    return word.rstrip(".").casefold() in load_words("rank")


def is_part_of_title(text: str, start: int, end: int) -> bool:
    """Whether a word that goes with titles does so here: "Commerce" before "Secretary", "State" behind it."""
    if text.startswith(" ", end):
        word_end = text.find(" ", end + 1)
        if is_office(text[end + 1 : word_end if word_end > 0 else None].strip("\n") or "-"):
            return True
    before = text[max(0, start - 20) : start]
    return before.endswith(" of ") and is_office(before[:-4].rsplit(" ", 1)[-1] or "-")
