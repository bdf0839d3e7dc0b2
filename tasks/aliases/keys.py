"""When two names are the same, and the id that follows from a name."""

import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from itertools import product


class Kind(StrEnum):
    """What a name is of; an entity's id is made of its kind and its name."""

    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    PLACE = "place"
    OTHER = "other"


KIND_OF_LABEL: Mapping[str, Kind] = {
    "PERSON": Kind.PERSON,
    "ORG": Kind.ORGANISATION,
    "NORP": Kind.GROUP,
    "GPE": Kind.PLACE,
    "LOC": Kind.PLACE,
    "FAC": Kind.PLACE,
} | dict.fromkeys(["PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"], Kind.OTHER)
BRITISH = {"organisation": "organization", "defence": "defense", "labour": "labor", "centre": "center"}
AMERICAN = {american: british for british, american in BRITISH.items()}
LETTERS_WITHOUT_ACCENT = str.maketrans({"\u0131": "i", "\u0142": "l", "\u00f8": "o", "\u0111": "d"})


def entity_id(kind: str, canonical_name: str) -> str:
    """16 hexadecimal digits, equal for equal kind and name whatever the article, case, accents and full stops."""
    return sha256(f"{kind}:{fold_name(canonical_name)}".encode()).hexdigest()[:16]


def fold_name(words: str) -> str:
    """Lower case without accents and full stops: "Erdoğan" and "Erdogan", "U.N." and "UN" are one name."""
    folded = words.casefold().replace("\u2019", "'").replace(".", "")
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
        folded = folded.translate(LETTERS_WITHOUT_ACCENT)
    return folded


def name_key(words: str) -> str:
    """Equal for names that differ in case, accents, full stops and British spelling."""
    return " ".join(BRITISH.get(word, word) for word in fold_name(words).split())


def spellings_of(key: str) -> Iterator[str]:
    """A name's key with each American word and its British spelling: what SQL, which folds letters only, may find."""
    words = [(word, AMERICAN[word]) if word in AMERICAN else (word,) for word in key.split()]
    return map(" ".join, product(*words))
