"""News to measure with: sentences and paragraphs of the Wikinews seeds put together anew, the same at every call."""

import random
import re
from datetime import date, timedelta
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "seeds" / "raw" / "wikinews"
RANDOM_SEED = 20_251_201

# As a year's quarter arrives: in order, over three partitions.
FIRST_DAY = date(2025, 10, 1)
DAYS = 90

# Shorter lines are dates and captions.
LEAST_PARAGRAPH_WORDS = 25
LEAST_SENTENCE_WORDS = 7
SENTENCE_END = re.compile(r"(?<=[.!?]) ")

# The seeds alone have 8,000 different words, and what a program keeps of words would be found there every time. In
# 800,000 words of agency stories (Reuters-21578) every eleventh is met for the first time; so are these.
WORDS_PER_NEW_WORD = 11
SYLLABLES = [first + vowel + last for first in "bdfgklmnprstvz" for vowel in "aeiou" for last in ("", "n", "r", "s")]

FULL_LENGTH_WORDS = 400
SHORT_WORDS = 100


def write_articles(
    folder: Path, count: int, words: int = FULL_LENGTH_WORDS, *, first_day: date = FIRST_DAY, days: int = DAYS
) -> Path:
    """Write so many one-article files of about so many words below `folder`, a folder a day; gives the folder.

    Any two share few paragraphs (or, when short, sentences), so nearly all are new articles and no near-duplicates.
    """
    chance = random.Random(RANDOM_SEED + (first_day - FIRST_DAY).days)
    headlines, pieces = headlines_and_paragraphs()
    if words < FULL_LENGTH_WORDS:
        pieces = [sentence for piece in pieces for sentence in sentences(piece)]
    for number in range(count):
        day = first_day + timedelta(days=number * days // count)
        file = folder / "wire" / f"{day}" / f"{number:06d}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            f" date {day} {chance.choice(headlines)}",
            *(renamed(line, chance) for line in draw(pieces, words, chance)),
        ]
        file.write_text("\n".join(lines), encoding="utf-8")
    return folder


def headlines_and_paragraphs() -> tuple[list[str], list[str]]:
    """The seeds' headlines and their paragraphs of full sentences."""
    files = [file.read_text(encoding="utf-8").split("\n") for file in sorted(SEEDS.glob("*.txt"))]
    headlines = [header.removeprefix(" date ")[len("2025-12-01 ") :] for header, *_ in files]
    return headlines, [line for _, *lines in files for line in lines if len(line.split()) >= LEAST_PARAGRAPH_WORDS]


def sentences(paragraph: str) -> list[str]:
    """The longer sentences of a paragraph."""
    return [part for part in SENTENCE_END.split(paragraph) if len(part.split()) >= LEAST_SENTENCE_WORDS]


def draw(pieces: list[str], words: int, chance: random.Random) -> list[str]:
    """Different pieces, until there are enough words."""
    drawn: list[str] = []
    while sum(len(piece.split()) for piece in drawn) < words:
        piece = chance.choice(pieces)
        if piece not in drawn:
            drawn.append(piece)
    return drawn


def renamed(line: str, chance: random.Random) -> str:
    """The line with some words in the place of which stand words that nobody knows."""
    words = line.split(" ")
    for number in range(chance.randrange(WORDS_PER_NEW_WORD), len(words), WORDS_PER_NEW_WORD):
        if words[number].isalpha():
            made = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3))))
            words[number] = made.capitalize() if words[number].istitle() else made
    return " ".join(words)
