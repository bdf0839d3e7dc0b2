"""How a name sounds, roughly: spellings that other alphabets and habits give one name have one sound."""

import re
from functools import lru_cache

# In this order: "Qaddafi", "Gadhafi" and "Kadhafi" become one, as do "Zhukov" and "Joukov".
SOUNDS = (
    (re.compile(r"[^a-z]"), ""),
    (re.compile(r"sch|sh|zh|ch|tsch|tch|cz|sz"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|kh|gh|q|c|g"), "k"),
    (re.compile(r"dh|th|tt"), "t"),
    (re.compile(r"d"), "t"),
    (re.compile(r"ts|tz|z|x"), "s"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(?<!^)h"), ""),
    (re.compile(r"^[yij](?=[aeiou])"), "j"),
    (re.compile(r"(?<!^)[aeiouyj]+"), ""),
    (re.compile(r"^[aeiouy]+"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(1 << 20)
def sound_of(word: str) -> str:
    """The consonants of a folded word, those that are often written for each other as one; empty without letters."""
    for letters, sound in SOUNDS:
        word = letters.sub(sound, word)
    return word
