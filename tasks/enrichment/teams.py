"""Teams in reports of sport: "Chelsea" there is a club and no place; national teams stay countries."""

import re
from collections.abc import Iterator, Set
from functools import cache

from tasks.enrichment.clues import read_clues
from tasks.enrichment.gazetteer import Gazetteer
from tasks.enrichment.place_names import name_key
from tasks.enrichment.reference import load_words
from tasks.enrichment.spans import Span

# So many different words of sport make a report of sport: a story of politics has "beat", "points" and "leaders" too.
LEAST_WORDS = 6
LEAST_SHARE = 0.04
SPORT_SLUG = re.compile(
    r"(?:NFL AMERICAN FOOTBALL|NFL|NBA|NHL|MLB|(?:soccer|rugby(?: union| league)?|cricket|(?:base|basket|foot)ball|hockey)"
    r"\s?[-\u2013:])",
    re.IGNORECASE,
)
TEAM = r"[A-Z][\w.'\u2019&-]*(?: (?:[A-Z(][\w.'\u2019&()-]*|of|de|do|and|del|la|the))*"
# Results and tables of news agencies: "Bath 13 Orrell 56", "Arsenal 4 2 1 1 7 5 7", "BOSTON AT OAKLAND", "May 17 v Kent".
RESULT = re.compile(rf"^({TEAM}) (\d{{1,3}})(?: ?\([^)\n]*\))?,? ({TEAM}) \d{{1,3}}(?=$|[ ,(.])", re.MULTILINE)
TABLE_ROW = re.compile(rf"^(?:\d{{1,2}}\.? )?({TEAM})(?: \(\w+\))?(?: (?:[\d.+-]+(?:/\d+)?|-)){{4,}}$", re.MULTILINE)
SCHEDULE = re.compile(r"^([A-Z][A-Z. ]+) AT ([A-Z][A-Z. ]+)$", re.MULTILINE)
VERSUS = re.compile(rf"({TEAM}) (?:v|vs\.?|beat|bt) ({TEAM})")
PATTERNS = (RESULT, TABLE_ROW, SCHEDULE, VERSUS)
NO_TEAMS = frozenset(
    "total extras attendance note result results standings division group round day scorers w l pct tied draw win played"
    " lost points may june july august september october november december january february march april test".split()
)
IN_A_PLACE = frozenset(["in", "In", "near", "at", "At", "outside", "around", "across"])


def is_sport(text: str, words: Set[str]) -> bool:
    """Whether a text of these words reports sport, by many of them or by how its headline begins: "Soccer-"."""
    of_sport = len(sport_words() & words)
    if of_sport >= LEAST_WORDS and of_sport >= LEAST_SHARE * len(words):
        return True
    return SPORT_SLUG.match(text) is not None


@cache
def sport_words() -> frozenset[str]:
    """The words of sport, also in capitals, as headlines and tables print them."""
    words = load_words("sport")
    return words | {word.upper() for word in words} | {word.capitalize() for word in words}


def find_teams(text: str, gazetteer: Gazetteer) -> Iterator[Span]:
    """The teams of results, tables and schedules, in order of kind; countries among them as GPE."""
    for pattern in PATTERNS:
        for line in pattern.finditer(text):
            for group in (1, 3) if pattern is RESULT else range(1, pattern.groups + 1):
                name = line[group]
                key = name_key(name)
                if len(key) > 1 and key not in NO_TEAMS and key.split(" ", 1)[0] not in NO_TEAMS:
                    is_nation = read_clues(name, "ORG", gazetteer).known == "nation"
                    yield Span(*line.span(group), "GPE" if is_nation else "ORG")


def add_teams(spans: list[Span], teams: list[Span]) -> list[Span]:
    """The spans with the teams in place of what they overlap, in order."""
    taken: set[int] = set()
    kept: list[Span] = []
    for team in teams:
        if team.start not in taken and team.end not in taken:
            taken.update(range(team.start, team.end + 1))
            kept.append(team)
    return sorted([*kept, *(span for span in spans if taken.isdisjoint(range(span.start, span.end)))])
