"""Names of places that the model cut short: "KwaZulu" of "KwaZulu-Natal", "Java" of "Central Java"."""

import re
from collections.abc import Iterator, Sequence

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import key_of
from tasks.enrichment.recognition.spans import Span

GROWING = frozenset(["GPE", "LOC", "NORP"])
HYPHENS = "-\u2010\u2011\u2013"
HYPHENS_OF_NAMES = frozenset(HYPHENS)
BEFORE_WORDS = HYPHENS_OF_NAMES | {" "}
ON_THE_RIGHT = re.compile(rf"(?:[{HYPHENS}]| of (?:the )?| )[A-Z][\w\u2019']*\b")
ON_THE_LEFT = re.compile(r"(?<![\w.])[A-Z][\w.\u2019']* $")
# "The" is left out of names, "In" and "From" only open sentences.
NO_LEFT_WORDS = frozenset(["The", "In", "From", "At", "Near", "To", "And", "But", "For", "With", "A", "An"])
LONGEST_WORD = 20
AFTER_HYPHEN = re.compile(rf"[{HYPHENS}]\s?([A-Z]\w+)")


def grow_places(text: str, entities: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The places and peoples that are parts of longer known names, whole; and those joined to one by a hyphen."""
    changed: list[Span] = []
    for start, end, label in entities:
        if label in GROWING:
            first, last = grown(text, start, end, label, gazetteer)
            if first < start or end < last:
                changed.append(Span(first, last, label))
            elif text[end : end + 1] in HYPHENS_OF_NAMES:
                changed += joined_people(text, end, gazetteer)
    return changed


def joined_people(text: str, end: int, gazetteer: Gazetteer) -> Iterator[Span]:
    """The people whose name follows after a hyphen: "Israeli-Egyptian"."""
    joined = AFTER_HYPHEN.match(text, end)
    if joined and gazetteer.find_people(joined[1]):
        yield Span(*joined.span(1), "NORP")


def grown(text: str, start: int, end: int, label: str, gazetteer: Gazetteer) -> tuple[int, int]:
    """Where the longest known name begins and ends that has these words and one more on the right or the left."""
    if text[end : end + 1] in BEFORE_WORDS:
        right = ON_THE_RIGHT.match(text, end)
        if right and is_name(text[start : right.end()], label, gazetteer):
            return start, right.end()
    # A look at the word before is ten times as fast as the pattern; few words before a name have a capital.
    if text[start - 1 : start] == " " and text[text.rfind(" ", 0, start - 1) + 1].isupper():
        left = ON_THE_LEFT.search(text, max(0, start - LONGEST_WORD), start)
        if left and left[0][:-1] not in NO_LEFT_WORDS and is_name(text[left.start() : end], label, gazetteer):
            return left.start(), end
    return start, end


def is_name(surface: str, label: str, gazetteer: Gazetteer) -> bool:
    """Whether the words are a people's name or a place's own, as the label says."""
    if label == "NORP":
        return gazetteer.find_people(surface) is not None
    return any(rank == 0 for _, rank in gazetteer.find_key(key_of(surface)))
