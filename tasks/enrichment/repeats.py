"""Names that a model missed: repeats of names that it found elsewhere, and names where only a name can stand."""

import re
from collections.abc import Iterator, Sequence

from tasks.enrichment.gazetteer import Gazetteer
from tasks.enrichment.spans import Span

PROPAGATED = frozenset(["PERSON", "ORG", "GPE", "LOC"])
SHORTEST_PROPAGATED = 4
# "AU", "WHO": capitals make the word a name.
SHORTEST_ACRONYM = 2
DATELINE = re.compile(
    r"(?:^|(?<=[.!?\u201d\"] ))[ \t]*([A-Z][A-Z.'\u2019\- ]{2,30}[A-Z.])"
    r"(?=(?:,\s[A-Z][\w.]+)?(?:,?\s+[A-Z][a-z]{2,8}\.?\s\d{1,2})?\s*(?:\(|\u2014|\u2013|--|-\s|\d{4}-\d\d-\d\d))",
    re.MULTILINE,
)
HOME_OF_POLITICIAN = re.compile(r"(?<=\b[RDI]-)([A-Z][a-z]+\.?(?: [A-Z][a-z]+)?)")


def find_datelines(text: str, spans: Sequence[Span], gazetteer: Gazetteer) -> Iterator[Span]:
    """Places where only a place can stand: "KYIV (Reuters) -", "Jane Doe, D-Charleston"; the model misses many."""
    for pattern in (DATELINE, HOME_OF_POLITICIAN):
        for dateline in pattern.finditer(text):
            start, end = dateline.span(1)
            is_new = not any(span.start < end and span.end > start for span in spans)
            if is_new and gazetteer.find_named(dateline[1]):
                yield Span(start, end, "GPE")


def find_repeats(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Unmarked occurrences of the names that are marked elsewhere, and of people's last names; longer names first."""
    taken = bytearray(len(text) + 1)
    for start, end, _ in spans:
        taken[start:end] = b"\x01" * (end - start)
    labels = repeated_names(text, spans)
    for name in sorted(labels, key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not taken[start] and is_whole(text, start, end) and not any(taken[start:end]):
                taken[start:end] = b"\x01" * len(name)
                yield Span(start, end, labels[name])
            start = text.find(name, end)


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches the stretch."""
    return not text[end : end + 1].isalnum() and not (start and text[start - 1].isalnum())


def repeated_names(text: str, spans: Sequence[Span]) -> dict[str, str]:
    """The names whose repeats are to be found, with their labels."""
    labels: dict[str, str] = {}
    for start, end, label in spans:
        if label in PROPAGATED and end - start >= SHORTEST_ACRONYM:
            name = text[start:end]
            if end - start < SHORTEST_PROPAGATED and not (label == "ORG" and name.isupper()):
                continue
            labels.setdefault(name, label)
            if label == "PERSON":
                last = name[name.rfind(" ") + 1 :]
                if len(last) >= SHORTEST_PROPAGATED:
                    labels.setdefault(last, label)
    return labels
