"""What a name says about itself, whatever surrounds it: "River", "Ministry of", "J. Russell", names of countries."""

import re
from functools import lru_cache
from typing import NamedTuple

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.recognition.spans import PLACE_LABELS
from tasks.enrichment.recognition.titles import is_office
from tasks.enrichment.reference import NAMES_KEPT, load_words

STATES_KNOWN_BY_NAME = frozenset(["US", "CA", "AU"])
NATIONS_OF_BRITAIN = frozenset(["england", "scotland", "wales", "northern ireland"])
# Labels that the clues may change; a title of a work or of an event may hold any word.
CHANGEABLE = frozenset(["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP"])
# Regions and landmarks that news knows have at least this weight in the gazetteer.
WELL_KNOWN = 1_000_000
NO_ORGANISATION = CHANGEABLE - {"ORG"}
# The tables of nouns in order of their weight: which labels they overrule, and by which.
HEADS = (("organisation_head", CHANGEABLE, "ORG"), ("place_head", NO_ORGANISATION, "LOC"))
ENDINGS = (
    ("organisation_end", CHANGEABLE, "ORG"),
    ("place_end_surely", CHANGEABLE, "FAC"),
    ("event_end_surely", frozenset(["ORG", "PERSON"]), "EVENT"),
    ("place_end", NO_ORGANISATION, "LOC"),
    ("event_end", NO_ORGANISATION, "EVENT"),
)
HEAD = re.compile(r"(.+?) (?:of|for) ")
WORD_OF_PERSON = re.compile(r"[^\W\d_a-z][\w.'\u2019-]*[^\W\d_A-Z]|[A-Z]\.|Mc[A-Z]\w+")
INITIAL = re.compile(r"[A-Z]\.")


class Clues(NamedTuple):
    """A name's key, last word and label where the name alone decides; what kind of place, what part of titles it is."""

    key: str
    last: str
    label: str | None
    known: str | None
    part: str | None


@lru_cache(NAMES_KEPT)
def read_clues(surface: str, label: str, gazetteer: Gazetteer) -> Clues:
    """The clues in a name that a model gave the label."""
    key = name_key(surface)
    last = key.rsplit(" ", 1)[-1]
    part = part_in_titles(key) if last == key else None
    if label not in CHANGEABLE:
        return Clues(key, last, None, None, part)
    # The gazetteer is asked last: most names are no places.
    if label == "PERSON" and last != key and key.split(" ", 1)[0] in load_words("given_name"):
        return Clues(key, last, None, None, part)
    known = known_place(surface, gazetteer)
    return Clues(key, last, decide(surface, label, known, gazetteer), known, part)


def part_in_titles(word: str) -> str | None:
    """What part of a title the word is: "president" an "office", "deputy" a "rank", most words None."""
    if is_office(word):
        return "office"
    return "rank" if word in load_words("rank") else None


def decide(surface: str, label: str, known: str | None, gazetteer: Gazetteer) -> str | None:
    """The label that the name alone decides on, the surest clue first; None when it may be anything."""
    key = name_key(surface)
    if known in ("nation", "state"):
        return None if label == "PERSON" and key in load_words("also_person") else as_place(label, "GPE")
    if known is None and gazetteer.find_people(surface):
        return "NORP"
    return by_table(key) or (by_words(surface, key, label, known) if " " in key else None)


def by_table(key: str) -> str | None:
    """The label of a name that the tables hold: "NATO" is an organisation, "Brexit" neither that nor a place."""
    if key in load_words("organisation"):
        return "ORG"
    return "EVENT" if key in load_words("no_place_or_person") else None


def by_words(surface: str, key: str, label: str, known: str | None) -> str | None:
    """The label that the words of a longer name decide on."""
    # The White House and the Kremlin say and do things.
    if known == "landmark" and label != "ORG":
        return as_place(label, "FAC")
    return by_ending(key, label, known) or by_person(surface, key, label, known)


def as_place(label: str, place: str) -> str:
    """The label itself where it is a kind of place, else the one given."""
    return label if label in PLACE_LABELS else place


def known_place(surface: str, gazetteer: Gazetteer) -> str | None:
    """What kind of place has the surface for its own name: "nation", "state", "landmark", "place", or None."""
    named = [place for place, rank in gazetteer.find_named(surface) if rank == 0]
    if not named:
        return None
    if any(place.kind in ("country", "continent") for place in named) or name_key(surface) in NATIONS_OF_BRITAIN:
        return "nation"
    if any(place.kind == "admin1" and place.country_code in STATES_KNOWN_BY_NAME for place in named):
        return "state"
    is_landmark = any(place.kind in ("feature", "region") and place.prominence >= WELL_KNOWN for place in named)
    return "landmark" if is_landmark else "place"


def by_ending(key: str, label: str, known: str | None) -> str | None:
    """The label by the noun that a name of several words is built on: "Gulf of", "Ministry of", "Party", "River"."""
    head = HEAD.match(key) if " of " in key or " for " in key else None
    noun = (head[1] if head else key).rsplit(" ", 1)[-1].rstrip(".")
    for role, labels, meaning in HEADS if head else ENDINGS:
        if label in labels and noun in load_words(role) and not (meaning == "ORG" and known):
            return as_place(label, meaning) if meaning in PLACE_LABELS else meaning
    return None


def by_person(surface: str, key: str, label: str, known: str | None) -> str | None:
    """PERSON for two or three words that begin with a given name or one initial: "Antonio Costa", "J. Russell"."""
    words = surface.split()
    if label == "PERSON" or known or len(words) > 3 or not all(WORD_OF_PERSON.fullmatch(word) for word in words):
        return None
    first = key.split(" ", 1)[0]
    is_person = first in load_words("given_name") or INITIAL.fullmatch(words[0])
    return "PERSON" if is_person else None
