"""What speaks for a capitalised name being a place: the name itself, the words around it, its other mentions.

Each weight is a log-odds, from a logistic regression over 4,005 names that the model marked as something else or not
at all (516 of them places; LGL and GeoVirus), rounded by hand; the same signs are what English grammar leads to expect.
"""

import math
import re
from typing import NamedTuple

from tasks.enrichment.gazetteer import Candidate

# What the model said: not marking a name at all is stronger than marking it wrongly.
START = {"": -4.1, "ORG": -2.2, "PERSON": -2.4}
START_OTHERWISE = -2.0
# Times log10 of the inhabitants of the largest place of that very name.
PROMINENCE = 0.23
LARGE_KINDS = frozenset(["country", "admin1", "continent", "region", "capital"])
LARGE = 1.0
COUNTY = 0.8
ONLY_OTHER_NAME = -1.8
MORE_WORDS = 0.6
MORE_WORDS_UNMARKED = 2.1
SHORT = -2.0
# "in Rolling Meadows", "from Hanover", "the mayor of Tyler", "a Tyler man".
PLACE_PREPOSITIONS = "in near outside around downtown across between throughout inside into"
PREPOSITIONS = "from at through to toward towards"
ARTICLES_AND = "a an and"
TITLES = (
    "president mr mrs ms dr sen senator rep gov governor judge justice king queen prince princess coach officer sir"
)
BEFORE = {
    **dict.fromkeys(TITLES.split(), -3.0),
    **dict.fromkeys(PLACE_PREPOSITIONS.split(), 2.1),
    **dict.fromkeys(PREPOSITIONS.split(), 1.2),
    **dict.fromkeys(ARTICLES_AND.split(), 0.8),
    "of": 1.7,
}
# "the Honda", "the White House": a town takes no article, whatever stands before it.
AFTER_ARTICLE = -2.5
WHAT_A_PLACE_HAS = """police man men woman women resident residents native teen teenager couple boy girl mayor officials
officers sheriff firefighters fire council councillor councilman students school schools hospital airport house home
area region province district county counties parish city town village township suburb neighborhood neighbourhood
border coast central campus street state based government governor lawyer attorney"""
# People speak and are spoken of; towns seldom.
WHAT_PEOPLE_DO = "said says told also added had has was is would will whose who"
AFTER = {
    **dict.fromkeys(WHAT_A_PLACE_HAS.split(), 2.2),
    **dict.fromkeys(WHAT_PEOPLE_DO.split(), -0.4),
}
# "Mark Doe, 54, of Tyler"
HOME = 2.0
# "DFL-Cook", "R-Tyler": the home of a politician.
PARTY_BEFORE = re.compile(r"\b(?:[RDI]|DFL|GOP|Rep|Dem)\.?-$")
# "Campbell's lawyer", "Robertson's daughter": what people have, towns have without the apostrophe.
KIN_WORDS = "daughter son wife husband father mother brother sister family lawyer attorney death body"
KIN = frozenset(KIN_WORDS.split())
KIN_AFTER = -2.0
# "Falcon 9", "March 31"
BEFORE_NUMBER = -2.0
INSIDE_NEXT = 3.0
BETWEEN_PLACES = 3.0
DATELINE = 2.6
PLACE_ELSEWHERE = 2.2
# Less where the other mention was itself found by evidence.
FOUND_ELSEWHERE = 1.3
PERSON_ELSEWHERE = -3.2
GIVEN_NAME = -2.2
LOWER_CASE_ELSEWHERE = -2.5
KIND_OF_LIST = 3.0
# "St. Patrick's Day", "St. Mary's students" are of the saint.
SAINTS_OWN = -3.0
# Log-odds of 0.4: below it more than half of what is let in is no place.
LEAST_EVIDENCE = -0.4

WORD_BEFORE = re.compile(
    r"(?:^|[\s(])([A-Za-z]+)\.?\s+((?:the|downtown|nearby|rural|neighbou?ring|greater|central|(?:north|south|east|west)(?:ern)?)\s+)?$"
)
AGE_BEFORE = re.compile(r"\d, (?:of|from) $")
WORD_AFTER = re.compile(r"(['\u2019]s)?[\s-]+([a-z]+)")
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
    if text[end : end + 1] == " " and text[end + 1 : end + 2].isdigit():
        score += BEFORE_NUMBER
    before = WORD_BEFORE.search(text, max(0, start - WINDOW), start)
    if not before:
        return score + HOME * bool(PARTY_BEFORE.search(text, max(0, start - WINDOW), start))
    if before[1].lower() == "the" or (before[2] and before[2].strip() == "the"):
        # In "the Hanover police" the article is that of the police.
        return score if score > 0 else score + AFTER_ARTICLE
    is_home = AGE_BEFORE.search(text, max(0, start - WINDOW), start) is not None
    return score + BEFORE.get(before[1].lower(), 0.0) + HOME * is_home


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
