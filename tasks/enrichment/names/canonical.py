"""What an article calls an entity: the name, its id, the rule that says so."""

import re
from functools import lru_cache
from typing import NamedTuple

from tasks.aliases.keys import KIND_OF_LABEL, Kind, entity_id, name_key

# What an ordinary article says may come again in the next: names of this many mentions are kept.
KEPT_FORMS = 1 << 12
# What follows a letter, but for the letter after "Mc" and "O'".
CAPITAL_LETTER = re.compile(r"(?<=\w)(?<!\bMC)\w")
SMALL_WORD = re.compile(r"(?<= )(?:Of|And|The|De|Del|La|Du|Al)(?= )")
SPELLED_OUT = frozenset(["place", "group"])
SHORTEST_SPOKEN = 5
# Plain strings: the hash of an enum's member is computed in Python each time.
KIND_NAMES = {label: kind.value for label, kind in KIND_OF_LABEL.items()}
OTHER_KIND = Kind.OTHER.value
kept_key = lru_cache(maxsize=KEPT_FORMS)(name_key)
kept_entity_id = lru_cache(maxsize=KEPT_FORMS)(entity_id)


class Rule(NamedTuple):
    """A rule that makes two names one, and how often it was right."""

    method: str
    score: float


OWN_NAME = Rule("own_name", 1.0)
SAME_NAME = Rule("same_name", 1.0)


class Name(NamedTuple):
    """What an article calls an entity at its fullest, the rule that says so, and how far to trust it (0 to 1)."""

    entity_id: str
    canonical_name: str
    method: str
    score: float


def name_alone(words: str, label: str) -> Name:
    """What most names are: printed and labelled in one way, and joined with none."""
    printed = as_printed(words, kind_of(label))
    rule = OWN_NAME if printed == words else SAME_NAME
    return Name(entity_id(kind_of(label), printed), printed, *rule)


def kind_of(label: str) -> str:
    """Person, organisation, place, group or other."""
    return KIND_NAMES.get(label, OTHER_KIND)


def as_printed(words: str, kind: str) -> str:
    """The words; a person's or a place's name in capitals, of a headline or dateline, as it would stand in a text."""
    if words.isupper() and (" " in words if kind == "person" else kind in SPELLED_OUT and is_spoken(words)):
        lowered = CAPITAL_LETTER.sub(lambda letter: letter[0].lower(), words)
        return SMALL_WORD.sub(lambda word: word[0].lower(), lowered)
    return words


def is_spoken(words: str) -> bool:
    """Whether capitals are read as words: "KYIV", not "USSR" and "UAE"."""
    return " " in words or len(words) >= SHORTEST_SPOKEN or (len(words) == SHORTEST_SPOKEN - 1 and two_vowels(words))


def two_vowels(words: str) -> bool:
    """Whether at least two letters are vowels."""
    return sum(letter in "AEIOUY" for letter in words) > 1
