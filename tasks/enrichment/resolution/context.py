"""What the places of an article say about one another: same country, same division, close by, in one list."""

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

import numpy as np

from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.groups import Groups, Lists, Name, Rows
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


def weigh_names(names: Sequence[Name], words: LocalWords, lists: Collection[tuple[int, int]]) -> list[list[float]]:
    """The probability of each sense of each name; `lists` are pairs of names, by number, that stand in one list.

    Some rounds: each believes what the last one found likely.
    """
    rows = Rows(names)
    own = own_scores(rows, names, words)
    probability = rows.probabilities(own)
    if len(names) > 1:
        voices: list[Voice] = [Groups(rows), Nearness(rows), *([Lists(rows, lists)] if lists else [])]
        for _ in range(weights.MOST_ROUNDS):
            before, score = probability, own
            for voice in voices:
                score = score + voice.worth(before)
            probability = rows.probabilities(score)
            if np.maximum.reduce(np.abs(probability - before)) < weights.SETTLED:
                break
    return rows.by_name(probability)


def own_scores(rows: Rows, names: Sequence[Name], words: LocalWords) -> Numbers:
    """What speaks for each row before the other names are heard."""
    score: Numbers = rows.score - localness(names, words) * rows.fame
    for first, name in zip(rows.cuts, names, strict=False):
        for row, worth in name.contained.items():
            score[first + row] += worth
    for country, count in words.countries.items():
        told = 1 - math.exp(-count / weights.WORDS_TO_TELL)
        score[rows.codes[1] == code_number("country", country)] += weights.TOLD_COUNTRY * told
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
        """Compares the rows of names in stretches."""
        self.is_town = rows.is_town
        self.town_weights = weights.PROXIMITY * rows.is_town
        cuts = range(0, len(rows.is_town), MOST_ROWS_COMPARED)
        stretches = [slice(start, start + MOST_ROWS_COMPARED) for start in cuts]
        self.squares = [
            (stretch, nearness(rows.vectors[:, stretch], rows.name_of_row[stretch])) for stretch in stretches
        ]

    def worth(self, probability: Numbers) -> Numbers:
        """What the likely towns near each row are worth."""
        likely = probability * self.is_town
        sums = np.concatenate([near @ likely[stretch] for stretch, near in self.squares])
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
