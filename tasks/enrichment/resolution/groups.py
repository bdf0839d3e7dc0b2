"""The senses of all names of some articles in one table, and the groups they form: countries, divisions, lists.

Some articles at once, since a column of an article has some fifty figures and calls of numpy cost more than these; each
figure is computed of one article's, in the same order, so that company changes nothing.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from tasks.enrichment.resolution import weights
from tasks.enrichment.resolution.senses import LEVEL_COUNT, Numbers, Senses
from tasks.enrichment.resolution.wording import LocalWords

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


class Article(NamedTuple):
    """The names of one article, which must have some, its words of local news, pairs of names that stand in a list."""

    names: Sequence[Name]
    words: LocalWords
    lists: Collection[tuple[int, int]]


class Rows:
    """The senses of all names of the articles below one another; a name is a stretch of rows, an article one of names.

    `cuts` are the rows where names begin, `name_cuts` the names where articles begin; each has its end for last.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        """Joins the columns; there must be an article."""
        names = [name for article in articles for name in article.names]
        lengths = [len(name.senses.places) for name in names]
        self.cuts = [0, *accumulate(lengths)]
        self.first_rows = np.array(self.cuts[:-1])
        self.name_of_row = np.repeat(np.arange(len(names)), lengths)
        self.name_cuts = [0, *accumulate(len(article.names) for article in articles)]
        self.article_of_name = np.repeat(np.arange(len(articles)), np.diff(self.name_cuts))
        self.article_of_row = self.article_of_name[self.name_of_row]
        figures = np.concatenate([name.senses.figures for name in names], axis=1)
        self.score, self.fame, self.is_town = figures[:3]
        self.has_group, self.vectors = figures[3:5], figures[5:]
        self.codes = np.concatenate([name.senses.codes for name in names], axis=1)
        self.loudness = np.array([name.loudness for name in names])
        self.none_of_these = np.exp([min(name.none_of_these, HOPELESS) for name in names])

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """The first row of each article and the one after its last."""
        return list(pairwise(self.cuts[name] for name in self.name_cuts))

    def probabilities(self, score: Numbers) -> Numbers:
        """The softmax of each name's scores; what is missing to 1 is "none of these"."""
        powers = np.exp(score)
        total = np.add.reduceat(powers, self.first_rows) + self.none_of_these
        probability: Numbers = powers / total[self.name_of_row]
        return probability

    def by_article(self, column: Numbers) -> list[list[list[float]]]:
        """A column cut into the stretches of the names of each article."""
        figures = column.tolist()
        of_names = [figures[first:after] for first, after in pairwise(self.cuts)]
        return [of_names[first:after] for first, after in pairwise(self.name_cuts)]


class Groups:
    """What rows have in common, their country and division; how far other names speak for those of a row.

    There is a cell for each name and each group that one of its senses is in; `cells` says in which each row of senses
    stands with its division and, further on, with its country, `group_of_cell` which cells are of one article's group.
    """

    def __init__(self, rows: Rows) -> None:
        """Numbers the cells and groups."""
        codes = rows.codes[:2].ravel()
        code_count = int(np.maximum.reduce(codes)) + 1
        names = np.concatenate((rows.name_of_row, rows.name_of_row))
        numbers, self.cells = np.unique(names * code_count + codes, return_inverse=True)
        name_of_cell, code_of_cell = np.divmod(numbers, code_count)
        groups = rows.article_of_name[name_of_cell] * code_count + code_of_cell
        self.group_of_cell = np.unique(groups, return_inverse=True)[1]
        self.division_cells = self.cells[: len(rows.name_of_row)]
        self.loudness = rows.loudness[names]
        self.steepness = (weights.BACKING_STEEPNESS / rows.loudness)[name_of_cell]
        self.backing_weights = rows.has_group[0] * -weights.DIVISION_BACKED
        loudness_of_article = np.add.reduceat(rows.loudness, rows.name_cuts[:-1])
        self.share_weights = (rows.has_group * SHARE_WEIGHTS).ravel() / (
            loudness_of_article[rows.article_of_name[names]] + 1 - self.loudness
        )

    def worth(self, probability: Numbers) -> Numbers:
        """What it is worth for each row that other names may mean its country and its division."""
        loud = np.concatenate((probability, probability)) * self.loudness
        # To numpy's stubs sums of weights are whole numbers.
        heard = np.bincount(self.cells, loud).astype(np.float64, copy=False)
        shares = self.of_others(heard)[self.cells] * self.share_weights
        worth: Numbers = (
            shares[: len(probability)] + shares[len(probability) :] + self.backing(np.log1p(heard * self.steepness))
        )
        return worth

    def backing(self, backing: Numbers) -> Numbers:
        """What it is worth that any other name can mean a place in its division, be that unlikely."""
        of_others = -self.of_others(backing)[self.division_cells]
        worth: Numbers = self.backing_weights * np.expm1(of_others / BACKING_UNIT)
        return worth

    def of_others(self, cells: Numbers) -> Numbers:
        """For each cell the sum of the other cells of its group."""
        sums: Numbers = np.bincount(self.group_of_cell, cells)[self.group_of_cell] - cells
        return sums


class Lists:
    """Which names are neighbours in a list, and how far that speaks for the rows of the neighbours' level."""

    def __init__(self, rows: Rows, pairs: Collection[tuple[int, int]]) -> None:
        """`pairs` of names, by number, that stand in one list; there must be one."""
        self.cells = rows.name_of_row * LEVEL_COUNT + rows.codes[2]
        self.shape = len(rows.loudness), LEVEL_COUNT
        both_ways = {*pairs, *((other, one) for one, other in pairs)}
        self.names, self.neighbours = np.array(sorted(both_ways)).T

    def worth(self, probability: Numbers) -> Numbers:
        """What it is worth that the neighbours of its name are of its level, two neighbours at most."""
        table = np.bincount(self.cells, probability, self.shape[0] * self.shape[1]).reshape(self.shape)
        likely = np.zeros(self.shape)
        np.add.at(likely, self.names, table[self.neighbours])
        worth: Numbers = weights.SAME_LIST * np.minimum(likely, 2).ravel()[self.cells]
        return worth
