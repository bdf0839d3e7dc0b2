"""A stretch of text with a label, and the cleaning of stretches that a model marked badly."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tasks.enrichment.recognition.titles import title_length
from tasks.enrichment.reference import NAMES_KEPT, load_words

# OntoNotes' named types. Its numbers and times (DATE, TIME, PERCENT, MONEY, QUANTITY, ORDINAL, CARDINAL) name nothing.
# spaCy's pipelines for most other languages are trained on WikiNER, which has four labels; MISC is no kind of thing.
NAMED_LABELS = {
    label: label
    for label in ["PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"]
} | {"PER": "PERSON"}
PLACE_LABELS = frozenset(["GPE", "LOC", "FAC"])
# A title may hold any words; these names are built by rules.
BUILT_LABELS = frozenset(["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP"])

# Straight and typographic quotes: double, single, low, angle.
QUOTES = "\"'`*\u2588\u201c\u201d\u2018\u2019\u201e\u201a\u00ab\u00bb\u2039\u203a"
DASHES = "-\u2013\u2014\u2022"
OPENING = f" \t\u00a0{QUOTES}{DASHES}([{{<,;:./&"
CLOSING = f" \t\u00a0{QUOTES}{DASHES})]}}>,;:/&"
# Emoji and their colours, what is seen by nobody (byte order marks, joiners, directions), halves of characters.
SYMBOLS = frozenset(["So", "Sk", "Me", "Cf", "Cc", "Cs", "Co", "Cn"])
VARIATION_SELECTORS = "\ufe0e\ufe0f"
POSSESSIVE = re.compile(r"\s?['\u2019][sS]?$")
ARTICLE = re.compile(r"(?:the|The|THE)\s+")
WEB = re.compile(r"https?:|www\.|\w@\w|^[@#]\w|\.(?:com|org|net|co\.uk)\b", re.IGNORECASE)
MAX_WORDS = 14
# Longer stretches hold no name, and patterns take time in their square.
MOST_CHARS = 500
# Scores and dates that tables and wire headers put beside a name: "Kersey 63", "BRUSSELS 1996-08-31".
# Each character has one way to match: what may be read in two ways takes time without bound.
FIGURES_AFTER = re.compile(r"(?:\s+[.,:/-]*\d[\d.,:/-]*(?:st|nd|rd|th)?)+$")
LABELS_WITHOUT_FIGURES = frozenset(["PERSON", "GPE", "LOC", "NORP"])
DATE_AFTER = re.compile(r"\s+(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}|\d+-\d+)$")
# What stands between two names, never inside one: "SOCCER - ISRAEL", "Millwall 2 Burnley", "Lear / Gulfstream".
BETWEEN = (
    r"\n|(?<=[a-z]{4})\.\s(?=[A-Z])|(?<=[A-Z]{4})/(?=[A-Z]{4})|\s[-\u2013\u2014]+\s|\s/\s|;\s|:\s"
    r"|(?<=\w)\s\d+\s(?=[A-Z]\w+\s\d|[A-Z]\w+$)"
)
# A person's name has no comma but before "Jr." and no "and"; what is possessed is somebody else.
BETWEEN_PEOPLE = r"|,\s(?!(?:Jr|Sr|I+)\b)|\s(?:and|AND|&)\s|['\u2019]s\s"
# Lower-case words that names are made of; any other ends the name: "Reggie Blinker scored", "Knight b Hollioake".
PARTICLES = (
    "a|al|ap|as|ash|at|aus|bat|ben|bin|binti|bint|by|da|das|de|degli|dei|del|della|delle|den|der|des|di|do|dos|du|e|el"
    "|em|en|et|f\u00fcr|for|from|ibn|if|in|it|la|las|le|les|lo|los|mac|na|nan|no|not|o|of|on|or|san|sans|sur|ten|ter|the"
    "|to|u|und|upon|van|von|vom|with|without|y|z|za|zu|zum|zur|and|is|our|my|your|we|you|us|against|under|over|after"
)
PARTICLES_OF_PEOPLE = (
    "al|ap|ash|bat|ben|bin|binti|bint|da|das|de|degli|dei|del|della|delle|den|der|des|di|do|dos|du|e|el|ibn|la|las|le|les"
    "|lo|los|mac|of|san|ten|ter|the|van|von|vom|y|zu|zum|zur"
)
LOWER_WORD = r"|\s(?!(?:{})\s)[a-z]+\s(?=(?:[a-z]+\s)*[^\sa-z])"
BREAKS = {label: re.compile(BETWEEN + LOWER_WORD.format(PARTICLES)) for label in ("ORG", "FAC", "LOC", "NORP")} | {
    "GPE": re.compile(BETWEEN + r"|,\s" + LOWER_WORD.format(PARTICLES)),
    "PERSON": re.compile(BETWEEN + BETWEEN_PEOPLE + LOWER_WORD.format(PARTICLES_OF_PEOPLE)),
}
# "Magna, Johnson Controls" are two, "Bodman, Longely & Dahling" and "Lear, Inc." one.
TWO_ORGANISATIONS = re.compile(r"([^,]+),\s(?!(?:Inc|Ltd|LLC|L\.?P|Corp|Co|P\.?C|PLC|N\.?A|Jr)\b)([^,]+)")
MADE_OF_MANY = re.compile(r"\b(?:of|for|and|&)\b|&")
PLAIN_NAME = re.compile(r"(?!The |THE )[A-Z][A-Za-z]+(?: (?!AND )[A-Z][A-Za-z]+)*")
LINE_BREAK = re.compile(r"\n")
# "Stansted airport", "Interfax news agency", "central Jakarta": words beside the name.
LOWER_AFTER = re.compile(r"(?:\s+[a-z]+)+$")
NO_PARTICLE = r"(?!(?:al|bin|da|de|del|della|den|der|di|dos|du|el|la|le|ten|ter|van|von)\s)"
LOWER_BEFORE = re.compile(rf"(?:{NO_PARTICLE}[a-z]+\s+)+(?=\S)")
# "Davidson Ezinwa (Nigeria", "Red Star (Yugoslavia)": what stands in brackets behind a name is another name.
BRACKET = re.compile(r"\s?\((?=[^)]*+\)?(?:\s[a-z]+)*$)")
# "Leaders of African Union", "Representatives of First Bank": people of the organisation.
PEOPLE_OF = re.compile(
    r"(?:Chiefs?|Directors?|Employees|Heads?|Leaders|Members|Officials|Representatives|Supporters|Workers) of (?:the )?"
)


class Span(NamedTuple):
    """A labelled stretch of a text, in code points."""

    start: int
    end: int
    label: str


def shift_spans(spans: Sequence[Span], by: int) -> Sequence[Span]:
    """Spans of a part of a text as spans of the text, where the part begins at `by`."""
    return [Span(start + by, end + by, label) for start, end, label in spans] if by else spans


def clean_spans(text: str, marked: list[Span]) -> list[Span]:
    """The marked spans without quotes, articles, titles, possessives and noise, in order, none overlapping another."""
    kept: list[Span] = []
    end_before = 0
    for span in sorted(marked):
        label = NAMED_LABELS.get(span.label)
        if label is None:
            continue
        names = find_names_in(text[span.start : span.end], label)
        if names is None:  # the stretch as it is
            if span.start >= end_before:
                kept.append(span if span.label == label else span._replace(label=label))
                end_before = span.end
            continue
        for name_start, name_end, _ in names:
            if span.start + name_start >= end_before:
                end_before = span.start + name_end
                kept.append(Span(span.start + name_start, end_before, label))
    return kept


@lru_cache(NAMES_KEPT)
def find_names_in(marked: str, label: str) -> tuple[Span, ...] | None:
    """The names in a marked stretch, counted from its start; None when it is one clean name.

    A headline and the line below it are not one name.
    """
    if len(marked) > MOST_CHARS:
        return ()
    if is_plain_name(marked, label):
        return None
    spans = [trim_span(marked, part) for part in split_span(marked, label)]
    names = tuple(span for span in spans if is_name(marked[span.start : span.end]))
    return None if names == (Span(0, len(marked), label),) else names


def is_plain_name(marked: str, label: str) -> bool:
    """Whether a stretch is one clean name at first sight, as most are: none of the patterns below finds anything."""
    return (
        PLAIN_NAME.fullmatch(marked) is not None
        and (label != "PERSON" or title_length(marked) == 0)
        and marked.count(" ") < MAX_WORDS
        and not is_nameless(marked)
    )


def split_span(marked: str, label: str) -> Iterator[Span]:
    """The stretch cut at what cannot stand inside a name of this label."""
    two = TWO_ORGANISATIONS.fullmatch(marked) if label == "ORG" and not MADE_OF_MANY.search(marked) else None
    if two:
        yield from (Span(*two.span(1), label), Span(*two.span(2), label))
        return
    bracket = BRACKET.search(marked) if label in BUILT_LABELS else None
    start = 0
    for cut in (*BREAKS.get(label, LINE_BREAK).finditer(marked), *([bracket] if bracket else [])):
        if cut.start() >= start:
            yield Span(start, cut.start(), label)
            start = cut.end()
    yield Span(start, len(marked), label)


def trim_span(text: str, span: Span) -> Span:
    """The span without what surrounds the name: white space, quotes, brackets, article, title, possessive, figures."""
    start, end = strip_edges(text, span.start, span.end)
    article = ARTICLE.match(text, start, end)
    if (
        article
        and span.label != "WORK_OF_ART"
        and text[article.end() : end].casefold() not in load_words("keeps_article")
    ):
        start = article.end()
    last_word = text[start:end].rsplit(" ", 1)[-1].replace("\u2019", "'").casefold()
    possessive = POSSESSIVE.search(text[start:end])
    if possessive and last_word not in load_words("keeps_possessive"):
        end = start + possessive.start()
    figures = (FIGURES_AFTER if span.label in LABELS_WITHOUT_FIGURES else DATE_AFTER).search(text[start:end])
    if figures:
        end = start + figures.start()
    if span.label in BUILT_LABELS:
        start, end = strip_lower_case(text, start, end)
    if span.label == "PERSON":
        start += title_length(text[start:end])
    people = PEOPLE_OF.match(text, start, end) if span.label == "ORG" else None
    if people:
        start = people.end()
    start, end = strip_edges(text, start, end)
    return Span(start, end, span.label)


def strip_lower_case(text: str, start: int, end: int) -> tuple[int, int]:
    """Moves both ends past words in lower case: a name begins and ends with a capital."""
    after = LOWER_AFTER.search(text, start, end)
    if after:
        end = after.start()
    before = LOWER_BEFORE.match(text, start, end)
    return (before.end() if before else start), end


def strip_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Moves both ends past quotes and punctuation; a bracket that closes inside the name stays."""
    while start < end and (text[start] in OPENING or is_symbol(text[start])):
        start += 1
    while start < end and is_closing(text[end - 1]) and not closes_bracket(text, start, end):
        end -= 1
    return start, end


def is_closing(character: str) -> bool:
    """Whether no name ends in it."""
    return character in CLOSING or is_symbol(character)


def is_symbol(character: str) -> bool:
    """Whether it is no letter, digit, accent or punctuation of any script."""
    if character.isalnum():
        return False
    return unicodedata.category(character) in SYMBOLS or character in VARIATION_SELECTORS


def closes_bracket(text: str, start: int, end: int) -> bool:
    """Whether the last character is a bracket that was opened inside the span."""
    return text[end - 1] == ")" and "(" in text[start:end]


def is_name(surface: str) -> bool:
    """Whether the words can be a name at all."""
    if not any(is_name_letter(character) for character in surface) or WEB.search(surface):
        return False
    return not is_nameless(surface) and len(surface) > 1 and len(surface.split()) <= MAX_WORDS


def is_nameless(surface: str) -> bool:
    """Whether the tables say that it names nothing; "WHO" and "IT" are names in capitals."""
    if surface.isupper():
        return surface.casefold() in load_words("nameless_capitals")
    return surface.rstrip(".").casefold() in load_words("nameless")


def is_name_letter(character: str) -> bool:
    """Upper-case, or of a script that knows no case."""
    return character.isalpha() and not character.islower()
