"""From the vectors of tokens to entities: the greedy decisions of spaCy's transition-based recogniser, many at once.

The recogniser walks through a text and decides at each token whether an entity begins (B), is this token alone (U) or
whether there is none (O); inside an entity, whether it goes on (I) or ends (L). Outside, the decision sees nothing but
the token, so all tokens are decided as if they were outside. Inside, it sees the token, the one before and the first
of the entity, and may only go on or end: all entities go forward side by side, one token a round.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasks.enrichment.fast_ner.network import Floats, Numbers, maxout, weights

if TYPE_CHECKING:
    from spacy.language import Language

NEVER = np.float32(-1e30)
# What spaCy calls the features of a state: the token, the first and the last token of the open entity.
FEATURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoder:
    """The weights that score decisions. Those of the hidden layer turn vectors of tokens into its sums."""

    hidden: int
    token: Floats
    first: Floats
    last: Floats
    bias_outside: Floats
    bias_inside: Floats
    outside: Floats  # (hidden, decisions) for B, U and O in the recogniser's order
    outside_bias: Floats
    opens: NDArray[np.bool_]  # of the decisions outside: whether it is B
    labels: Numbers  # of the decisions outside: number of the label, -1 for O
    on: Floats  # (labels, hidden): score of I less that of L
    on_bias: Floats
    names: tuple[str, ...]  # of the labels

    def find_entities(
        self, vectors: Floats, is_space: NDArray[np.bool_], lengths: Numbers
    ) -> tuple[Numbers, Numbers, Numbers]:
        """First token, last token and number of the label of each entity, in order; no text may be without tokens."""
        is_last = np.zeros(len(vectors), np.bool_)
        is_last[np.cumsum(lengths) - 1] = True
        sums = vectors @ self.token
        decisions = self._decide_outside(sums, is_space, is_last)
        labels = self.labels[decisions]
        ends = np.arange(len(vectors))
        begun = np.flatnonzero(self.opens[decisions])
        ends[begun] = self._find_ends(vectors, sums, begun, labels[begun], is_last)
        starts = np.flatnonzero(labels >= 0)
        starts = starts[unreached(starts, ends[starts])]
        return starts, ends[starts], labels[starts]

    def _decide_outside(self, sums: Floats, is_space: NDArray[np.bool_], is_last: NDArray[np.bool_]) -> Numbers:
        scores = maxout(sums + self.bias_outside, self.hidden) @ self.outside
        scores += self.outside_bias
        # No entity begins at white space, none that goes on at the last token.
        scores[np.ix_(is_space, self.labels >= 0)] = NEVER
        scores[np.ix_(is_last, self.opens)] = NEVER
        return np.asarray(scores.argmax(axis=1))

    def _find_ends(
        self, vectors: Floats, sums: Floats, begun: Numbers, labels: Numbers, is_last: NDArray[np.bool_]
    ) -> Numbers:
        ends = begun + 1
        entities = np.arange(len(begun))
        of_first = vectors[begun] @ self.first + self.bias_inside
        while len(entities):
            tokens = ends[entities]
            inside = maxout(sums[tokens] + of_first + vectors[tokens - 1] @ self.last, self.hidden)
            open_labels = labels[entities]
            scores = np.einsum("ij,ij->i", inside, self.on[open_labels]) + self.on_bias[open_labels]
            goes_on = (scores >= 0) & ~is_last[tokens]
            entities, of_first = entities[goes_on], of_first[goes_on]
            ends[entities] += 1
        return ends


def unreached(starts: Numbers, ends: Numbers) -> list[int]:
    """Positions of the stretches that begin behind the end of the last one kept; `starts` rise."""
    kept, reached = [], -1
    for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        if start > reached:
            kept.append(number)
            reached = end
    return kept


def load_decoder(nlp: "Language") -> Decoder:
    """The decoder of the pipeline's `ner`, whose architecture must be one that `choosing.reason_against` passes."""
    recogniser: Any = nlp.get_pipe("ner")
    moves = recogniser.moves
    names = [moves.get_class_name(number) for number in range(moves.n_moves)]
    labels = sorted({name[2:] for name in names if name.startswith("B-")})
    # "U-" without a label is for entities that were set beforehand.
    outside = [number for number, name in enumerate(names) if name == "O" or (name[0] in "BU" and name[2:])]
    on, end = ([names.index(f"{move}-{label}") for label in labels] for move in "IL")
    upper = recogniser.model.get_ref("upper")
    scores, bias = weights(upper, "W"), weights(upper, "b")
    return Decoder(
        **load_hidden(recogniser.model),
        outside=np.ascontiguousarray(scores[outside].T),
        outside_bias=bias[outside],
        opens=np.array([names[number].startswith("B-") for number in outside]),
        labels=np.array([labels.index(names[number][2:]) if names[number] != "O" else -1 for number in outside]),
        on=scores[on] - scores[end],
        on_bias=bias[on] - bias[end],
        names=tuple(labels),
    )


def load_hidden(model: Any) -> dict[str, Any]:
    """The weights of the hidden layer, its sums ordered piece by piece so that maxout compares whole stretches."""
    lower = model.get_ref("lower")
    by_feature = weights(lower, "W").transpose(0, 2, 1, 3).reshape(FEATURES, -1, lower.get_dim("nI"))
    padding = weights(lower, "pad")[0].transpose(0, 2, 1).reshape(FEATURES, -1)
    bias = weights(lower, "b").T.reshape(-1)
    # The layer before has no activation: one matrix does the work of both.
    (narrow,) = [part for part in model.get_ref("tok2vec").layers if part.name == "linear"]
    token, first, last = (np.ascontiguousarray((part @ weights(narrow, "W")).T) for part in by_feature)
    of_token, of_first, of_last = by_feature @ weights(narrow, "b")
    return {
        "hidden": lower.get_dim("nO"),
        "token": token,
        "first": first,
        "last": last,
        "bias_outside": bias + of_token + padding[1] + padding[2],
        "bias_inside": bias + of_token + of_first + of_last,
    }
