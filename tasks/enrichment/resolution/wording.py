"""What the words around a place name say: the kind of place it is, the place it lies in, the country of the article."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tasks.enrichment.gazetteer.lookup import TOWNS
from tasks.enrichment.recognition.known_words import words_of
from tasks.enrichment.reference import NAMES_KEPT, load_rows
from tasks.enrichment.resolution.priors import DIVISIONS
from tasks.enrichment.resolution.senses import NO_KINDS

TOWN_WORDS = frozenset(["city", "town", "village", "port", "capital", "suburb", "resort", "hamlet", "borough"])
DIVISION_WORDS = frozenset(
    ["state", "province", "region", "oblast", "county", "district", "prefecture", "governorate", "voivodeship", "raion"]
)
COUNTRY_WORDS = frozenset(["country", "nation", "republic", "kingdom"])
DIVISION_WORD = re.compile(rf" (?:{'|'.join(sorted(DIVISION_WORDS))})$", re.IGNORECASE)
DIVISION_WORD_AFTER = re.compile(rf"[\s-]+(?:{'|'.join(sorted(DIVISION_WORDS))})\b")
KIND_WORDS = "|".join(sorted(TOWN_WORDS | DIVISION_WORDS | COUNTRY_WORDS))
# "Georgia, the former Soviet republic, ..."; "Moscow, the country's capital" says nothing of a country.
APPOSITION = re.compile(
    rf", (?:an?|the) (?:[\w-]+ ){{0,3}}?({KIND_WORDS})(?=[,.;:)]| (?:of|in|on|near|where|that|which|with)\b)"
)
# "PARIS, Tenn. (AP) -", "KYIV - ", "LONDON, March 3 (Reuters) ".
DATELINE_AFTER = re.compile(r"(?:,[^.\n]{2,12}\.?)?(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})? ?(?:\(|\u2014|\u2013|--|- )")
WORD_WINDOW = 24
LONGEST_ACRONYM = 3


def said_kinds(text: str, start: int, end: int, surface: str) -> frozenset[str]:
    """The kinds of place that words in or beside a name say: "Odesa region", "city of Odesa", "Odesa, a port"."""
    if ends_with_division_word(surface) or DIVISION_WORD_AFTER.match(text, end):
        return DIVISIONS
    before = text[max(0, start - WORD_WINDOW) : start].split()
    while before and before[-1] in ("of", "the"):
        before.pop()
    if before and before[-1] in TOWN_WORDS:
        return TOWNS
    if before and before[-1] in DIVISION_WORDS and text.endswith((" of ", " of the "), 0, start):
        return DIVISIONS
    apposition = APPOSITION.match(text, end) if text.startswith(", ", end) else None
    return kinds_of_word(apposition[1]) if apposition else NO_KINDS


@lru_cache(NAMES_KEPT)
def ends_with_division_word(surface: str) -> bool:
    """Whether the kind of place is part of the name: "Odesa region"."""
    return bool(DIVISION_WORD.search(surface))


def is_dateline(text: str, end: int, surface: str) -> bool:
    """Whether the name in capitals says where the article was written: "PARIS, Tenn. (AP) - "."""
    return surface.isupper() and len(surface) > LONGEST_ACRONYM and bool(DATELINE_AFTER.match(text, end))


def kinds_of_word(word: str) -> frozenset[str]:
    """The kinds of place that a word such as "town" or "republic" can be said of."""
    if word in TOWN_WORDS:
        return TOWNS
    return DIVISIONS if word in DIVISION_WORDS else frozenset(["country"])


class LocalWords(NamedTuple):
    """How many words of local news a text has, and how many of those of each country."""

    total: int
    countries: Mapping[str, int]


NO_LOCAL_WORDS = LocalWords(0, MappingProxyType({}))


def find_local_words(text: str) -> LocalWords:
    """The words by which local news speaks of its institutions and streets: "sheriff", "councillor"."""
    countries_of = load_country_words()
    found = countries_of.keys() & words_of(text).told
    if not found:
        return NO_LOCAL_WORDS
    return LocalWords(len(found), Counter(country for word in found for country in countries_of[word]))


@cache
def load_country_words() -> Mapping[str, tuple[str, ...]]:
    """The words of `country_words.csv`, as they stand in a text, and the countries they tell of."""
    return MappingProxyType(
        {
            word: tuple(row["country_codes"].split("|"))
            for row in load_rows("country_words")
            for word in row["words"].split("|")
        }
    )
