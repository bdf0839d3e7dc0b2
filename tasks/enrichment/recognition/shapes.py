"""Where names begin and end: owners and nations stand apart, people's names go on, acronyms in brackets are names."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.recognition.clues import read_clues
from tasks.enrichment.recognition.spans import PLACE_LABELS, Span, shift_spans
from tasks.enrichment.recognition.titles import is_head, title_length
from tasks.enrichment.reference import NAMES_KEPT, load_words

OWNER = re.compile(r"(.+?)['\u2019]s?\s+(?=\S)")
# "Abdel Fattah el-Sisi", "Arnel dela Vega": the model stops at words in lower case.
MORE_OF_PERSON = re.compile(
    r" (?:(?:el|al|as|an|ar|ad|ul)-[A-Z][\w'\u2019-]+"
    r"|(?:bin|ibn|van|von|de|da|dos|del|dela|della|di|bint)(?: (?:la|der|den|las|los))? [A-Z][\w'\u2019-]+)"
)
FAMILY_NAME = re.compile(r" (?:[A-Z]\. )?[A-Z][a-z\u00df-\u00ff'\u2019-]{1,30}[\w-]{0,30}(?!\.?\w)")
GIVEN_NAME = re.compile(r"(?<![\w.'\u2019-])[A-Z][a-z\u00df-\u00ff-]+ $")
BEFORE_AREA = frozenset([" of ", " of the ", " for ", " for the "])
MAY_BE_JOINED = PLACE_LABELS | {"ORG"}
# "Democratic Republic of the Congo".
PLACES_OF = frozenset(["republic", "kingdom", "gulf", "commonwealth", "emirate", "strait", "bay", "isle"])
NICKNAME = re.compile(r" ([A-Z][a-z]+(?: [A-Z][a-z]+)?)\b")
# "ABS-CBN": the model marks the half behind the hyphen.
HALF_OF_ACRONYM = re.compile(r"(?<![\w-])[A-Z]{2,}-$")
ACRONYM = re.compile(r" \(([A-Z][A-Za-z&-]{0,8}[A-Z])\)")
LONGEST_GIVEN_NAME = 16


def reshape(text: str, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The spans, cut or drawn out to whole names, with the acronyms that stand behind their organisation."""
    shaped: list[Span] = []
    free_from = 0
    for span, following in zip(spans, [*spans[1:], None], strict=False):
        start, end, label = span
        if start < free_from:
            continue
        joined = None
        if label in MAY_BE_JOINED and text.startswith(" ", end):
            joined = join_next(text, span, following, gazetteer)
        if joined:
            shaped.append(joined)
        elif label == "PERSON":
            shaped += whole_people(text, span, free_from, following.start if following else len(text), gazetteer)
        elif label == "ORG":
            shaped += whole_organisations(text, span, free_from, gazetteer)
        else:
            shaped.append(span)
        free_from = shaped[-1].end
    return shaped


def join_next(text: str, span: Span, following: Span | None, gazetteer: Gazetteer) -> Span | None:
    """One name of two marked stretches, if they are one: "Patriotic Union of Kurdistan", "Bosnia and Herzegovina"."""
    start, end, label = span
    if following and following.label in PLACE_LABELS and text[end : following.start] in BEFORE_AREA:
        noun = text[start:end].rsplit(" ", 1)[-1].casefold()
        if noun in (load_words("organisation_head") if label == "ORG" else PLACES_OF):
            return Span(start, following.end, label)
    if label == "ORG":
        return None
    if following and text[end : following.start] == " and ":
        is_nation = read_clues(text[start : following.end], "GPE", gazetteer).known == "nation"
        return Span(start, following.end, "GPE") if is_nation else None
    if text[end + 1 : end + 2].isupper():
        nickname = NICKNAME.match(text, end)
        if nickname and nickname[1].casefold() in load_words("team"):
            return Span(start, nickname.end(), "ORG")
    return None


def whole_people(text: str, span: Span, free_from: int, free_until: int, gazetteer: Gazetteer) -> Sequence[Span]:
    """The names that one marked person turns out to be, drawn out between its neighbours."""
    marked_start, marked_end, label = span
    surface = text[marked_start:marked_end]
    owned = cut_owner(surface, label, gazetteer)
    if owned:
        owner, name = shift_spans(owned, marked_start)
        return owner, name._replace(end=person_end(text, name.start, marked_end, free_until))
    start = person_start(text, marked_start, free_from)
    end = person_end(text, marked_start, marked_end, free_until)
    if start == marked_start and end == marked_end:
        return (span,)
    if end != marked_end and is_head(surface):
        start += title_length(text[start:end])
    return (Span(start, end, label),)


def whole_organisations(text: str, span: Span, free_from: int, gazetteer: Gazetteer) -> Sequence[Span]:
    """The owner and the organisation, and the acronym in brackets behind it."""
    start, end, label = span
    if start > free_from and text[start - 1] == "-":
        half = HALF_OF_ACRONYM.search(text, max(free_from, start - LONGEST_GIVEN_NAME), start)
        span = Span(half.start(), end, label) if half else span
    name = text[span.start : end]
    owned = cut_owner(name, label, gazetteer)
    whole = shift_spans(owned, span.start) if owned else (span,)
    acronym = ACRONYM.match(text, end) if text.startswith(" (", end) else None
    if acronym and stands_for(acronym[1], name):
        return (*whole, Span(*acronym.span(1), label))
    return whole


@lru_cache(NAMES_KEPT)
def cut_owner(name: str, label: str, gazetteer: Gazetteer) -> tuple[Span, ...]:
    """The owner or nation that stands first, then the rest: "Britain's | National Trust", "Dutch | Reggie Blinker".

    Empty when the name is one.
    """
    whole = Span(0, len(name), label)
    owner = OWNER.match(name) if "'" in name or "\u2019" in name else None
    if owner and read_clues(owner[1], label, gazetteer).known in ("nation", "state"):
        return Span(0, owner.end(1), "GPE"), whole._replace(start=owner.end())
    first, _, rest = name.partition(" ")
    if label != "PERSON" or not rest or name_key(first) in load_words("given_name"):
        return ()
    if gazetteer.find_people(first):
        return Span(0, len(first), "NORP"), whole._replace(start=len(first) + 1)
    is_given_name = " " in rest and name_key(rest.split(" ", 1)[0]) in load_words("given_name")
    if is_given_name and read_clues(first, label, gazetteer).known in ("nation", "state"):
        return Span(0, len(first), "GPE"), whole._replace(start=len(first) + 1)
    return ()


def person_start(text: str, start: int, free_from: int) -> int:
    """Where the name begins when a given name stands unmarked before it: "Per" before "Zetterquist"."""
    if start - 2 < free_from or text[start - 1] != " " or not text[start - 2].islower():
        return start
    given = GIVEN_NAME.search(text, max(free_from, start - LONGEST_GIVEN_NAME), start)
    return given.start() if given and name_key(given[0]) in load_words("given_name") else start


def person_end(text: str, start: int, end: int, free_until: int) -> int:
    """Where the name ends when more of it follows: "Abdel Fattah" before "el-Sisi", "Darin" before "LaHood"."""
    if end + 2 >= free_until or text[end] != " ":
        return end
    if text[end + 1].islower():
        more = MORE_OF_PERSON.match(text, end, free_until)
    else:
        is_given_name = name_key(text[start:end]) in load_words("given_name") or is_head(text[start:end])
        more = FAMILY_NAME.match(text, end, free_until) if is_given_name else None
    return more.end() if more else end


def stands_for(acronym: str, name: str) -> bool:
    """Whether the name has a word for the acronym's first letter."""
    return any(word[0].upper() == acronym[0] for word in name.split())
