"""Names of places as keys: what two spellings of a name have in common, and the other ways to say one name."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from tasks.enrichment.reference import NAMES_KEPT

# Curly quotes, primes and dashes that writers use for one another.
UNIFIED = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u02bb`\u00b4", "'") | dict.fromkeys("\u2010\u2011\u2013\u2014", "-")
)
LATIN_END = "\u0250"
DIRECTIONS = re.compile(
    r"(?:(?:north|south|east|west|central|northern|southern|eastern|western|downtown|greater|upstate|midtown|metro"
    r"|metropolitan|rural|inner|outer|suburban|mainland|coastal|[NSEW]\.|(?:north|south)-?(?:east|west)(?:ern)?)\s+"
    r"(?!east|west|north|south)"
    r"|(?:city|town|state|province|village|county|commonwealth|kingdom|republic|township|borough|island|port)"
    r"\s+of\s+(?:the\s+)?)",
    re.IGNORECASE,
)
KIND_WORDS = re.compile(
    r"\s+(?:city hall|city|county|co\.|province|regions?|state|oblast|district|township|twp\.?|town|village|area|metro"
    r"|peninsula|prefecture|governorate|regency|municipality|mountains?|islands?|river|valley|national park)$",
    re.IGNORECASE,
)
SAINTS = {"St. ": "Saint ", "St ": "Saint ", "Saint ": "St. ", "Ft. ": "Fort ", "Mt. ": "Mount ", "Mt ": "Mount "}
SHORT_SAINTS = tuple(SAINTS)
POSTAL_CODE = re.compile(r"[A-Z]{2}")
ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
DOTTED_END = re.compile(r"[A-Z]\.$")


# An article asks for the key of a name in every step, and news repeats its names.
@lru_cache(NAMES_KEPT)
def name_key(name: str) -> str:
    """The form under which a name is filed: lower case, no accents, plain quotes and dashes, single spaces."""
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name.translate(UNIFIED))
        name = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(name.lower().split())


def key_of(name: str) -> str:
    """The key of a name as printed: two capitals are a postal code, "OR" is no "or"; all else is `name_key`."""
    return f"={name}" if len(name) == 2 and POSTAL_CODE.fullmatch(name) else name_key(name)


def keys_of(name: str) -> list[str]:
    """The key of a name and that of its looser spelling, when it has one: "M'banza-Kongo" is also "mbanza kongo"."""
    key = key_of(name)
    loose = without_marks(key)
    return [key] if loose == key else [key, loose]


def without_marks(name: str) -> str:
    """The name without apostrophes and with spaces for hyphens: writers disagree on both."""
    return name.replace("'", "").replace("\u2019", "").replace("-", " ")


def is_latin(name: str) -> bool:
    """Whether the name is written in the Latin alphabet: news in other scripts has its own spelling of it."""
    return name.isascii() or max(name) < LATIN_END


def without_article(name: str) -> str:
    """The name without "the" before it."""
    article = ARTICLE.match(name)
    return name[article.end() :] if article else name


def find_spellings(surface: str) -> Iterator[str]:
    """The surface and then looser ways to look it up, best first: without article, direction or kind of place."""
    yield surface
    bare = without_article(surface)
    if bare != surface:
        yield bare
    # Nothing to drop or to write otherwise: half of all names.
    if bare.isalpha():
        return
    if bare.endswith(".") and not DOTTED_END.search(bare):
        yield bare.rstrip(".")
    if "-" in bare or "'" in bare or "\u2019" in bare:
        yield without_marks(bare)
    if bare.startswith(SHORT_SAINTS):
        yield from (long + bare[len(short) :] for short, long in SAINTS.items() if bare.startswith(short))
    direction = DIRECTIONS.match(bare)
    if direction:
        yield bare[direction.end() :]
    kind_word = KIND_WORDS.search(bare)
    if kind_word:
        yield bare[: kind_word.start()]


def says_direction(surface: str) -> bool:
    """Whether the surface begins with a direction in small letters, which is then no part of the name."""
    return surface[:1].islower() and DIRECTIONS.match(surface) is not None
