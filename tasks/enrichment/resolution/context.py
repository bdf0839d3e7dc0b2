"""What the places of an article say about one another: same country, same division, close by, in one list."""

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.groups import Article, Groups, Lists, Name, Rows
from tasks.enrichment.resolution.senses import Codes, Numbers, code_number
from tasks.enrichment.resolution.wording import LocalWords

EARTH_RADIUS_KM = 6371.0
SQUARE_UNIT = 2 * (EARTH_RADIUS_KM / weights.PROXIMITY_KM) ** 2
# 8 MB a square; the articles of LGL and GeoVirus have 300 rows at most.
MOST_ROWS_COMPARED = 1_000


class Voice(Protocol):
    """What other names say."""

    def worth(self, probability: Numbers) -> Numbers:
        """For each row."""


def weigh_articles(articles: Sequence[Article]) -> list[list[list[float]]]:
    """For each article and each of its names the probability of each sense.

    Some rounds: each believes what the last one found likely, until nothing moves in an article.
    """
    rows = Rows(articles)
    own = own_scores(rows, articles)
    probability = rows.probabilities(own)
    is_open = np.diff(rows.name_cuts) > 1
    voices = load_voices(rows, articles) if is_open.any() else []
    first_rows = [first for first, _ in rows.stretches]
    for _ in range(weights.MOST_ROUNDS if voices else 0):
        before, score = probability, own
        for voice in voices:
            score = score + voice.worth(before)
        probability = np.where(is_open[rows.article_of_row], rows.probabilities(score), before)
        is_open &= np.maximum.reduceat(np.abs(probability - before), first_rows) >= weights.SETTLED
        if not is_open.any():
            break
    return rows.by_article(probability)


def load_voices(rows: Rows, articles: Iterable[Article]) -> list[Voice]:
    """All that names say of one another."""
    pairs = [
        (first + one, first + other)
        for first, article in zip(rows.name_cuts, articles, strict=False)
        for one, other in article.lists
    ]
    return [Groups(rows), Nearness(rows), *([Lists(rows, pairs)] if pairs else [])]


def own_scores(rows: Rows, articles: Sequence[Article]) -> Numbers:
    """What speaks for each row before the other names are heard."""
    is_local = np.array([localness(article.names, article.words) for article in articles])
    score: Numbers = rows.score - is_local[rows.article_of_row] * rows.fame
    names = (name for article in articles for name in article.names)
    for first, name in zip(rows.cuts, names, strict=False):
        for row, worth in name.contained.items():
            score[first + row] += worth
    for (first, after), article in zip(rows.stretches, articles, strict=True):
        for country, count in article.words.countries.items():
            told = 1 - math.exp(-count / weights.WORDS_TO_TELL)
            is_there = rows.codes[1, first:after] == code_number("country", country)
            score[first:after][is_there] += weights.TOLD_COUNTRY * told
    return score


def localness(names: Iterable[Name], words: LocalWords) -> float:
    """0 to 1: how much an article reads like local news, by its counties and its words."""
    counties = sum([name.senses.places[0].kind == "admin2" for name in names])
    return 1 - math.exp(-(words.total + counties) / 2)


class Nearness:
    """How near the towns of different names are: 1 for the same place, falling with distance; nothing for others.

    Names far apart in a very long list are not compared: a square of every row with every row would fill the memory.
    """

    def __init__(self, rows: Rows) -> None:
        """Compares the rows of names in stretches of an article."""
        self.is_town = rows.is_town
        self.town_weights = weights.PROXIMITY * rows.is_town
        cuts = (
            slice(start, min(start + MOST_ROWS_COMPARED, after))
            for first, after in rows.stretches
            for start in range(first, after, MOST_ROWS_COMPARED)
        )
        self.squares = [(cut, nearness(rows.vectors[:, cut], rows.name_of_row[cut])) for cut in cuts]

    def worth(self, probability: Numbers) -> Numbers:
        """What the likely towns near each row are worth."""
        likely = probability * self.is_town
        sums = np.concatenate([near @ likely[cut] for cut, near in self.squares])
        worth: Numbers = self.town_weights * np.minimum(sums, weights.MOST_NEIGHBOURS)
        return worth


def nearness(vectors: Numbers, name_of_row: Codes) -> Numbers:
    """How near each row is to each of another name."""
    # Squares of chords, (2 - 2 cos) r²: the same as arcs within 1 % up to 1,500 km, where nothing counts any more.
    near: Numbers = vectors.T @ (vectors * -SQUARE_UNIT)
    near += 1 + SQUARE_UNIT
    near *= near
    np.divide(name_of_row[:, None] != name_of_row, near, out=near)
    return near
