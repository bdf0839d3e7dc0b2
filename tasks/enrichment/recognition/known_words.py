"""The words of a text, and those of them that the reference tables hold: the rules look no further for most texts."""

from functools import cache, lru_cache
from typing import NamedTuple

from tasks.enrichment.reference import load_words

# Each text is asked about before the model reads it, and by several rules when it is read; the model reads ahead.
TEXTS_KEPT = 64
# No article is longer; the words of those kept have some megabytes in all.
LONGEST_KEPT_CHARS = 50_000
# Shorter names are printed in capitals: "NATO", "Yahoo", but "UN".
SHORTEST_KNOWN = 4
ABBREVIATED = frozenset(
    ["fc", "cf", "afc", "sc", "ac", "as", "qpr", "psg", "psv", "rb", "cp", "vfl", "aek", "cska", "la", "amg"]
)


class Words(NamedTuple):
    """What stands between the spaces of a text, each once; and what of it is known."""

    told: frozenset[str]
    of_sport: frozenset[str]
    given_names: frozenset[str]
    organisations: frozenset[str]
    nicknames: frozenset[str]


def words_of(text: str) -> Words:
    """The words of a text."""
    return find_words(text) if len(text) <= LONGEST_KEPT_CHARS else find_words.__wrapped__(text)


@lru_cache(TEXTS_KEPT)
def find_words(text: str) -> Words:
    """The words of a text, kept for the rule that asks next."""
    told = frozenset(text.split())
    # Once through all words; few are left for the tables.
    known = told & known_words()
    return Words(told, known & sport_words(), known & given_names(), known & known_organisations(), known & nicknames())


@cache
def known_words() -> frozenset[str]:
    """The words of all tables that single words are looked up in."""
    return sport_words() | given_names() | known_organisations() | nicknames()


@cache
def sport_words() -> frozenset[str]:
    """The words of sport, also in capitals, as headlines and tables print them."""
    words = load_words("sport")
    return words | {word.upper() for word in words} | {word.capitalize() for word in words}


@cache
def given_names() -> frozenset[str]:
    """Given names as printed; those that are words or places too are left out."""
    return frozenset(name.capitalize() for name in load_words("given_name") if len(name) >= SHORTEST_KNOWN)


@cache
def known_organisations() -> frozenset[str]:
    """Organisations of one word that nothing else is called, as printed."""
    names = load_words("organisation") - load_words("also_word")
    single = [name for name in names if " " not in name]
    return frozenset(name.upper() if len(name) < SHORTEST_KNOWN else name.capitalize() for name in single)


@cache
def nicknames() -> frozenset[str]:
    """Nicknames of one word as printed; those that end a club's name are found with it."""
    single = load_words("team") - load_words("club_end")
    return frozenset(printed(name) for name in single if " " not in name)


def printed(name: str) -> str:
    """A name of the table with its capitals."""
    words = (word.upper() if word in ABBREVIATED else word[:1].upper() + word[1:] for word in name.split(" "))
    return " ".join(words)
