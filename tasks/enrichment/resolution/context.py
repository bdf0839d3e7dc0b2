"""What the places of an article say about one another: same country, same division, close by, in one list."""

import math
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.groups import Groups, Name, Rows
from tasks.enrichment.resolution.senses import Numbers, Senses, code_number
from tasks.enrichment.resolution.wording import LocalWords

EARTH_RADIUS_KM = 6371.0
# 8 MB a square; the articles of LGL and GeoVirus have 300 rows at most.
MOST_ROWS_COMPARED = 1_000


def weigh_names(names: Sequence[Name], words: LocalWords, lists: Collection[tuple[int, int]]) -> list[Numbers]:
    """The probability of each sense of each name; `lists` are pairs of names, by number, that stand in one list.

    Some rounds: each believes what the last one found likely.
    """
    rows = Rows(names)
    own = own_scores(rows, names, words)
    probability = rows.probabilities(own)
    if len(names) > 1:
        groups = Groups(rows)
        near = Nearness(rows)
        neighbours = list_neighbours(lists, len(names))
        for _ in range(weights.MOST_ROUNDS):
            table = groups.table(probability)
            score = own + groups.shares(table) + groups.backing(table) + near.neighbours(probability)
            if neighbours is not None:
                score += groups.lists(table, neighbours)
            before, probability = probability, rows.probabilities(score)
            if np.abs(probability - before).max() < weights.SETTLED:
                break
    return rows.by_name(probability)


def list_neighbours(lists: Collection[tuple[int, int]], name_count: int) -> Numbers | None:
    """1.0 where two names, by row and column, are neighbours in a list; None when there is no list."""
    if not lists:
        return None
    neighbours = np.zeros((name_count, name_count))
    for one, other in lists:
        neighbours[one, other] = neighbours[other, one] = 1.0
    return neighbours


def own_scores(rows: Rows, names: Sequence[Name], words: LocalWords) -> Numbers:
    """What speaks for each row before the other names are heard."""
    score = np.concatenate([senses.score for senses in rows.columns])
    for first, name in zip(rows.first_rows, names, strict=True):
        for row, worth in name.contained.items():
            score[first + row] += worth
    for country, count in words.countries.items():
        told = 1 - math.exp(-count / weights.WORDS_TO_TELL)
        score[rows.countries == code_number(country)] += weights.TOLD_COUNTRY * told
    fame = np.concatenate([senses.fame for senses in rows.columns])
    scores: Numbers = score - localness(rows.columns, words) * fame
    return scores


def localness(columns: Iterable[Senses], words: LocalWords) -> float:
    """0 to 1: how much an article reads like local news, by its counties and its words."""
    counties = sum(senses.places[0].kind == "admin2" for senses in columns)
    return 1 - math.exp(-(words.total + counties) / 2)


class Nearness:
    """How near the towns of different names are: 1 for the same place, falling with distance; nothing for others.

    Names far apart in a very long list are not compared: a square of every row with every row would fill the memory.
    """

    def __init__(self, rows: Rows) -> None:
        """Compares the rows of names in stretches."""
        self.is_town = np.concatenate([senses.is_town for senses in rows.columns])
        self.vectors = np.concatenate([senses.vectors for senses in rows.columns])
        self.name_of_row = rows.name_of_row
        cuts = range(0, len(self.is_town), MOST_ROWS_COMPARED)
        self.stretches = [slice(start, start + MOST_ROWS_COMPARED) for start in cuts]
        self.squares = [self.square(stretch) for stretch in self.stretches]

    def square(self, stretch: slice) -> Numbers:
        """How near each row of the stretch is to each."""
        vectors, names, is_town = self.vectors[stretch], self.name_of_row[stretch], self.is_town[stretch]
        # Squares of chords: the same as arcs within 1 % up to 1,500 km, where nothing counts any more.
        squares = (2 - 2 * (vectors @ vectors.T)) * (EARTH_RADIUS_KM / weights.PROXIMITY_KM) ** 2
        near: Numbers = (names[:, None] != names) * is_town / np.square(1 + squares)
        near[~is_town] = 0
        return near

    def neighbours(self, probability: Numbers) -> Numbers:
        """What the likely towns near each row are worth."""
        sums = [near @ probability[stretch] for near, stretch in zip(self.squares, self.stretches, strict=True)]
        worth: Numbers = weights.PROXIMITY * np.minimum(np.concatenate(sums), weights.MOST_NEIGHBOURS)
        return worth
