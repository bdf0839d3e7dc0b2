"""Lines and words of an article that are no news: captions, credits, links to other pages, what stands there twice.

What is noise stays in the text, marked by its place, and is left out of what is enriched; only furniture of a page
that is a line of its own ("Advertisement", "Share this article") is taken out of the text and kept beside it. The
phrases are data: `seeds/reference/noise_lines.csv`.
"""

import csv
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import seeds
from schemas.reasons import NoiseKind
from tasks.reading.bylines import find_agency, is_byline
from tasks.reading.characters import DASHES

PHRASES = Path(seeds.__file__ or "seeds/__init__.py").parent / "reference" / "noise_lines.csv"

# A paragraph that begins with "Image caption" may be long; no link, credit or invitation is as long as this.
MAX_CHARACTERS = 600
MAX_FURNITURE = 60
MAX_CREDIT_AT_END = 400
BYLINE_LINES = 4
DATELINE_LINES = 3
REPEATED_CHARACTERS = 40  # shorter lines, such as "Yes." in an interview, repeat rightly


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """A stretch of the text that is no news; offsets count code points."""

    start_char: int
    end_char: int
    kind: NoiseKind


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the table: what a line of this kind says, and where in the line."""

    kind: NoiseKind | None  # None: furniture, which is taken out
    where: str
    text: str

    def marks(self, line: "Line") -> bool:
        """Whether the line is of this kind."""
        return PLACES[self.where](self.text, line)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without the marks around it, as it is and in lower case."""

    text: str
    lowered: str

    def behind(self, phrase: str) -> str | None:
        """What follows the phrase that the line begins with; None when it begins otherwise."""
        return self.text[len(phrase) :].lstrip() if self.lowered.startswith(phrase) else None

    def has_speech(self) -> bool:
        """Whether somebody says something in the line: then it is a sentence of the news, however it begins."""
        return SPEECH.search(self.lowered) is not None


SPEECH = re.compile(
    r"\b(?:said|says|say|told|tells|ruled|asked|urged|warned|added|announced|ordered|sagte|sagt|erklärte|schreibt"
    r"|dijo|dice|dit|déclaré|disse|diz|detto|zei|powiedział|powiedziała)\b"
)
COLONS = (":", "\uff1a")
MARKS = (*COLONS, "|", "»", ">", "…", "...", "!", ".", *DASHES)
AROUND = f" .…!:•*|[]()>«»{DASHES}"
AROUND_START = AROUND.replace("(", "")  # "(Photo by" begins with its bracket
NAME_WORDS = 6  # "Photo: Jane Doe / Leeds Herald" has five; a headline behind "Source:" has more
PEOPLE = re.compile(r"[A-ZÀ-Þ][\w.'\u2019-]+ (?:[a-z]{2,3} ){0,2}[A-ZÀ-Þ]")
OPENING = re.compile(r"$|[^a-zà-ÿ]")


def follows(phrase: str, line: Line, marks: tuple[str, ...]) -> bool:
    """Whether the line begins with the phrase and a mark follows it."""
    return (line.behind(phrase) or "").startswith(marks)


def names_somebody(rest: str) -> bool:
    """Whether this is as short as a name is, and no sentence."""
    return len(rest.strip(AROUND).split()) <= NAME_WORDS


def has_tail(phrase: str, line: Line) -> bool:
    """Whether the line's last words are the phrase, as a label is written, and a name."""
    at = line.text.rfind(phrase.capitalize())
    return at >= 0 and names_somebody(line.text[at + len(phrase) :])


PLACES: dict[str, Callable[[str, Line], bool]] = {
    "whole": lambda phrase, line: line.lowered.strip(AROUND) == phrase,
    "begins": lambda phrase, line: line.lowered.startswith(phrase) and not line.has_speech(),
    "label": lambda phrase, line: line.lowered == phrase or follows(phrase, line, MARKS),
    "colon": lambda phrase, line: follows(phrase, line, COLONS) and not line.has_speech(),
    "dash": lambda phrase, line: follows(phrase, line, tuple(DASHES)),
    "name": lambda phrase, line: follows(phrase, line, COLONS) and names_somebody(line.text[len(phrase) :]),
    "people": lambda phrase, line: PEOPLE.match(line.behind(phrase) or "") is not None,
    "open": lambda phrase, line: (rest := line.behind(phrase)) is not None and OPENING.match(rest) is not None,
    "tail": lambda phrase, line: len(line.text) <= MAX_CREDIT_AT_END and has_tail(phrase, line),
    "contains": lambda phrase, line: len(line.text) <= MAX_CREDIT_AT_END and phrase in line.lowered,
}
ANYWHERE = ("contains", "tail")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The table, by the first word of a line, so that most lines cost one look-up."""

    by_word: dict[str, list[Phrase]]
    anywhere: list[Phrase]


@cache
def load_phrases() -> Phrases:
    """The phrases of the reference table."""
    by_word: dict[str, list[Phrase]] = defaultdict(list)
    anywhere = []
    with PHRASES.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            kind = None if row["kind"] == "furniture" else NoiseKind(row["kind"])
            phrase = Phrase(kind, row["where"], row["phrase"].lower())
            if phrase.where in ANYWHERE:
                anywhere.append(phrase)
            else:
                by_word[first_word(phrase.text)].append(phrase)
    return Phrases(dict(by_word), anywhere)


FIRST_WORD = re.compile(r"©|\(?\w+(?:-\w+)?")


def first_word(line: str) -> str:
    """The first word of a line in lower case, with the bracket before it."""
    found = FIRST_WORD.match(line)
    return found[0] if found else ""


def drop_furniture(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines that stay, and those that are furniture of a page and nothing else."""
    kept: list[str] = []
    dropped: list[str] = []
    for line in lines:
        (dropped if len(line) <= MAX_FURNITURE and is_furniture(line) else kept).append(line)
    return kept, dropped


def is_furniture(line: str) -> bool:
    """Whether a line is the label of a button or of an advertisement's place."""
    stripped = bare(line)
    phrases = load_phrases().by_word.get(first_word(stripped.lowered), ())
    return any(phrase.kind is None and phrase.marks(stripped) for phrase in phrases)


def bare(line: str) -> Line:
    """The line without the bullet or arrow before it."""
    text = line.lstrip(AROUND_START)
    return Line(text, text.lower())


def find_noise(text: str) -> list[Noise]:
    """What is no news in a text whose first line is its headline, in order; no two stretches overlap."""
    found = list(find_noise_lines(text))
    lines = [(line.start_char, line.end_char) for line in found]
    for word in find_glued_words(text):
        line = bisect(lines, (word.start_char, len(text))) - 1
        if line < 0 or lines[line][1] < word.end_char:
            found.append(word)
    return sorted(found, key=lambda noise: noise.start_char)


def find_noise_lines(text: str) -> Iterator[Noise]:
    """The lines below the headline that are no news, and the agencies' names in datelines."""
    headline, *lines = text.split("\n")
    lowered = text.lower()
    anywhere = [phrase for phrase in load_phrases().anywhere if phrase.text in lowered]
    before: set[str] = set()
    start = len(headline) + 1
    for number, line in enumerate(lines):
        repeated = len(line) >= REPEATED_CHARACTERS and line in before
        before.add(line)
        kind = NoiseKind.REPEATED if repeated else line_kind(line, number, anywhere)
        if kind:
            yield Noise(start_char=start, end_char=start + len(line), kind=kind)
        elif number < DATELINE_LINES and (agency := find_agency(line)):
            yield Noise(start_char=start + agency[0], end_char=start + agency[1], kind=NoiseKind.AGENCY)
        start += len(line) + 1


def line_kind(line: str, number: int, anywhere: Sequence[Phrase]) -> NoiseKind | None:
    """What a line is, if it is no news; `number` counts the lines below the headline from 0."""
    if len(line) > MAX_CHARACTERS:
        return None
    if number < BYLINE_LINES and is_byline(line):
        return NoiseKind.BYLINE
    phrases = load_phrases().by_word.get(first_word(line[:MAX_FURNITURE].lstrip(AROUND_START).lower()), [])
    if not phrases and not anywhere:
        return None
    stripped = bare(line)
    for phrase in [*phrases, *anywhere]:
        if phrase.kind and phrase.marks(stripped):
            return phrase.kind
    return None


# The second half of a word with a capital inside. It looks back from the capitals, which are few: three times as fast
# as looking ahead from every letter.
HALF = re.compile(r"[A-ZÀ-Þ](?<=[a-zà-ÿ].)[a-zà-ÿ]+(?![^\W\d_])")
MAX_HALF = 30  # letters
# Words that are neither end nor beginning of a name: "LondonThe", "theKremlin". Names with a capital inside
# (AstraZeneca, BuzzFeed) are no fault, so one half must be such a word.
SECOND_HALVES = frozenset([
    "The", "This", "That", "These", "They", "But", "And", "When", "While", "After", "Before", "With", "From", "For",
    "His", "Her", "Its", "Our", "Image", "Photo", "Read",
])  # fmt: skip
FIRST_HALVES = frozenset([
    "the", "this", "that", "of", "and", "from", "with", "said", "says", "told", "when", "while", "after", "before",
    "for", "by", "has", "was", "were",
])  # fmt: skip


def find_glued_words(text: str) -> Iterator[Noise]:
    """Words that lost the space between them."""
    for second in HALF.finditer(text):
        start = second.start()
        while start > max(0, second.start() - MAX_HALF) and text[start - 1].isalpha():
            start -= 1
        if second[0] in SECOND_HALVES or text[start : second.start()] in FIRST_HALVES:
            yield Noise(start_char=start, end_char=second.end(), kind=NoiseKind.GLUED_WORDS)
