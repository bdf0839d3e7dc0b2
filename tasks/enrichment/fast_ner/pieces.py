"""Texts to tokens: what stands between two spaces is given to the tokenizer once and then known.

spaCy's tokenizer treats each stretch without white space by itself, so the tokens of a text are those of its pieces in
a row. Tokens of one text and norm are one type: all that the recogniser sees of a token.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, IS_SPACE, LENGTH, NORM, ORTH

from tasks.enrichment.fast_ner.network import Floats, Keys, Numbers
from tasks.enrichment.fast_ner.scissors import load_scissors

if TYPE_CHECKING:
    from spacy.language import Language

# News brings a new piece every seventh word at first; this many last for a million and a half words and take 50 MB.
# Beginning anew then costs half a microsecond a word.
MOST_PIECES = 120_000
# The pipeline's own list of words forgets none, so beyond this many new words are kept for one batch only.
MOST_WORDS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of some texts in a row; offsets count code points from the beginning of each token's text."""

    lengths: Numbers  # tokens of each text
    types: Numbers
    starts: Numbers
    ends: Numbers


class Pieces:
    """What is known of pieces of text, and of the types of their tokens."""

    embeddings: Floats  # a row a type
    is_space: NDArray[np.bool_]  # of each type

    def __init__(
        self,
        nlp: "Language",
        features: Sequence[str],
        embed: Callable[[Keys, Keys], Floats],
        most_pieces: int = MOST_PIECES,
        most_words: int = MOST_WORDS,
    ) -> None:
        """`embed` gives embeddings from the hashes of tokens' texts and those of `features`, a column each."""
        self._nlp = nlp
        self._most_pieces, self._most_words = most_pieces, most_words
        self._attributes = [IDX, LENGTH, ORTH, NORM, IS_SPACE, *(nlp.vocab.strings.as_int(name) for name in features)]
        self._embed = embed
        self._scissors = load_scissors(nlp.tokenizer)
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[str, int] = {}
        self._types: dict[tuple[int, int], int] = {}
        self._pieces = Rows(np.empty((0, 3), np.intp))  # number of the first token, of tokens, of code points
        self._tokens = Rows(np.empty((0, 3), np.intp))  # type, start and end in the piece
        self._embedded = Rows(self._embed(np.empty(0, np.uint64), np.empty((0, len(self._attributes) - 5), np.uint64)))
        self._spaces = Rows(np.empty(0, np.bool_))

    def read(self, texts: Sequence[str]) -> Tokens:
        """The tokens of at least one text; the types are valid until the next call."""
        if len(self._numbers) > self._most_pieces:
            self._forget()
        cut = [self._scissors.cut(text) for text in texts]
        pieces = list(chain.from_iterable(cut))
        self._learn([piece for piece in dict.fromkeys(pieces) if piece not in self._numbers])
        numbers = np.fromiter(map(self._numbers.__getitem__, pieces), np.intp, len(pieces))
        in_text = np.fromiter(map(len, cut), np.intp, len(cut))
        first, count, length = self._pieces.rows[numbers].T
        rows = np.arange(count.sum()) + np.repeat(first - ends_before(count), count)
        types, starts, ends = self._tokens.rows[rows].T
        # Behind each piece comes a space, behind a text as good as one.
        begins = ends_before(length + 1) - np.repeat(ends_before(np.array([len(text) + 1 for text in texts])), in_text)
        offsets = np.repeat(begins, count)
        return Tokens(
            lengths=np.add.reduceat(count, ends_before(in_text)),
            types=types,
            starts=starts + offsets,
            ends=ends + offsets,
        )

    def _learn(self, pieces: list[str]) -> None:
        alone = [piece for piece in pieces if not piece or piece[0].isspace() or piece[-1].isspace()]
        # White space at an end would run into the line break that joins two pieces.
        joined = [piece for piece in pieces if piece and not (piece[0].isspace() or piece[-1].isspace())]
        crowded = len(self._nlp.vocab) > self._most_words
        with self._nlp.memory_zone() if crowded else nullcontext():
            for together in [joined, *([piece] for piece in alone)]:
                if together:
                    self._learn_together(together)

    def _learn_together(self, pieces: list[str]) -> None:
        # No special case goes over a line, and a line break is one token.
        doc = self._nlp.tokenizer("\n".join(pieces))
        table = doc.to_array(self._attributes).reshape(-1, len(self._attributes))
        of_pieces = np.array([len(piece) for piece in pieces])
        begins = ends_before(of_pieces + 1)
        starts, lengths = table[:, 0].astype(np.intp), table[:, 1].astype(np.intp)
        owners = np.searchsorted(begins, starts, side="right") - 1
        starts -= begins[owners]
        inside = starts < of_pieces[owners]
        counts = np.bincount(owners[inside], minlength=len(pieces))
        self._numbers |= zip(pieces, range(len(self._numbers), len(self._numbers) + len(pieces)), strict=True)
        self._pieces.add(np.column_stack([len(self._tokens.rows) + ends_before(counts), counts, of_pieces]))
        self._tokens.add(
            np.column_stack([self._type_numbers(table[inside]), starts[inside], (starts + lengths)[inside]])
        )

    def _type_numbers(self, table: NDArray[Any]) -> Numbers:
        known, types = len(self._types), self._types
        pairs = zip(table[:, 2].tolist(), table[:, 3].tolist(), strict=True)
        numbers = np.fromiter((types.setdefault(pair, len(types)) for pair in pairs), np.intp, len(table))
        distinct, where = np.unique(numbers, return_index=True)
        new = table[where[distinct >= known]]
        self._embedded.add(self._embed(new[:, 2], new[:, 5:]))
        self._spaces.add(new[:, 4] != 0)
        self.embeddings, self.is_space = self._embedded.rows, self._spaces.rows
        return numbers


class Rows:
    """Rows of numbers that grow at the end, with room to spare so that adding is cheap."""

    def __init__(self, rows: NDArray[Any]) -> None:
        """The first rows."""
        self.rows = self._room = rows

    def add(self, rows: NDArray[Any]) -> None:
        """Add rows of the same shape."""
        count = len(self.rows) + len(rows)
        if count > len(self._room):
            room = np.empty((2 * count, *self.rows.shape[1:]), self.rows.dtype)
            room[: len(self.rows)] = self.rows
            self._room = room
        self._room[len(self.rows) : count] = rows
        self.rows = self._room[:count]


def ends_before(lengths: Numbers) -> Numbers:
    """Where each begins when they are laid end to end."""
    return np.cumsum(lengths) - lengths
