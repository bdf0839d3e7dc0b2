"""What speaks for a capitalised name being a place: the name itself, the words around it, its other mentions."""

import math
import re
from typing import NamedTuple

from tasks.enrichment.gazetteer.lookup import Candidate
from tasks.enrichment.toponyms.place_weights import (
    AFTER,
    AFTER_ARTICLE,
    BEFORE,
    BEFORE_NUMBER,
    BETWEEN_PLACES,
    COUNTY,
    FOUND_ELSEWHERE,
    GIVEN_NAME,
    HOME,
    INSIDE_NEXT,
    KIN,
    KIN_AFTER,
    KIND_OF_LIST,
    LARGE,
    LARGE_KINDS,
    MORE_WORDS,
    MORE_WORDS_UNMARKED,
    ONLY_OTHER_NAME,
    PERSON_ELSEWHERE,
    PLACE_ELSEWHERE,
    PROMINENCE,
    SHORT,
    START,
    START_OTHERWISE,
)

# "DFL-Cook", "R-Tyler": the home of a politician.
PARTY_BEFORE = re.compile(r"\b(?:[RDI]|DFL|GOP|Rep|Dem)\.?-$")
WORD_BEFORE = re.compile(
    r"[\s(]([A-Za-z]+)\.?\s+((?:the|downtown|nearby|rural|neighbou?ring|greater|central|(?:north|south|east|west)(?:ern)?)\s+)?$"
)
AGE_BEFORE = re.compile(r"\d, (?:of|from) $")
HOME_WORDS = frozenset(["of", "from"])
WORD_AFTER = re.compile(r"(['\u2019]s)?[\s-]+([a-z]+)")
NUMBER_AFTER = re.compile(r" \d|\$")
DASH_AFTER = re.compile(r"(?:, [A-Z][\w. ]{1,15})?\s*(?:\([A-Z][\w ]{1,12}\)\s*)?(?:\u2014|\u2013|--|- |-\n)")
WINDOW = 32


class Signs(NamedTuple):
    """What an article says about a name."""

    is_place_elsewhere: bool
    is_found_elsewhere: bool
    is_person_elsewhere: bool
    is_given_name: bool
    is_in_list: bool
    is_inside_next: bool
    is_of_listed_kind: bool


def name_evidence(surface: str, label: str, candidates: tuple[Candidate, ...]) -> float:
    """What the name and its label say; `label` is empty for what is not marked."""
    own = [place for place, rank in candidates if rank == 0]
    score = START.get(label, START_OTHERWISE)
    if own:
        score += PROMINENCE * (math.log10(max(place.prominence for place in own) + 10) - 1)
        kinds = {place.kind for place in own}
        score += LARGE if kinds & LARGE_KINDS else COUNTY if "admin2" in kinds else 0.0
    else:
        score += ONLY_OTHER_NAME
    if " " in surface:
        score += MORE_WORDS if label else MORE_WORDS_UNMARKED
    return score + (SHORT if len(surface) < 4 else 0.0)


def words_evidence(text: str, start: int, end: int) -> float:
    """What the words right before and after the name say."""
    after = WORD_AFTER.match(text, end)
    score = after_evidence(after) if after else 0.0
    if NUMBER_AFTER.match(text, end):
        score += BEFORE_NUMBER
    # A text begins as if after a space.
    window = text[start - WINDOW : start] if start > WINDOW else f" {text[:start]}"
    before = WORD_BEFORE.search(window)
    if not before:
        return score + HOME * bool("-" in window[-2:] and PARTY_BEFORE.search(window))
    word = before[1].lower()
    if word == "the" or (before[2] and before[2].strip() == "the"):
        # In "the Hanover police" the article is that of the police.
        return score if score > 0 else score + AFTER_ARTICLE
    is_home = word in HOME_WORDS and AGE_BEFORE.search(window) is not None
    return score + BEFORE.get(word, 0.0) + HOME * is_home


def after_evidence(after: re.Match[str]) -> float:
    """What the next word says, also behind a possessive."""
    if after[1] and after[2] in KIN:
        return KIN_AFTER
    return AFTER.get(after[2], 0.0)


def is_dateline(text: str, start: int, end: int) -> bool:
    """Whether the name opens a line or sentence and a dash follows: "HUME - Principal", "OMAHA, Neb. (AP) --"."""
    if not DASH_AFTER.match(text, end):
        return False
    before = text[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in ".!?\n"


def signs_evidence(signs: Signs) -> float:
    """What the article says elsewhere, and the places beside the name."""
    return (
        PLACE_ELSEWHERE * signs.is_place_elsewhere
        + FOUND_ELSEWHERE * signs.is_found_elsewhere
        + PERSON_ELSEWHERE * signs.is_person_elsewhere
        + GIVEN_NAME * signs.is_given_name
        + BETWEEN_PLACES * signs.is_in_list
        + INSIDE_NEXT * signs.is_inside_next
        + KIND_OF_LIST * signs.is_of_listed_kind
    )
