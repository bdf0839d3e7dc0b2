"""The senses of all names of an article in one table, and the groups they form: countries, divisions, lists."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.senses import LEVEL_COUNT, Codes, Numbers, Senses

# A score that nothing outweighs: e to its power is still a number.
HOPELESS = 100.0
SHARE_WEIGHTS = np.array([[weights.SAME_DIVISION], [weights.SAME_COUNTRY]])
BACKING_UNIT = math.log1p(weights.BACKING_STEEPNESS)


@dataclass(slots=True, eq=False)
class Name:
    """One name of an article, which means one place throughout, and what speaks for its senses beside their priors."""

    senses: Senses
    # How loudly it speaks for the others: 1 for a name that is mentioned once.
    loudness: float = 1.0
    none_of_these: float = 0.0
    # Rows of senses that stand beside the place they lie in, or beside one that lies in them: what that is worth.
    contained: dict[int, float] = field(default_factory=dict)

    def contain(self, row: int, worth: float) -> None:
        """Notes what the words beside a mention say for one sense; the strongest counts."""
        self.contained[row] = max(self.contained.get(row, 0.0), worth)


class Rows:
    """The senses of all names of an article below one another; each name is a stretch of rows."""

    def __init__(self, names: Sequence[Name]) -> None:
        """Joins the columns; there must be a name."""
        lengths = [len(name.senses.places) for name in names]
        self.cuts = [0, *accumulate(lengths)]
        self.first_rows = np.array(self.cuts[:-1])
        self.name_of_row = np.repeat(np.arange(len(names)), lengths)
        figures = np.concatenate([name.senses.figures for name in names], axis=1)
        self.score, self.fame, self.is_town = figures[:3]
        self.has_group, self.vectors = figures[3:5], figures[5:]
        self.codes = np.concatenate([name.senses.codes for name in names], axis=1)
        self.loudness = np.array([name.loudness for name in names])
        self.none_of_these = np.exp([min(name.none_of_these, HOPELESS) for name in names])

    def probabilities(self, score: Numbers) -> Numbers:
        """The softmax of each name's scores; what is missing to 1 is "none of these"."""
        powers = np.exp(score)
        total = np.add.reduceat(powers, self.first_rows) + self.none_of_these
        probability: Numbers = powers / total[self.name_of_row]
        return probability

    def by_name(self, column: Numbers) -> list[list[float]]:
        """A column cut into the stretches of the names."""
        figures = column.tolist()
        return [figures[first:after] for first, after in pairwise(self.cuts)]


class Groups:
    """What rows have in common, their country and division; how far other names speak for those of a row.

    A table has a row for each name and a column for each group, the divisions first; `cells` says where in it each row
    of senses stands with its division and where, further on, with its country.
    """

    def __init__(self, rows: Rows) -> None:
        """Numbers the groups of this article."""
        row_count, name_count = len(rows.name_of_row), len(rows.loudness)
        numbers = number_anew(rows.codes[:2].ravel())
        self.shape = name_count, int(numbers[-1]) + 1
        self.division_count = int(numbers[row_count - 1]) + 1
        names = np.concatenate((rows.name_of_row, rows.name_of_row))
        self.cells = names * self.shape[1] + numbers
        self.division_cells = rows.name_of_row * self.division_count + numbers[:row_count]
        self.loudness = rows.loudness[names]
        self.steepness = (weights.BACKING_STEEPNESS / rows.loudness)[:, None]
        self.backing_weights = rows.has_group[0] * -weights.DIVISION_BACKED
        self.share_weights = (rows.has_group * SHARE_WEIGHTS).ravel() / (
            np.add.reduce(rows.loudness) + 1 - self.loudness
        )

    def worth(self, probability: Numbers) -> Numbers:
        """What it is worth for each row that other names may mean its country and its division."""
        loud = np.concatenate((probability, probability)) * self.loudness
        table = np.bincount(self.cells, loud, self.shape[0] * self.shape[1]).reshape(self.shape)
        shares = (np.add.reduce(table) - table).ravel()[self.cells] * self.share_weights
        worth: Numbers = (
            shares[: len(probability)]
            + shares[len(probability) :]
            + self.backing(table[:, : self.division_count] * self.steepness)
        )
        return worth

    def backing(self, enlarged: Numbers) -> Numbers:
        """What it is worth that any other name can mean a place in its division, be that unlikely."""
        backing = np.log1p(enlarged)
        of_others = (backing - np.add.reduce(backing)).ravel()[self.division_cells]
        worth: Numbers = self.backing_weights * np.expm1(of_others / BACKING_UNIT)
        return worth


def number_anew(codes: Codes) -> Codes:
    """The codes, numbered from 0 in the order in which each comes last, so that the last number is the highest."""
    rows = np.arange(len(codes))
    last_row_of = np.empty(np.maximum.reduce(codes) + 1, np.intp)
    last_row_of[codes] = rows
    last_rows = last_row_of[codes]
    numbers: Codes = (np.add.accumulate(last_rows == rows, dtype=np.intp) - 1)[last_rows]
    return numbers


class Lists:
    """Which names are neighbours in a list, and how far that speaks for the rows of the neighbours' level."""

    def __init__(self, rows: Rows, lists: Collection[tuple[int, int]]) -> None:
        """`lists` are pairs of names, by number, that stand in one list."""
        self.cells = rows.name_of_row * LEVEL_COUNT + rows.codes[2]
        self.neighbours = np.zeros((len(rows.loudness), len(rows.loudness)))
        for one, other in lists:
            self.neighbours[one, other] = self.neighbours[other, one] = 1.0

    def worth(self, probability: Numbers) -> Numbers:
        """What it is worth that the neighbours of its name are of its level, two neighbours at most."""
        table = np.bincount(self.cells, probability, len(self.neighbours) * LEVEL_COUNT).reshape(-1, LEVEL_COUNT)
        worth: Numbers = weights.SAME_LIST * np.minimum(self.neighbours @ table, 2).ravel()[self.cells]
        return worth
