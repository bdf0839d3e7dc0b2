# ruff: noqa: RUF001 - other scripts look like Latin to it
"""Dates as headers write them, each form one pattern."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from schemas.reasons import Reason
from tasks.reading.characters import APOSTROPHES, DASHES


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDate:
    """What stands where a date should: the day, or what is wrong with it; `end` is where the date ends in the text."""

    end: int
    day: date | None = None
    instant: datetime | None = None
    problem: Reason | None = None
    detail: str | None = None


MONTH_NAMES = """
1 january jan januar jänner janvier janv enero ene gennaio gen janeiro januari styczeń stycznia leden ledna ocak
1 января січня tammikuuta január ianuarie ιανουαρίου
2 february feb februar février fevr févr fév febrero febbraio fevereiro fev februari luty lutego únor února şubat
2 февраля лютого helmikuuta február februarie φεβρουαρίου
3 march mar mars märz mär marzo março maart mrt marts marzec marca březen března mart марта березня maaliskuuta
3 március martie μαρτίου
4 april apr avril avr abril abr aprile kwiecień kwietnia duben dubna nisan апреля квітня huhtikuuta április aprilie
4 απριλίου
5 may mai mayo maggio mag maio mei maj maja květen května mayıs mayis мая травня toukokuuta május μαΐου μαίου
6 june jun juni juin junio giugno giu junho czerwiec czerwca červen června haziran июня червня kesäkuuta június
6 iunie ιουνίου
7 july jul juli juillet juil julio luglio lug julho lipiec lipca červenec července temmuz июля липня heinäkuuta
7 július iulie ιουλίου
8 august aug août aout agosto ago augustus augusti sierpień sierpnia srpen srpna ağustos августа серпня elokuuta
8 augusztus αυγούστου
9 september sept sep septembre septiembre settembre set setembro wrzesień września září eylül сентября вересня
9 syyskuuta szeptember septembrie σεπτεμβρίου
10 october oct oktober okt octobre octubre ottobre ott outubro out październik października říjen října ekim
10 октября жовтня lokakuuta október octombrie οκτωβρίου
11 november nov novembre noviembre novembro listopad listopada listopadu kasım kasim ноября листопада marraskuuta
11 noiembrie νοεμβρίου
12 december dec dezember dez décembre déc diciembre dic dicembre dezembro desember grudzień grudnia prosinec
12 prosince aralık aralik декабря грудня joulukuuta decembrie δεκεμβρίου
"""
MONTHS = {name: int(number) for number, *names in map(str.split, MONTH_NAMES.strip().splitlines()) for name in names}
WEEKDAY_NAMES = """monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi
    dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato
    domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"""
WEEKDAYS = frozenset(WEEKDAY_NAMES.split())

# \d takes full-width and other scripts' digits, and int() reads them.
SEPARATOR = rf"\s?[./\uff0f\uff0e{DASHES}]\s?"
NAME = r"(?P<month>[^\W\d_]{3,12})\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
YEAR = r"(?P<year>\d{4})"
OF = r"[\s-]*(?:of\s|de\s|di\s)?\s*"
FORMS = tuple(
    re.compile(form + r"(?!\d)", re.IGNORECASE)
    for form in (
        rf"{YEAR}{SEPARATOR}(?P<number>\d{{1,2}}){SEPARATOR}(?P<day>\d{{1,2}})",  # 2025-12-01, 2025/12/1
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})",  # 20251201
        rf"(?P<first>\d{{1,2}}){SEPARATOR}(?P<second>\d{{1,2}}){SEPARATOR}{YEAR}",  # 23/11/2025
        rf"{DAY}{OF}{NAME},?[\s-]*(?:de\s|del\s)?\s*{YEAR}",  # 1 December 2025, 01-Dec-2025, 1 de diciembre de 2025
        rf"{NAME}\s*{DAY},?\s+{YEAR}",  # Dec 1, 2025
        rf"{YEAR}[\s-]+{NAME}[\s-]+{DAY}",  # 2025 December 1
        r"(?P<year>\d{4})\s?年\s?(?P<number>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日",
    )
)
NAME_OF_DAY = r"[^\W\d_]{3,10}"
WEEKDAY = re.compile(rf"({NAME_OF_DAY})\.?,?\s+")

# Abbreviations with one meaning in news; without a zone a time is taken as UTC.
ZONE_HOURS = {"Z": 0, "z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2}
ZONE_HOURS |= {"SAST": 2, "EEST": 3, "MSK": 3, "PKT": 5, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11}
ZONE_HOURS |= {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
# India, Ireland or Israel; New York in winter or in summer: no instant rather than a wrong one.
UNCLEAR_ZONES = ("IST", "ET")
ZONE_NAMES = "|".join(sorted([*ZONE_HOURS, *UNCLEAR_ZONES], key=len, reverse=True))
ZONE = rf"(?P<zone>(?:UTC|GMT)?[+-]\d\d:?\d\d|(?<=\d)[+-]\d\d|(?:UTC|GMT)[+-]\d{{1,2}}|{ZONE_NAMES})"
BEFORE_TIME = r"(?:\s?[Tt]|,?\s+(?:at\s+)?)"
HALF = r"(?P<half>[aApP])\.?[mM]\b\.?"
BEHIND_TIME = rf"(?:\s?\(?{ZONE}\)?)?(?!\w|[:-]\w)"
TIMES = (
    re.compile(  # T23:30:00-05:00, 10:15 pm EST, 10h15
        rf"{BEFORE_TIME}(?P<hour>[01]?\d|2[0-4])[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d|60)(?:[.,]\d{{1,9}})?)?"
        rf"(?:\s?{HALF})?(?:\s?Uhr\b)?{BEHIND_TIME}"
    ),
    re.compile(rf"[Tt](?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?{BEHIND_TIME}"),
    re.compile(  # 10.15am, 7 pm GMT; but "7 am start for schools" is a headline
        rf"{BEFORE_TIME}(?P<hour>0?[1-9]|1[0-2])(?:\.(?P<minute>[0-5]\d))?\s?{HALF}{BEHIND_TIME}(?!\s+[a-z])"
    ),
    re.compile(r",?\s+(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s?(?P<zone>GMT|UTC|Z)(?!\w)"),  # 1015 GMT
)
# A day's own zone, as XML writes it, and a weekday: in brackets, or before what parts it from the headline.
BEHIND_DAY = re.compile(
    rf"(?:Z|[+-]\d\d:\d\d)(?![\w:])|\s?[(\[](?P<in>{NAME_OF_DAY})\.?[)\]]"
    rf"|,?\s+(?P<bare>{NAME_OF_DAY})\.?(?=\s*(?:\Z|[,:|{DASHES}]\s|\n))"
)

# "Dec 1", "December 2025", "1 December", "1 Dec '25": the beginnings of a date without its day or its year.
NO_YEAR = re.compile(
    rf"(?:(?P<first>{NAME_OF_DAY})\.?\s+\d{{1,4}}|\d{{1,2}}{OF}(?P<second>{NAME_OF_DAY}))(?!\w)(?:,?\s*[{APOSTROPHES}]\d\d(?!\w))?"
)
LOOKS_LIKE_A_DATE = re.compile(rf"\d{{1,4}}(?:{SEPARATOR})\d{{1,4}}(?:(?:{SEPARATOR})\d{{1,4}})?|\d{{4,}}")


def parse_date(text: str, day_first: bool | None) -> WrittenDate | None:
    """The date at the beginning of `text`, with a time if one follows; None where nothing looks like a date."""
    weekday = WEEKDAY.match(text)
    start = weekday.end() if weekday and weekday[1].lower() in WEEKDAYS else 0
    for form in FORMS:
        found = form.match(text, start)
        if found and (numbers := day_of(found, day_first)):
            return written_date(text, found, numbers)
    shape = LOOKS_LIKE_A_DATE.match(text, start)
    if shape:
        return WrittenDate(end=shape.end(), problem=Reason.INVALID_DATE, detail=shape[0])
    partial = NO_YEAR.match(text, start)
    if partial and (partial["first"] or partial["second"]).lower() in MONTHS:
        return WrittenDate(end=partial.end(), problem=Reason.INVALID_DATE, detail=text[: partial.end()])
    return WrittenDate(end=start, problem=Reason.INVALID_DATE, detail=text[:30]) if start else None


def day_of(found: re.Match[str], day_first: bool | None) -> tuple[int, int, int] | Reason | None:
    """Year, month and day of a match; AMBIGUOUS_DATE, or None when the word is no month."""
    parts = found.groupdict()
    year = int(parts["year"])
    if parts.get("month"):
        number = MONTHS.get(parts["month"].lower())
        return (year, number, int(parts["day"])) if number else None
    if parts.get("number"):
        return year, int(parts["number"]), int(parts["day"])
    first, second = int(parts["first"]), int(parts["second"])
    if first == second or max(first, second) > 12:
        return (year, first, second) if second > 12 else (year, second, first)
    if day_first is None:
        return Reason.AMBIGUOUS_DATE
    return (year, second, first) if day_first else (year, first, second)


def written_date(text: str, found: re.Match[str], numbers: tuple[int, int, int] | Reason) -> WrittenDate:
    """The day of the calendar and the time behind it, or the problem."""
    if isinstance(numbers, Reason):
        return WrittenDate(end=found.end(), problem=numbers, detail=found[0])
    try:
        day = date(*numbers)
    except ValueError:
        return WrittenDate(end=found.end(), problem=Reason.INVALID_DATE, detail=found[0])
    end = end_of_day(text, found.end())
    for form in TIMES:
        if time := form.match(text, end):
            return WrittenDate(end=time.end(), day=day, instant=instant(day, time))
    return WrittenDate(end=end, day=day)


def end_of_day(text: str, at: int) -> int:
    """Where the zone or weekday behind a day ends, if there is one."""
    behind = BEHIND_DAY.match(text, at)
    if behind is None:
        return at
    weekday = behind["in"] or behind["bare"]
    return behind.end() if weekday is None or weekday.lower() in WEEKDAYS else at


def instant(day: date, time: re.Match[str]) -> datetime | None:
    """The UTC instant of a day and a time; None where its zone is unclear or it would leave the calendar."""
    parts = time.groupdict()
    offset = zone_offset(parts.get("zone"))
    hour, minute, second = int(parts["hour"]), int(parts["minute"] or 0), min(59, int(parts.get("second") or 0))
    half = parts.get("half")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half in "pP" else 0)
    if offset is None or hour * 60 + minute > MINUTES_A_DAY:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        return midnight + timedelta(hours=hour, minutes=minute, seconds=second) - offset
    except OverflowError:
        return None


MINUTES_A_DAY = 24 * 60
FARTHEST_ZONE = timedelta(hours=14)


def zone_offset(zone: str | None) -> timedelta | None:
    """How far a zone is ahead of UTC; None where it is unclear or on no map."""
    if zone is None or zone in ZONE_HOURS:
        return timedelta(hours=ZONE_HOURS.get(zone or "UTC", 0))
    if zone in UNCLEAR_ZONES:
        return None
    signed = zone.removeprefix("UTC").removeprefix("GMT")
    digits = signed[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    if offset > FARTHEST_ZONE:
        return None
    return -offset if signed[0] == "-" else offset
