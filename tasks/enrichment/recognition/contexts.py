"""What the words beside a name say about it: "striker Jamie Vardy", "the town of Goma", "Ruch shares"."""

import re
from functools import cache

from tasks.enrichment.recognition.titles import is_head
from tasks.enrichment.reference import load_words

# Letters in which the word behind a name and its punctuation end; cues have 13 at most.
LONGEST_CUE = 24
IN_A_PLACE = frozenset(["in", "In", "near", "Near", "at", "At", "outside", "around", "across"])
# ", 34," and ", 34, said": an age.
AGE = re.compile(r", (?:aged )?\d{1,2}(?:,|\.|\s(?:said|told|and|who|years))")


@cache
def cues_before() -> dict[str, str]:
    """The words that stand directly before a name, and the label of the name behind them."""
    return (
        dict.fromkeys(load_words("kind_of_organisation"), "ORG")
        | dict.fromkeys(load_words("kind_of_place"), "GPE")
        | dict.fromkeys(load_words("occupation"), "PERSON")
    )


@cache
def cues_after() -> dict[str, str]:
    """The words that stand directly behind a name, and the label of the name before them."""
    return dict.fromkeys(load_words("place_after"), "GPE") | dict.fromkeys(load_words("organisation_after"), "ORG")


@cache
def team_cues() -> tuple[frozenset[str], frozenset[str]]:
    """The words before and behind a team in a report of sport."""
    before, after = load_words("team_before"), load_words("team_after")
    return before | {word.upper() for word in before}, after | {word.upper() for word in after}


def find_team_cue(text: str, start: int, end: int) -> str | None:
    """What the neighbours say in a report of sport: "in Milan" is a place, "joined Milan" a team; None is silence."""
    before = word_before(text, start)
    if before in IN_A_PLACE:
        return "GPE"
    if before in team_cues()[0]:
        return "ORG"
    if text[end : end + 1] != " ":
        return None
    word_end = text.find(" ", end + 1)
    return "ORG" if text[end + 1 : word_end if word_end > 0 else None].rstrip(".,;:") in team_cues()[1] else None


def find_cue(text: str, start: int, end: int) -> str | None:
    """The label that the neighbours of text[start:end] ask for, if any."""
    if start and text[start - 1] == " ":
        word = word_before(text, start)
        cue = cues_before().get(word)
        if cue:
            return cue
        if word == "of":
            return "GPE" if word_before(text, start - len(" of")) in load_words("kind_of_place_of") else None
        if word[:1].isupper() and is_head(word):
            return "PERSON"
    after = text[end : end + 1]
    if after == " ":
        return cues_after().get(text[end + 1 : end + LONGEST_CUE].split(" ", 1)[0].rstrip(".,;:\n"))
    return "PERSON" if after == "," and AGE.match(text, end) else None


def word_before(text: str, start: int) -> str:
    """The word that ends one space before the place."""
    word = text[text.rfind(" ", 0, start - 1) + 1 : start - 1]
    return word[word.rfind("\n") + 1 :] if "\n" in word else word
