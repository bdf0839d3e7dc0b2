"""Lists of places: what stands beside a place with a comma or an "and" is one too."""

import re
from collections.abc import Set as AbstractSet

from tasks.enrichment.recognition.repeats import find_all

WORD = re.compile(r"[A-Z][^\s-]*")
GAP_BEFORE = re.compile(r"(?:,|,? and|,? or| \(|/) ?$")
GAP_AFTER = re.compile(r"(?:,| and|, and| or|, or) ")
LONGEST_GAP = 6
KINDS_OF_LIST = ("counties", "parishes", "districts", "provinces", "townships")
LIST_BEFORE_KIND = re.compile(
    r"((?:[A-Z]\w+(?: [A-Z]\w+)?, )*[A-Z]\w+(?: [A-Z]\w+)?,? (?:and|or) [A-Z]\w+(?: [A-Z]\w+)?) $"
)
LONGEST_LIST = 200


def is_beside(text: str, start: int, end: int, places: tuple[AbstractSet[int], AbstractSet[int]]) -> bool:
    """Whether a comma, an "and" or a bracket is all between the name and a place; `places` are starts and ends."""
    starts, ends = places
    # Few names have a place so near; numbers are compared faster than characters.
    if not ends.isdisjoint(range(start - LONGEST_GAP, start)):
        before = GAP_BEFORE.search(text, max(0, start - LONGEST_GAP), start)
        if before and before.start() in ends:
            return True
    if starts.isdisjoint(range(end + 1, end + LONGEST_GAP + 1)):
        return False
    after = GAP_AFTER.match(text, end)
    return bool(after and after.end() in starts)


def positions_in_lists(text: str) -> frozenset[int]:
    """Where the names of lists begin that say their kind: "Becker, Clay and Wilkin counties"."""
    starts: set[int] = set()
    for kind in KINDS_OF_LIST:
        for position in find_all(text, f" {kind}"):
            names = LIST_BEFORE_KIND.search(text, max(0, position - LONGEST_LIST), position + 1)
            if names:
                starts.update(word.start() for word in WORD.finditer(text, *names.span(1)))
    return frozenset(starts)
