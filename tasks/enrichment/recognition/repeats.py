"""Names that a model missed: repeats of names that it found elsewhere, and names where only a name can stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.known_words import Words
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.reference import NAMES_KEPT, load_words

PROPAGATED = frozenset(["PERSON", "ORG", "GPE", "LOC"])
SHORTEST_PROPAGATED = 4
# "AU", "WHO": capitals make the word a name.
SHORTEST_ACRONYM = 2
# In capitals, before the date or the agency in brackets: no gazetteer need know the place. It begins with no later
# letter of a word in capitals: in headlines most of the time went into trying each.
DATELINE = re.compile(
    r"([A-Z](?<![A-Z]{2})[A-Z.'\u2019\- /]{1,30}[A-Z.])(?=[,\s(\u2014\u2013-])(?:,\s[A-Z][\w.]++)?"
    r"(?:(,?\s++[A-Z][a-z]{2,8}\.?\s\d{1,2})?\s*+(\([A-Z][\w/ ]{1,20}\)|\u2014|\u2013|--|-\s)|\s(\d{4}-\d\d-\d\d)$)",
    re.MULTILINE,
)
BEFORE_DATELINE = re.compile(r"(?:^|[.!?\u201d\"]\s+|\n)[ \t]*$")
# The hyphen comes first, because one letter is found quickly.
HOME_OF_POLITICIAN = re.compile(r"-(?<=\b[RDI]-)([A-Z]\.(?:[A-Z][a-z]{0,3}\.)+|[A-Z][a-z]+\.?(?: [A-Z][a-z]+)?)")
CAPITAL_AFTER = re.compile(r" [A-Z][\w.]*")
# Letters and digits as `is_whole` sees them.
CAPITAL_WORD = re.compile(r"[A-Z][^\W_]*")
KINDS = ("place_end", "place_end_surely", "organisation_end", "event_end")
FAMILY_NAME = re.compile(r"(?: [A-Z]\.)?(?: (?:de|van|von|der|la|bin|al|el|di|da|del))*(?: [A-Z][\w'\u2019-]+){1,2}")


def find_datelines(text: str, gazetteer: Gazetteer) -> Iterator[Span]:
    """Places where only a place can stand: "KYIV (Reuters) -", "Jane Doe, D-N.Y."; the model misses many."""
    for dateline in DATELINE.finditer(text):
        start = dateline.start(1)
        is_sure = dateline[4] or (dateline[3][0] == "(" and not dateline[3].isupper())
        opens = BEFORE_DATELINE.search(text, max(0, start - 8), start)
        if opens and (is_sure or gazetteer.find_named(dateline[1])):
            for place in dateline[1].split("/"):
                yield Span(start, start + len(place), "GPE")
                start += len(place) + 1
    for home in HOME_OF_POLITICIAN.finditer(text):
        if gazetteer.find_named(home[1]):
            yield Span(*home.span(1), "GPE")


def lay_over(spans: Iterable[Span], surer: Iterable[Span]) -> list[Span]:
    """The surer spans, the first of those that overlap, and those of the others that they leave free; in order."""
    taken: set[int] = set()
    kept: list[Span] = []
    for span in surer:
        stretch = range(span.start, span.end)
        if taken.isdisjoint(stretch):
            taken.update(stretch)
            kept.append(span)
    if not taken:
        return list(spans)
    return sorted([*kept, *(span for span in spans if taken.isdisjoint(range(span.start, span.end)))])


def find_repeats(text: str, spans: Sequence[Span], words: Words) -> Iterator[Span]:
    """Unmarked names: those that are marked elsewhere, people's last names, well-known organisations, people."""
    free = blank_spans(text, spans)
    begins_free = frozenset(CAPITAL_WORD.findall(free))
    labels = repeated_names(text, spans, words, begins_free)
    for known in sorted(words.organisations, key=text.find):
        labels.setdefault(known, "ORG")
    for place in known_places():
        if place in free:
            labels.setdefault(place, "FAC")
    for name in sorted(labels, key=len, reverse=True):
        for start in find_all(free, name):
            end = start + len(name)
            if is_whole(text, start, end) and not (labels[name] == "PERSON" and goes_on(text, end)):
                free = blank(free, start, end)
                yield Span(start, end, labels[name])
    yield from find_people(text, words, free, begins_free)


def blank_spans(text: str, spans: Iterable[Span]) -> str:
    """The text with line breaks, which no name holds, in place of the spans; no letter moves."""
    pieces: list[str] = []
    at = 0
    for start, end, _ in spans:
        pieces += (text[at:start], "\n" * (end - start))
        at = end
    return "".join([*pieces, text[at:]])


def blank(free: str, start: int, end: int) -> str:
    """The text with line breaks in place of one more name."""
    return free[:start] + "\n" * (end - start) + free[end:]


def find_people(text: str, words: Words, free: str, begins_free: AbstractSet[str]) -> Iterator[Span]:
    """Unmarked given names with a family name: "Crystal Munoz was"; no word that the article also writes small."""
    given_names = [
        given for given in words.given_names if given.lower() not in words.told and may_stand_free(given, begins_free)
    ]
    end_before = 0
    # In order of the text, so that the first of two given names begins the name: "Raul Rodrigo Lara".
    for start in sorted(start for given in given_names for start in find_all(free, f"{given} ")):
        name = FAMILY_NAME.match(text, text.index(" ", start))
        if start >= end_before and name and is_person(text, start, name.end(), free):
            end_before = name.end()
            yield Span(start, end_before, "PERSON")


def find_all(text: str, wanted: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Each place where the text, or a stretch of it, holds the wanted one."""
    at = text.find(wanted, start, end)
    while at >= 0:
        yield at
        at = text.find(wanted, at + len(wanted), end)


def is_person(text: str, start: int, end: int, free: str) -> bool:
    """Whether given and family name stand free, and are no beginning of another name: "Scott West Panthers"."""
    is_free = "\n" not in free[start:end] and is_whole(text, start, end)
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
def known_places() -> tuple[str, ...]:
    """Places that nothing else is called, as printed."""
    return tuple(sorted(name.title() for name in load_words("known_place")))


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches the stretch."""
    return not text[end : end + 1].isalnum() and not (start and text[start - 1].isalnum())


def repeated_names(text: str, spans: Sequence[Span], words: Words, begins_free: AbstractSet[str]) -> dict[str, str]:
    """The names that may stand free, with their labels; no organisation called as the text calls things.

    `begins_free` are the capitalised words outside the spans.
    """
    labels: dict[str, str] = {}
    for name, label in dict.fromkeys([(text[start:end], label) for start, end, label in spans]):
        if label not in PROPAGATED:
            continue
        last = name[name.rfind(" ") + 1 :] if label == "PERSON" else name
        if not may_stand_free(last, begins_free):  # nor may the name
            continue
        if is_repeated(name, label, words):
            labels.setdefault(name, label)
        if label == "PERSON" and len(last) >= SHORTEST_PROPAGATED:
            labels.setdefault(last, label)
    return labels


def may_stand_free(name: str, begins_free: AbstractSet[str]) -> bool:
    """Whether the name's first word is among those that stand outside the spans; one without a capital always may."""
    begins = CAPITAL_WORD.match(name)
    return begins is None or begins[0] in begins_free


def is_repeated(name: str, label: str, words: Words) -> bool:
    """Whether the name is that of one thing wherever it stands."""
    if label != "ORG":
        return len(name) >= SHORTEST_PROPAGATED
    return len(name) >= (SHORTEST_ACRONYM if name.isupper() else SHORTEST_PROPAGATED) and not is_word(name, words)


def is_word(organisation: str, words: Words) -> bool:
    """Whether the article also writes the name small, as the name of a thing, and no table calls it an organisation."""
    name = organisation.lower()
    return name in words.told and name not in load_words("organisation")
