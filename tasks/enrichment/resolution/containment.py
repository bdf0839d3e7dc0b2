"""What the words between two place names say: that one lies in the other, that they stand in one list."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tasks.enrichment.reference import NAMES_KEPT
from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.priors import contains
from tasks.enrichment.resolution.senses import CONTAINER_LEVELS, COUNTRY, TOWN, Senses
from tasks.enrichment.resolution.wording import TOWN_WORDS

LONGEST_GAP = 48
LONGEST_CONJUNCTION = 24
SMALL = f"{'|'.join(sorted(TOWN_WORDS))}|community|district|county|province|region|neighborhood"
LARGE = "state|province|county|country|nation|region|republic|island"
# "Paris, Texas", "Texas (Paris)".
STRICT_INSIDE = re.compile(r"\s*[,(]\s*")
# "Paris in Texas", "in Paris, in the US state of Texas", "Ashford, a town in Kent".
LOOSE_INSIDE = re.compile(
    rf",? in (?:the )?(?:(?:[\w.-]+ )?(?:{LARGE}) of (?:the )?)?|, the "
    rf"|,? (?:an?|the) (?:[\w-]+ ){{0,2}}(?:{SMALL}) (?:in|of|near) (?:the )?(?:(?:[\w.-]+ )?(?:{LARGE}) of )?"
)
# "the Kent town of Ashford", "the Ukrainian city of Kharkiv", "Ohio's Dublin".
OUTER_FIRST = re.compile(rf"(?:['\u2019]s)? (?:[\w-]+ ){{0,2}}(?:{SMALL})(?:,| of)? (?:the )?|['\u2019]s ")
# "Missouri, New York and Virginia": places of one kind.
IN_LIST = re.compile(r",(?: and| or)? (?:the )?| (?:and|or|&) (?:the )?")


NOWHERE = -1


class Containment(NamedTuple):
    """Two neighbouring mentions by number, the rows of their senses of which one lies in the other, what that is worth.

    The inner row is NOWHERE when no sense lies there: "Grantville, Pennsylvania" is none of the Grantvilles known.
    """

    inner: int
    outer: int
    inner_row: int
    outer_row: int
    worth: float


def find_containments(text: str, spans: Sequence[tuple[int, int]], senses: Sequence[Senses]) -> Iterator[Containment]:
    """Neighbouring mentions of which the words between say that one lies in the other."""
    for number in range(len(spans) - 1):
        start, end = spans[number][1], spans[number + 1][0]
        if end - start > LONGEST_GAP or senses[number] is senses[number + 1]:
            continue
        worth, is_inner_first = read_gap(text[start:end])
        if not worth:
            continue
        inner, outer = (number, number + 1) if is_inner_first else (number + 1, number)
        rows = best_containment(senses[inner], senses[outer])
        if rows and inner < outer and is_list_of_peers(text, spans, senses, number, rows[1]):
            continue
        if rows:
            yield Containment(inner, outer, *rows, worth)
        elif senses[inner].levels[0] == TOWN and senses[outer].levels[0] in CONTAINER_LEVELS:
            yield Containment(inner, outer, NOWHERE, 0, weights.KNOWN_ELSEWHERE_ONLY)


@lru_cache(NAMES_KEPT)
def read_gap(gap: str) -> tuple[float, bool]:
    """What it is worth that the words between two names put one inside the other, and whether it is the first one."""
    if STRICT_INSIDE.fullmatch(gap):
        return weights.CONTAINMENT, True
    loosely = weights.CONTAINMENT * weights.LOOSE_CONTAINMENT_SHARE
    if LOOSE_INSIDE.fullmatch(gap):
        return loosely, True
    return (loosely, False) if OUTER_FIRST.fullmatch(gap) else (0.0, False)


def is_list_of_peers(
    text: str, spans: Sequence[tuple[int, int]], senses: Sequence[Senses], number: int, outer_row: int
) -> bool:
    """Whether both are countries, or the list goes on with more of the kind: "Oklahoma, Pennsylvania, Ohio"."""
    level = senses[number + 1].levels[outer_row]
    if level == COUNTRY == senses[number].levels[0]:
        return True
    if number + 2 >= len(spans) or level not in senses[number].levels:
        return False
    start, end = spans[number + 1][1], spans[number + 2][0]
    goes_on = end - start < LONGEST_CONJUNCTION and is_conjunction(text[start:end])
    return goes_on and senses[number + 2].levels[0] == level


@lru_cache(NAMES_KEPT)
def best_containment(inner: Senses, outer: Senses) -> tuple[int, int] | None:
    """The rows of the likeliest pair of senses of which the second contains the first."""
    pairs = [
        (inner.score[row] + outer.score[outer_row], row, outer_row)
        for outer_row, container in enumerate(outer.places)
        for row, place in enumerate(inner.places)
        if contains(container, place)
    ]
    return max(pairs, key=lambda pair: pair[0])[1:] if pairs else None


@lru_cache(NAMES_KEPT)
def is_conjunction(gap: str) -> bool:
    """Whether the words between two names make a list of them."""
    return bool(IN_LIST.fullmatch(gap))


def find_lists(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring mentions that stand in one list."""
    for number in range(len(spans) - 1):
        start, end = spans[number][1], spans[number + 1][0]
        if end - start < LONGEST_CONJUNCTION and is_conjunction(text[start:end]):
            yield number, number + 1
