"""Names that a model missed: repeats of names that it found elsewhere, and names where only a name can stand."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.spans import NAMES_KEPT, Span
from tasks.enrichment.reference import load_words

PROPAGATED = frozenset(["PERSON", "ORG", "GPE", "LOC"])
SHORTEST_PROPAGATED = 4
# "AU", "WHO": capitals make the word a name.
SHORTEST_ACRONYM = 2
SHORTEST_KNOWN = 4
# In capitals, before the date or the agency in brackets: no gazetteer need know the place.
DATELINE = re.compile(
    r"([A-Z][A-Z.'\u2019\- /]{1,30}[A-Z.])(?:,\s[A-Z][\w.]+)?"
    r"(?:(,?\s+[A-Z][a-z]{2,8}\.?\s\d{1,2})?\s*(\((?:[A-Z][\w/ ]{1,20})\)|\u2014|\u2013|--|-\s)|\s(\d{4}-\d\d-\d\d)$)",
    re.MULTILINE,
)
BEFORE_DATELINE = re.compile(r"(?:^|[.!?\u201d\"]\s+|\n)[ \t]*$")
HOME_OF_POLITICIAN = re.compile(r"[RDI]-([A-Z][a-z]+\.?(?: [A-Z][a-z]+)?)")
CAPITAL_AFTER = re.compile(r" [A-Z][\w.]*")
KINDS = ("place_end", "place_end_surely", "organisation_end", "event_end")
FAMILY_NAME = re.compile(r"(?: [A-Z]\.)?(?: (?:de|van|von|der|la|bin|al|el|di|da|del))*(?: [A-Z][\w'\u2019-]+){1,2}")


def find_datelines(text: str, gazetteer: Gazetteer) -> Iterator[Span]:
    """Places where only a place can stand: "KYIV (Reuters) -", "Jane Doe, D-Charleston"; the model misses many."""
    for dateline in DATELINE.finditer(text):
        start = dateline.start(1)
        is_sure = dateline[4] or (dateline[3][0] == "(" and not dateline[3].isupper())
        opens = BEFORE_DATELINE.search(text, max(0, start - 8), start)
        if opens and (is_sure or gazetteer.find_named(dateline[1])):
            for place in dateline[1].split("/"):
                yield Span(start, start + len(place), "GPE")
                start += len(place) + 1
    if "-" not in text:
        return
    for home in HOME_OF_POLITICIAN.finditer(text):
        if not text[home.start() - 1 : home.start()].isalnum() and gazetteer.find_named(home[1]):
            yield Span(*home.span(1), "GPE")


def lay_over(spans: Iterable[Span], surer: Iterable[Span]) -> list[Span]:
    """The surer spans, the first of those that overlap, and those of the others that they leave free; in order."""
    taken: set[int] = set()
    kept: list[Span] = []
    for span in surer:
        if span.start not in taken and span.end - 1 not in taken:
            taken.update(range(span.start, span.end))
            kept.append(span)
    if not taken:
        return list(spans)
    return sorted([*kept, *(span for span in spans if taken.isdisjoint(range(span.start, span.end)))])


def find_repeats(text: str, spans: Sequence[Span], words: AbstractSet[str]) -> Iterator[Span]:
    """Unmarked names: those that are marked elsewhere, people's last names, well-known organisations, people."""
    taken = bytearray(len(text) + 1)
    for start, end, _ in spans:
        taken[start:end] = b"\x01" * (end - start)
    marked = Counter([text[start:end] for start, end, _ in spans])
    labels = repeated_names(text, spans, words)
    for known in known_organisations() & words:
        labels.setdefault(known, "ORG")
    for place in known_places():
        labels.setdefault(place, "FAC")
    for name in sorted(labels, key=len, reverse=True):
        if text.count(name) <= marked[name]:
            continue
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            is_free = not taken[start] and is_whole(text, start, end) and not any(taken[start:end])
            if is_free and not (labels[name] == "PERSON" and goes_on(text, end)):
                taken[start:end] = b"\x01" * len(name)
                yield Span(start, end, labels[name])
            start = text.find(name, end)
    yield from find_people(text, words, taken)


def find_people(text: str, words: AbstractSet[str], taken: bytearray) -> Iterator[Span]:
    """Unmarked given names with a family name: "Crystal Munoz was"; no word that the article also writes small."""
    starts = [at for given in given_names() & words if given.lower() not in words for at in find_all(text, f"{given} ")]
    # In order of the text, so that the first of two given names begins the name: "Raul Rodrigo Lara".
    for start in sorted(starts):
        name = FAMILY_NAME.match(text, text.index(" ", start))
        if name and is_person(text, start, name.end(), taken):
            taken[start : name.end()] = b"\x01" * (name.end() - start)
            yield Span(start, name.end(), "PERSON")


def find_all(text: str, wanted: str) -> Iterator[int]:
    """Each place where the text holds the wanted one."""
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + len(wanted))


def is_person(text: str, start: int, end: int, taken: bytearray) -> bool:
    """Whether given and family name stand free, and are no beginning of another name: "Scott West Panthers"."""
    is_free = not any(taken[start:end]) and is_whole(text, start, end)
    return is_free and not is_made_of_kind(text[start:end]) and not CAPITAL_AFTER.match(text, end)


def goes_on(text: str, end: int) -> bool:
    """Whether a word follows that makes a family name a street's or a company's: "Clinton Street"."""
    after = CAPITAL_AFTER.match(text, end)
    return after is not None and is_made_of_kind(after[0])


@lru_cache(NAMES_KEPT)
def is_made_of_kind(words: str) -> bool:
    """Whether the last word says what kind of place, organisation or event has the name."""
    noun = words.rsplit(" ", 1)[-1].rstrip(".").casefold()
    return any(noun in load_words(role) for role in KINDS)


@cache
def given_names() -> frozenset[str]:
    """Given names as printed; those that are words or places too are left out."""
    return frozenset(name.capitalize() for name in load_words("given_name") if len(name) >= SHORTEST_KNOWN)


@cache
def known_places() -> tuple[str, ...]:
    """Places that nothing else is called, as printed."""
    return tuple(sorted(name.title() for name in load_words("known_place")))


@cache
def known_organisations() -> frozenset[str]:
    """Organisations of one word that nothing else is called, as printed."""
    names = load_words("organisation") - load_words("also_word")
    single = [name for name in names if " " not in name]
    return frozenset(name.upper() if len(name) < SHORTEST_KNOWN else name.capitalize() for name in single)


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches the stretch."""
    return not text[end : end + 1].isalnum() and not (start and text[start - 1].isalnum())


def repeated_names(text: str, spans: Sequence[Span], words: AbstractSet[str]) -> dict[str, str]:
    """The names whose repeats are to be found, with their labels; no organisation called as the text calls things."""
    labels: dict[str, str] = {}
    for start, end, label in spans:
        if label in PROPAGATED and end - start >= SHORTEST_ACRONYM:
            name = text[start:end]
            if end - start < SHORTEST_PROPAGATED and not (label == "ORG" and name.isupper()):
                continue
            if label == "ORG" and name.lower() in words and name.lower() not in load_words("organisation"):
                continue
            labels.setdefault(name, label)
            if label == "PERSON":
                last = name[name.rfind(" ") + 1 :]
                if len(last) >= SHORTEST_PROPAGATED:
                    labels.setdefault(last, label)
    return labels
