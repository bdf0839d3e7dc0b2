"""Who wrote an article and where from, as printed on lines of their own or before the first sentence."""

import re

from tasks.reading.characters import APOSTROPHES, CAPITALS, DASHES

NAME = rf"(?:[{CAPITALS}][\w.{APOSTROPHES}-]*|de|van|von|der|den|da|di|del|la|le|bin|al|el|ter)"
NAMES = rf"{NAME}(?: {NAME}){{0,5}}"
BYLINE = re.compile(
    rf"(?:By|BY|Von|VON|Par|PAR|Por|POR|Di|Door)\s*:? "
    rf"(?P<names>{NAMES}(?:(?:, | and | und | et | y | e | en | & ){NAMES}){{0,6}}(?: ?[|,{DASHES}] ?[^|,]{{2,60}})?)"
)
CREDITS = re.compile(r"\((?:Additional )?[Rr]eporting by (?P<names>[^;)]{3,200})[;)]")
MAX_BYLINE = 160  # characters of a line that is only a byline


def find_byline(paragraphs: list[str]) -> str | None:
    """The authors, from a `By …` line among the first four lines or the agency's credits among the last three."""
    for line in paragraphs[:4]:
        if len(line) <= MAX_BYLINE and (found := BYLINE.fullmatch(line)):
            return found["names"].strip()
    for line in paragraphs[-3:]:
        if found := CREDITS.search(line[-1000:]):
            return found["names"].strip()
    return None


def is_byline(line: str) -> bool:
    """Whether a line is a byline and nothing else."""
    return len(line) <= MAX_BYLINE and BYLINE.fullmatch(line) is not None


UPPER = f"[{CAPITALS}]"
PLACE = rf"{UPPER}(?:{UPPER}|[.{APOSTROPHES}/ -]){{1,38}}"
WORD = rf"[{CAPITALS}][\w.{APOSTROPHES}-]{{1,24}}"
MIXED_PLACE = rf"{WORD}(?: {WORD}){{0,3}}"
REGION = rf"(?:, (?!\w+\.? \d)[{CAPITALS}][\w.' ]{{1,28}}?)?"
DAY = r" ?, (?:[A-Z][A-Za-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][A-Za-z]{2,8}\.?)(?:, \d{4}| \d{4})?"
AGENCY = r" ?\([^()]{2,40}\)"
DASH = rf" ?[{DASHES}]{{1,2}} "
# A place not in capitals must have a day or an agency behind it: "Berlin - the city - ..." is prose.
DATELINE = re.compile(
    rf"(?P<place>{PLACE}{REGION})(?:{DAY})?(?:{AGENCY})?{DASH}"
    rf"|(?P<mixed>{MIXED_PLACE}{REGION})(?:{DAY}(?:{AGENCY})?|{AGENCY}){DASH}"
)


BRACKETS = re.compile(r"\(([^()]{2,40})\)")
# An agency's name may also stand alone before the first sentence: "(CNN) A small plane crashed".
AGENCY_ALONE = re.compile(r"\((AFP|ANI|ANSA|AP|CNN|dpa|EFE|IANS|Kyodo|PA|PTI|Reuters|TASS|UPI|Xinhua)\) ")


def find_agency(line: str) -> tuple[int, int] | None:
    """Where the agency's name stands in the dateline that a line begins with; None without one."""
    if alone := AGENCY_ALONE.match(line):
        return alone.span(1)
    dateline = DATELINE.match(line[:160])
    brackets = BRACKETS.search(dateline[0]) if dateline else None
    return brackets.span(1) if brackets else None


def find_dateline(paragraphs: list[str]) -> str | None:
    """The place before the first sentence: `KYIV, Dec 1 (Reuters) -`, `Berlin (dpa) -`; among the first three lines."""
    for line in paragraphs[:3]:
        if found := DATELINE.match(line[:160]):
            return str(found["place"] or found["mixed"]).strip()
    return None
