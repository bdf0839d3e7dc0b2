"""The senses of all names of an article in one table, and the groups they form: countries, divisions, kinds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.senses import Numbers, Senses


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

    def lists(self, table: Numbers, neighbours: Numbers) -> Numbers:
        """What it is worth that the neighbours of its name in a list are of its kind, two neighbours at most."""
        of_kind = np.minimum(neighbours @ table, 2)
        worth: Numbers = weights.SAME_LIST * of_kind.ravel()[self.cells[2]]
        return worth
