"""How one mention names something: its words as printed, the key that spelling habits do not change, its parts."""

import re
from functools import lru_cache
from typing import NamedTuple

from tasks.aliases.keys import fold_name, name_key
from tasks.enrichment.names.canonical import KEPT_FORMS, Name, name_alone
from tasks.enrichment.recognition.spans import ARTICLE, PLACE_LABELS, POSSESSIVE
from tasks.enrichment.recognition.titles import title_length
from tasks.enrichment.reference import load_words

TITLES_OF_WOMEN = frozenset(["mrs", "ms", "miss", "lady", "dame", "queen", "princess", "madame", "frau", "baroness"])
TITLES_OF_MEN = frozenset(["mr", "sir", "lord", "king", "prince", "herr", "monsieur", "baron"])
GENERATIONS = frozenset(["jr", "sr", "ii", "iii", "iv"])
# A place and the people of that name are two things: "Jordan" the country is no "Michael Jordan".
LABELS_OF_PLACES_AND_PEOPLES = PLACE_LABELS | {"NORP"}
LONGEST_ACRONYM = 6
INITIAL = re.compile(r"(?<=\b\w)\.(?=\w)")
ARABIC_ARTICLE = re.compile(r"\b(al|el|bin|ibn)-(?=\w)", re.IGNORECASE)


class Form(NamedTuple):
    """One printed name: `words` without article, title and possessive; `key` is equal for equal names.

    `alone` is what it is called in an article that has no other name for it: one look-up gives all.
    """

    words: str
    key: str
    parts: tuple[str, ...]
    kind: str
    alone: Name
    generation: str = ""
    title: str = ""
    letters: str = ""


@lru_cache(maxsize=KEPT_FORMS)
def read_form(surface: str, label: str) -> Form:
    """The form of a mention; `kind` is person, place or thing, `letters` those of an acronym."""
    words, title = clean_name(surface, label)
    alone = name_alone(words, label)
    if label == "PERSON":
        parts = person_parts(words)
        generation = parts.pop() if len(parts) > 2 and parts[-1] in GENERATIONS else ""
        key = " ".join([*parts, generation]).rstrip()
        return Form(words, key, tuple(parts), "person", alone, generation, title)
    key = name_key(words) or words
    kind = "place" if label in LABELS_OF_PLACES_AND_PEOPLES else "thing"
    return Form(words, key, tuple(key.split()), kind, alone, letters=acronym_letters(words))


def clean_name(surface: str, label: str) -> tuple[str, str]:
    """The words of a name on one line, without article, possessive and, for people, titles; and the titles."""
    words = " ".join(surface.split())
    article = ARTICLE.match(words) if words[:1] in "tT" else None
    if article and words[article.end() :].casefold() not in load_words("keeps_article"):
        words = words[article.end() :]
    if "'" in words or "\u2019" in words:
        words = without_possessive(words, label)
    length = title_length(words) if label == "PERSON" else 0
    return words[length:] or surface, words[:length].rstrip()


def without_possessive(words: str, label: str) -> str:
    """The words without the possessive, but for names that end as one does: "McDonald's", which no person's is."""
    last_word = words.rsplit(" ", 1)[-1].replace("\u2019", "'").casefold()
    if label != "PERSON" and last_word in load_words("keeps_possessive"):
        return words
    return POSSESSIVE.sub("", words) or words


def person_parts(words: str) -> list[str]:
    """The parts of a person's name: "J.K. Rowling" has three, "Bashar al-Assad" too."""
    spaced = INITIAL.sub(". ", words) if "." in words else words
    spaced = ARABIC_ARTICLE.sub(r"\1 ", spaced) if "-" in words else spaced
    return fold_name(spaced.replace(",", " ")).split() or [words.casefold()]


def acronym_letters(words: str) -> str:
    """The letters of "NATO" or "U.N.", nothing for other names."""
    if not words.isupper() or " " in words:
        return ""
    letters = re.sub(r"\W", "", words)
    return letters if 2 <= len(letters) <= LONGEST_ACRONYM else ""


def woman_or_man(titles: str, form: Form) -> str:
    """`woman`, `man` or nothing, by the titles before a name and else by its given name."""
    for word in titles.casefold().replace(".", "").split():
        if word in TITLES_OF_WOMEN or word in TITLES_OF_MEN:
            return "woman" if word in TITLES_OF_WOMEN else "man"
    given_name = form.parts[0] if len(form.parts) > 1 else ""
    if given_name in load_words("womans_name"):
        return "woman"
    return "man" if given_name in load_words("mans_name") else ""
