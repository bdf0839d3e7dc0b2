"""What the places of an article say about one another: same country, same division, close by, in one list."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from tasks.enrichment import weights
from tasks.enrichment.senses import COUNTY, Codes, Numbers, Senses, code_number
from tasks.enrichment.wording import LocalWords

EARTH_RADIUS_KM = 6371.0


@dataclass(slots=True, eq=False)
class Name:
    """One name of an article, which means one place throughout, and what speaks for its senses beside their priors."""

    senses: Senses
    # How loudly it speaks for the others: 1 for a name that is mentioned once.
    loudness: float = 1.0
    none_of_these: float = 0.0
    is_people: bool = False
    # Rows of senses that stand beside the place they lie in, or beside one that lies in them: what that is worth.
    contained: dict[int, float] = field(default_factory=dict)

    def contain(self, row: int, worth: float) -> None:
        """Notes what the words beside a mention say for one sense; the strongest counts."""
        self.contained[row] = max(self.contained.get(row, 0.0), worth)


class Rows:
    """The senses of all names of an article below one another; each name is a stretch of rows."""

    def __init__(self, names: Sequence[Name]) -> None:
        """Joins the columns; there must be a name."""
        self.columns = [name.senses for name in names]
        lengths = [len(senses.places) for senses in self.columns]
        self.first_rows = np.array([0, *accumulate(lengths[:-1])])
        self.name_of_row = np.repeat(np.arange(len(names)), lengths)
        self.loudness = np.array([name.loudness for name in names])
        self.none_of_these = np.array([name.none_of_these for name in names])
        self.countries = np.concatenate([senses.countries for senses in self.columns])

    def probabilities(self, score: Numbers) -> Numbers:
        """The softmax of each name's scores; what is missing to 1 is "none of these"."""
        highest = np.maximum(np.maximum.reduceat(score, self.first_rows), self.none_of_these)
        powers = np.exp(score - highest[self.name_of_row])
        total = np.add.reduceat(powers, self.first_rows) + np.exp(self.none_of_these - highest)
        probability: Numbers = powers / total[self.name_of_row]
        return probability

    def by_name(self, column: Numbers) -> list[Numbers]:
        """A column cut into the stretches of the names."""
        return [column[first:after] for first, after in pairwise([*self.first_rows.tolist(), len(column)])]


class Groups:
    """What rows have in common: their country, division and kind; how far other names speak for those of a row.

    A table has a row for each name and a column for each group; `cells` says where in it a row of senses stands with
    its country, its division and its kind.
    """

    def __init__(self, rows: Rows) -> None:
        """Numbers the groups of this article."""
        divisions = np.concatenate([senses.divisions for senses in rows.columns])
        levels = np.concatenate([senses.levels for senses in rows.columns])
        codes = np.concatenate([rows.countries, divisions, levels]).tolist()
        number_of: dict[int, int] = {}
        numbers = np.array([number_of.setdefault(code, len(number_of)) for code in codes])
        self.width = len(number_of)
        self.cells = rows.name_of_row * self.width + numbers.reshape(3, -1)
        self.flat_cells = self.cells.ravel()
        self.loudness = rows.loudness[:, None]
        self.loudness_of_others = self.loudness.sum() - self.loudness + 1.0
        self.share_weights = np.stack(
            [weights.SAME_COUNTRY * (rows.countries != 0), weights.SAME_DIVISION * (divisions != 0)]
        )
        self.backing_weights = weights.DIVISION_BACKED * (divisions != 0)

    def table(self, probability: Numbers) -> Numbers:
        """How likely each name means a place in each group."""
        size = len(self.loudness) * self.width
        table: Numbers = np.bincount(self.flat_cells, np.concatenate([probability] * 3), size).astype(
            np.float64, copy=False
        )
        return table.reshape(-1, self.width)

    def shares(self, table: Numbers) -> Numbers:
        """What it is worth that other names, the louder counting more, mean its country and division."""
        loud = table * self.loudness
        shares = ((loud.sum(axis=0) - loud) / self.loudness_of_others).ravel()[self.cells[:2]]
        worth: Numbers = (shares * self.share_weights).sum(axis=0)
        return worth

    def backing(self, table: Numbers) -> Numbers:
        """What it is worth that any other name can mean a place in its division, be that unlikely."""
        backing = np.log1p(weights.BACKING_STEEPNESS * table) / math.log1p(weights.BACKING_STEEPNESS)
        worth: Numbers = self.backing_weights * (1 - np.exp((backing - backing.sum(axis=0)).ravel()[self.cells[1]]))
        return worth

    def lists(self, table: Numbers, pairs: Codes) -> Numbers:
        """What it is worth that the neighbours of its name in a list are of its kind, two neighbours at most."""
        neighbours = np.zeros_like(table)
        np.add.at(neighbours, pairs[:, 0], table[pairs[:, 1]])
        np.add.at(neighbours, pairs[:, 1], table[pairs[:, 0]])
        worth: Numbers = weights.SAME_LIST * np.minimum(neighbours, 2).ravel()[self.cells[2]]
        return worth


def weigh_names(names: Sequence[Name], words: LocalWords, lists: Iterable[tuple[int, int]]) -> list[Numbers]:
    """The probability of each sense of each name; `lists` are pairs of names, by number, that stand in one list.

    Some rounds: each believes what the last one found likely.
    """
    rows = Rows(names)
    own = own_scores(rows, names, words)
    probability = rows.probabilities(own)
    if len(names) > 1:
        pairs = np.array([*lists]).reshape(-1, 2)
        groups = Groups(rows)
        near = nearness(rows)
        for _ in range(weights.ROUNDS):
            table = groups.table(probability)
            score = own + groups.shares(table) + groups.backing(table)
            score += weights.PROXIMITY * np.minimum(near @ probability, weights.MOST_NEIGHBOURS)
            if len(pairs):
                score += groups.lists(table, pairs)
            probability = rows.probabilities(score)
    return rows.by_name(probability)


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
    counties = sum(senses.levels[0] == COUNTY for senses in columns)
    return 1 - math.exp(-(words.total + counties) / 2)


def nearness(rows: Rows) -> Numbers:
    """How near the towns of different names are, 1 for the same place; zeros for what is no town."""
    is_town = np.concatenate([senses.is_town for senses in rows.columns])
    vectors = np.concatenate([senses.vectors for senses in rows.columns])
    # Squares of chords: the same as arcs within 1 % up to 1,500 km, where nothing counts any more.
    squares = (2 - 2 * (vectors @ vectors.T)) * (EARTH_RADIUS_KM / weights.PROXIMITY_KM) ** 2
    of_others = rows.name_of_row[:, None] != rows.name_of_row
    near: Numbers = of_others * is_town / np.square(1 + squares)
    near[~is_town] = 0
    return near
