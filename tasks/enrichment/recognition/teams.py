"""Teams in reports of sport: "Chelsea" there is a club and no place; national teams stay countries."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.recognition.clues import read_clues
from tasks.enrichment.recognition.repeats import is_whole
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.reference import load_words

# Each text is asked about by several rules, one after the other.
TEXTS_KEPT = 4
# So many different words of sport make a report of sport: a story of politics has "beat", "points" and "leaders" too.
LEAST_WORDS = 6
LEAST_SHARE = 0.04
SPORT_SLUG = re.compile(
    r"(?:N[FHB][LA]|MLB|soccer|rugby(?: union| league)?|cricket|(?:american )?(?:base|basket|foot)ball|hockey)"
    r"(?: american football| roundup)?\s?[-\u2013:]",
    re.IGNORECASE,
)
WORD_OF_TEAM = r"(?:[A-Z][\w'\u2019&-]+|[A-Z]\.?|St\.)"
TEAM = rf"{WORD_OF_TEAM}(?: (?:{WORD_OF_TEAM}|\([A-Z]\w*\)|of|de|do|and|del|la|the)){{0,5}}"
# Results and tables of news agencies: "Bath 13 Orrell 56", "Arsenal 4 2 1 1 7 5 7", "BOSTON AT OAKLAND".
RESULT = re.compile(
    rf"(?:^|(?<=[.:;] ))({TEAM}) \d{{1,3}}(?: ?\([^)\n]*\))?,? ({TEAM}) \d{{1,3}}(?=$|[ ,(.;])", re.MULTILINE
)
TABLE_ROW = re.compile(rf"^(?:\d{{1,2}}\.? )?({TEAM})(?: \(\w+\))?(?: (?:[\d.+-]+(?:/\d+)?|-)){{4,}}$", re.MULTILINE)
SCHEDULE = re.compile(r"^([A-Z][A-Z. ]+) AT ([A-Z][A-Z. ]+)$", re.MULTILINE)
PATTERNS = (RESULT, TABLE_ROW, SCHEDULE)
# Of people too it is said: "Federer beat Nadal".
VERSUS = re.compile(rf"({TEAM}) (?:v|vs\.?|beat|bt) ({TEAM})")
BEFORE_NICKNAME = re.compile(r"(?:(?<![.!?] )(?<!\n)[A-Z][\w.]+ ){1,3}$")
LONGEST_TOWN = 30
# What else stands in the first column of a table.
NO_TEAMS = frozenset(
    [
        "total",
        "extras",
        "attendance",
        "note",
        "result",
        "results",
        "standings",
        "division",
        "group",
        "round",
        "day",
        "scorers",
        "w",
        "l",
        "pct",
        "tied",
        "draw",
        "win",
        "played",
        "lost",
        "points",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "january",
        "february",
        "march",
        "april",
        "test",
    ]
)
ABBREVIATED = frozenset(
    ["fc", "cf", "afc", "sc", "ac", "as", "qpr", "psg", "psv", "rb", "cp", "vfl", "aek", "cska", "la", "amg"]
)


@lru_cache(TEXTS_KEPT)
def words_of(text: str) -> frozenset[str]:
    """What stands between the spaces of a text, each once."""
    return frozenset(text.split())


@lru_cache(TEXTS_KEPT)
def is_sport(text: str) -> bool:
    """Whether a text reports sport, by many words of it or by how its headline begins: "Soccer-"."""
    words = words_of(text)
    of_sport = len(sport_words() & words)
    if of_sport >= LEAST_WORDS and of_sport >= LEAST_SHARE * len(words):
        return True
    return SPORT_SLUG.match(text) is not None


@cache
def sport_words() -> frozenset[str]:
    """The words of sport, also in capitals, as headlines and tables print them."""
    words = load_words("sport")
    return words | {word.upper() for word in words} | {word.capitalize() for word in words}


def find_teams(text: str, words: AbstractSet[str], gazetteer: Gazetteer) -> Iterator[Span]:
    """The teams of results, tables and schedules, of matches told, and by their names; countries among them as GPE."""
    for pattern in PATTERNS:
        for name in groups_of(pattern, text):
            is_nation = read_clues(text[name.start : name.end], "ORG", gazetteer).known == "nation"
            yield name._replace(label="GPE") if is_nation else name
    for name in groups_of(VERSUS, text):
        if read_clues(text[name.start : name.end], "ORG", gazetteer).known == "place":
            yield name
    yield from find_nicknames(text, words)
    for club in clubs():
        yield from find_whole(text, club)


def groups_of(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """What the groups of a pattern match in the text, where it can be a team."""
    for found in pattern.finditer(text):
        for group in range(1, pattern.groups + 1):
            if is_team_word(found[group]):
                yield Span(*found.span(group), "ORG")


def find_whole(text: str, name: str) -> Iterator[Span]:
    """Each place where the name stands and no letter touches it."""
    at = text.find(name)
    while at >= 0:
        if is_whole(text, at, at + len(name)):
            yield Span(at, at + len(name), "ORG")
        at = text.find(name, at + len(name))


def find_nicknames(text: str, words: AbstractSet[str]) -> Iterator[Span]:
    """Nicknames with the town before them: "Cleveland Browns", "Seahawks"."""
    for nickname in sorted(nicknames() & words):
        for start, end, label in find_whole(text, nickname):
            town = BEFORE_NICKNAME.search(text, max(0, start - LONGEST_TOWN), start)
            yield Span(town.start() if town else start, end, label)


@cache
def clubs() -> tuple[str, ...]:
    """The clubs that are known by name, as printed."""
    return tuple(sorted((printed(name) for name in load_words("club")), key=lambda name: (-len(name), name)))


@cache
def nicknames() -> frozenset[str]:
    """Nicknames of one word as printed; those that end a club's name are found with it."""
    single = load_words("team") - load_words("club_end")
    return frozenset(printed(name) for name in single if " " not in name)


def printed(name: str) -> str:
    """A name of the table with its capitals."""
    words = (word.upper() if word in ABBREVIATED else word[:1].upper() + word[1:] for word in name.split(" "))
    return " ".join(words)


def is_team_word(name: str) -> bool:
    """Whether what stands in a table can be a team."""
    key = name_key(name)
    return len(key) > 1 and key not in NO_TEAMS and key.split(" ", 1)[0] not in NO_TEAMS
