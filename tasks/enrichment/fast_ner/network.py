"""The arithmetic of spaCy's convolutional entity recogniser, from token types to the vectors of tokens.

What is computed is what `spacy.Tok2Vec` with `MultiHashEmbed` and `MaxoutWindowEncoder` computes; the order of some
sums differs, so numbers agree to some 1e-5. Three things make it fast: a token's embedding depends on its type alone
and is computed once; the first layer sees three embeddings side by side, so its matrix is applied to each type of a
batch and not to each token; everything else runs in blocks that fit a core's cache, with the matrix product of numpy's
OpenBLAS.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spacy.language import Language

Floats = NDArray[np.float32]
Keys = NDArray[np.uint64]
Numbers = NDArray[np.intp]

# Of 128 to 2,048 rows 256 to 512 took the least: two blocks of 288 numbers a row then fit a cache of 1 MB.
BLOCK_ROWS = 384
# thinc.layers.layernorm
VARIANCE_FLOOR = np.float32(1e-8)
# A layer sees a token and one on either side.
WINDOW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A linear map with maxout and layer normalisation; those of the encoder see three tokens side by side."""

    weights: Floats  # (inputs, pieces * width): of the encoder the tokens before, here, after; outputs piece by piece
    bias: Floats
    gain: Floats
    shift: Floats
    mean: Floats  # what a row is multiplied by to give its mean

    @property
    def width(self) -> int:
        """Numbers a token."""
        return len(self.gain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The weights of one recogniser up to its vectors of tokens."""

    hash_layers: tuple[Any, ...]  # of thinc, as they are: an embedding is computed once
    mix: Layer
    vectors: Floats | None  # the static vectors as the recogniser sees them, one row of `width` a row of the table
    vector_table: Any
    layers: tuple[Layer, ...]

    @property
    def width(self) -> int:
        """Numbers a token."""
        return self.layers[0].width

    def embed(self, texts: Keys, features: Keys) -> Floats:
        """One row for each token type: `texts` holds hashes of their texts, `features` a column for each hash layer."""
        columns = [
            layer.predict(np.ascontiguousarray(features[:, number])) for number, layer in enumerate(self.hash_layers)
        ]
        if self.vectors is not None:
            rows = self.vector_table.find(keys=texts)
            found = self.vectors[np.maximum(rows, 0)]
            found[rows < 0] = 0
            columns.append(found)
        return normalised(maxout(np.hstack(columns) @ self.mix.weights + self.mix.bias, self.mix.width), self.mix)

    def encode(self, embeddings: Floats, types: Numbers, lengths: Numbers) -> Floats:
        """The vectors of tokens whose embeddings are `embeddings[types]`; `lengths` are the tokens of each text.

        Texts do not see each other: between them lie as many empty rows as there are layers, as in spaCy.
        """
        gap = len(self.layers)
        places = np.arange(len(types)) + gap * (1 + np.repeat(np.arange(len(lengths)), lengths))
        distinct, numbers = renumber(types, len(embeddings))
        # Number 0 is the empty row.
        tokens = np.zeros(len(types) + gap * (len(lengths) + 1), np.intp)
        tokens[places] = numbers + 1
        rows = np.vstack([np.zeros((1, self.width), np.float32), embeddings[distinct]])
        vectors = first_layer(self.layers[0], rows, tokens)
        for layer in self.layers[1:]:
            vectors = next_layer(layer, vectors)
        return np.asarray(vectors[places])


def renumber(types: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """The distinct ones of `types`, all below `count`, and for each the position of its type among them."""
    met = np.zeros(count, np.bool_)
    met[types] = True
    distinct = np.flatnonzero(met)
    positions = np.empty(count, np.intp)
    positions[distinct] = np.arange(len(distinct))
    return distinct, positions[types]


def first_layer(layer: Layer, rows: Floats, tokens: Numbers) -> Floats:
    """The layer over `rows[tokens]`: its matrix is applied to the few rows, and each token adds up three results."""
    width, outputs = layer.width, layer.weights.shape[1]
    before, here, after = (rows @ layer.weights[part * width : (part + 1) * width] for part in range(WINDOW))
    here += layer.bias
    ahead = np.concatenate([tokens[1:], [0]])
    behind = np.concatenate([[0], tokens[:-1]])
    vectors = rows[tokens]
    sums, more = np.empty((2, BLOCK_ROWS, outputs), np.float32)
    for start in range(0, len(tokens), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        count = len(tokens[block])
        # The mode: without it `take` writes through a buffer of its own, to be safe from wrong numbers.
        np.take(here, tokens[block], axis=0, out=sums[:count], mode="clip")
        sums[:count] += np.take(before, behind[block], axis=0, out=more[:count], mode="clip")
        sums[:count] += np.take(after, ahead[block], axis=0, out=more[:count], mode="clip")
        vectors[block] += normalised(maxout(sums[:count], width), layer)
    return vectors


def next_layer(layer: Layer, vectors: Floats) -> Floats:
    """The layer over vectors that differ from token to token."""
    count, width = vectors.shape
    padded = np.zeros((count + 2, width), np.float32)
    padded[1:-1] = vectors
    # Three rows that follow each other lie side by side in memory: a window is a row of the same numbers.
    windows = np.lib.stride_tricks.as_strided(padded, (count, WINDOW * width), padded.strides, writeable=False)
    inputs = np.empty((BLOCK_ROWS, WINDOW * width), np.float32)
    outputs = np.empty((BLOCK_ROWS, layer.weights.shape[1]), np.float32)
    found = np.empty_like(vectors)
    for start in range(0, count, BLOCK_ROWS):
        block = slice(start, min(start + BLOCK_ROWS, count))
        rows = block.stop - start
        inputs[:rows] = windows[block]
        np.matmul(inputs[:rows], layer.weights, out=outputs[:rows])
        outputs[:rows] += layer.bias
        np.add(vectors[block], normalised(maxout(outputs[:rows], width), layer), out=found[block])
    return found


def maxout(sums: Floats, width: int) -> Floats:
    """The greatest of the pieces of each number; `sums` holds piece after piece."""
    greatest = np.maximum(sums[:, :width], sums[:, width : 2 * width])
    for start in range(2 * width, sums.shape[1], width):
        np.maximum(greatest, sums[:, start : start + width], out=greatest)
    return greatest


def normalised(rows: Floats, layer: Layer) -> Floats:
    """The rows with mean 0 and variance 1, times the layer's gain plus its shift; `rows` is overwritten."""
    rows -= (rows @ layer.mean)[:, None]
    variance = np.einsum("ij,ij->i", rows, rows) / np.float32(layer.width) + VARIANCE_FLOOR
    rows *= (1 / np.sqrt(variance))[:, None]
    rows *= layer.gain
    rows += layer.shift
    return rows


def load_network(nlp: "Language") -> Network:
    """The network of the pipeline's `ner`, whose architecture must be one that `choosing.reason_against` passes."""
    parts = list(cast("Any", nlp.get_pipe("ner")).model.get_ref("tok2vec").walk())
    maxouts, norms, hashes, static = (
        [part for part in parts if part.name == name] for name in ("maxout", "layernorm", "hashembed", "static_vectors")
    )
    mix, *layers = map(load_layer, maxouts, norms)
    table = nlp.vocab.vectors
    return Network(
        hash_layers=tuple(hashes),
        mix=mix,
        vectors=np.asarray(table.data @ weights(static[0], "W").T, np.float32) if static else None,
        vector_table=table,
        layers=tuple(layers),
    )


def load_layer(maxout: Any, norm: Any) -> Layer:
    """One layer, its outputs ordered piece by piece so that maxout compares whole stretches."""
    matrix = weights(maxout, "W").transpose(2, 1, 0)
    width = matrix.shape[2]
    return Layer(
        weights=np.ascontiguousarray(matrix.reshape(len(matrix), -1)),
        bias=weights(maxout, "b").T.reshape(-1),
        gain=weights(norm, "G"),
        shift=weights(norm, "b"),
        mean=np.full(width, 1 / width, np.float32),
    )


def weights(part: Any, name: str) -> Floats:
    """The weights of that name in a part of a model."""
    return np.asarray(part.get_param(name), np.float32)
