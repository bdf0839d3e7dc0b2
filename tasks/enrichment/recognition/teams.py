"""Teams in reports of sport: "Chelsea" there is a club and no place; national teams stay countries."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.gazetteer.place_names import name_key
from tasks.enrichment.recognition.clues import read_clues
from tasks.enrichment.recognition.known_words import Words, printed, words_of
from tasks.enrichment.recognition.repeats import find_all, is_whole
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.reference import load_words

# So many different words of sport make a report of sport: a story of politics has "beat", "points" and "leaders" too.
LEAST_WORDS = 6
LEAST_SHARE = 0.04
SPORT_SLUG = re.compile(
    r"(?:N[FHB][LA]|MLB|soccer|rugby(?: union| league)?|cricket|(?:american )?(?:base|basket|foot)ball|hockey)"
    r"(?: american football| roundup)?\s?[-\u2013:]",
    re.IGNORECASE,
)
# Words and lines have a longest length, else a hostile text takes time in its square (20,000 capitals: 8 s).
WORD_OF_TEAM = r"(?:[A-Z][\w'\u2019&-]{1,30}|[A-Z]\.?|St\.)"
TEAM = rf"{WORD_OF_TEAM}(?: (?:{WORD_OF_TEAM}|\([A-Z]\w*\)|of|de|do|and|del|la|the)){{0,5}}"
# Results and tables of news agencies: "Bath 13 Orrell 56", "Arsenal 4 2 1 1 7 5 7", "BOSTON AT OAKLAND".
RESULT = re.compile(
    rf"(?:^|(?<=[.:;] ))({TEAM}) \d{{1,3}}(?: ?\([^)\n]{{0,60}}\))?,? ({TEAM}) \d{{1,3}}(?=$|[ ,(.;])", re.MULTILINE
)
TABLE_ROW = re.compile(rf"^(?:\d{{1,2}}\.? )?({TEAM})(?: \(\w+\))?(?: [\d.+-]+(?:/\d+)?){{4,}}$", re.MULTILINE)
SCHEDULE = re.compile(r"^([A-Z][A-Z. ]{1,40}) AT ([A-Z][A-Z. ]{1,40})$", re.MULTILINE)
PATTERNS = (RESULT, TABLE_ROW, SCHEDULE)
# Of people too it is said: "Federer beat Nadal".
VERSUS = re.compile(rf"(?<![\w'\u2019&-])({TEAM}) (?:v|vs\.?|beat|bt) ({TEAM})")
WORDS_OF_VERSUS = frozenset(["v", "vs", "vs.", "beat", "bt"])
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


def is_sport(text: str) -> bool:
    """Whether a text reports sport, by many words of it or by how its headline begins: "Soccer-"."""
    words = words_of(text)
    of_sport = len(words.of_sport)
    if of_sport >= LEAST_WORDS and of_sport >= LEAST_SHARE * len(words.told):
        return True
    return SPORT_SLUG.match(text) is not None


def find_teams(text: str, words: Words, gazetteer: Gazetteer) -> Iterator[Span]:
    """The teams of results, tables and schedules, of matches told, and by their names; countries among them as GPE."""
    for pattern in PATTERNS:
        for name in groups_of(pattern, text):
            is_nation = read_clues(text[name.start : name.end], "ORG", gazetteer).known == "nation"
            yield name._replace(label="GPE") if is_nation else name
    for name in () if WORDS_OF_VERSUS.isdisjoint(words.told) else groups_of(VERSUS, text):
        if read_clues(text[name.start : name.end], "ORG", gazetteer).known == "place":
            yield name
    yield from find_nicknames(text, words.nicknames)
    for club in clubs():
        if club in text:
            yield from find_whole(text, club)


def groups_of(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """What the groups of a pattern match in the text, where it can be a team."""
    for found in pattern.finditer(text):
        for group in range(1, pattern.groups + 1):
            if is_team_word(found[group]):
                yield Span(*found.span(group), "ORG")


def find_whole(text: str, name: str) -> Iterator[Span]:
    """Each place where the name stands and no letter touches it."""
    for at in find_all(text, name):
        if is_whole(text, at, at + len(name)):
            yield Span(at, at + len(name), "ORG")


def find_nicknames(text: str, nicknames: AbstractSet[str]) -> Iterator[Span]:
    """Nicknames with the town before them: "Cleveland Browns", "Seahawks"."""
    for nickname in sorted(nicknames):
        for start, end, label in find_whole(text, nickname):
            town = BEFORE_NICKNAME.search(text, max(0, start - LONGEST_TOWN), start)
            yield Span(town.start() if town else start, end, label)


@cache
def clubs() -> tuple[str, ...]:
    """The clubs that are known by name, as printed."""
    return tuple(sorted((printed(name) for name in load_words("club")), key=lambda name: (-len(name), name)))


def is_team_word(name: str) -> bool:
    """Whether what stands in a table can be a team."""
    key = name_key(name)
    return len(key) > 1 and key not in NO_TEAMS and key.split(" ", 1)[0] not in NO_TEAMS
