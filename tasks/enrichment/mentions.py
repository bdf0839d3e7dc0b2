"""What goes into the enrichment and what comes out: documents, entity mentions, place mentions."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple

from schemas.reasons import Level, Role, Section, UnresolvedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text to enrich; every offset of its mentions counts code points of `text`."""

    text: str
    headline_length: Annotated[int, "Code points of the headline at the start of text; 0: none."] = 0
    standfirst_length: Annotated[int, "Code points of the standfirst, one newline after the headline; 0: none."] = 0
    published_date: date | None = None
    source: Annotated[str | None, "Who published it."] = None
    context: Annotated[str | None, "Read as evidence only, such as a title that is not in text."] = None
    language: Annotated[str | None, "ISO 639-1; None: the default language."] = None
    quiet: Annotated[tuple[tuple[int, int], ...], "Stretches (start, end) in order, where nothing is looked for."] = ()
    agencies: Annotated[
        tuple[tuple[int, int], ...], "Stretches in order that are read, since they say what a dateline is; no mentions."
    ] = ()

    @property
    def section_ends(self) -> tuple[int, int]:
        """Where the headline ends, and where the standfirst does or would if there were one."""
        headline_end = self.headline_length
        has_standfirst = self.standfirst_length > 0
        return headline_end, headline_end + (bool(headline_end) + self.standfirst_length) * has_standfirst

    @property
    def heard(self) -> str:
        """The text with spaces in place of what is quiet, so that no other character moves."""
        if not self.quiet:
            return self.text
        pieces, at = [], 0
        for start, end in self.quiet:
            pieces += [self.text[at:start], BLANK.sub(" ", self.text[start:end])]
            at = end
        return "".join([*pieces, self.text[at:]])

    def is_heard(self, start_char: int, end_char: int) -> bool:
        """Whether a stretch has nothing quiet and no agency in it."""
        return is_clear(self.quiet, start_char, end_char) and is_clear(self.agencies, start_char, end_char)


def is_clear(stretches: tuple[tuple[int, int], ...], start_char: int, end_char: int) -> bool:
    """Whether none of the stretches, which are in order and do not overlap, has a part in start to end."""
    number = bisect_left(stretches, (end_char, end_char)) - 1
    return number < 0 or stretches[number][1] <= start_char


SECTIONS = (Section.HEADLINE, Section.STANDFIRST, Section.BODY)
BLANK = re.compile(r"[^\n]")


class EntityMention(NamedTuple):
    """One named entity; `text[start_char:end_char] == surface`."""

    start_char: int
    end_char: int
    section: Section
    surface: str
    title: str | None
    label: str
    entity_id: str
    canonical_name: str
    canonical_method: str
    canonical_score: float | None


class PlaceMention(NamedTuple):
    """One place named in the text, resolved to a gazetteer entry or not; the columns of the `locations` table."""

    start_char: int
    end_char: int
    section: Section
    surface: str
    geonames_id: int | None
    place_name: str | None
    feature_class: str | None
    feature_code: str | None
    level: Level | None
    country_code: str | None
    admin1_code: str | None
    admin1_name: str | None
    latitude_deg: float | None
    longitude_deg: float | None
    population: int | None
    confidence: float | None
    method: str | None
    role: Role
    runner_up_geonames_id: int | None
    unresolved_reason: UnresolvedReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """The mentions of one document, each tuple sorted by `start_char` with no two mentions of the same span."""

    entities: tuple[EntityMention, ...]
    places: tuple[PlaceMention, ...]


def section_at(start_char: int, section_ends: tuple[int, int]) -> Section:
    """The part of a document with these `section_ends` that a mention beginning at `start_char` belongs to."""
    return SECTIONS[bisect_right(section_ends, start_char)]
