"""A recogniser that stands where a spaCy pipeline stands and gives the same entities sooner."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from tasks.enrichment.fast_ner.decoding import load_decoder
from tasks.enrichment.fast_ner.network import load_network
from tasks.enrichment.fast_ner.pieces import Pieces

if TYPE_CHECKING:
    from spacy.language import Language

Context = TypeVar("Context")

# Texts of a batch share the work on their common words; more than this brought nothing.
BATCH_CHARS = 150_000


class Entity(NamedTuple):
    """A stretch of a text, in code points, under the names that spaCy's spans have for it."""

    start_char: int
    end_char: int
    label_: str


class Marked(NamedTuple):
    """What stands for a spaCy document: its entities, in order."""

    ents: tuple[Entity, ...]


class Recogniser(Protocol):
    """What is used of a spaCy pipeline."""

    def pipe(self, texts: Iterable[tuple[str, Context]], *, as_tuples: Any, batch_size: int) -> Any:
        """Each text's document with its context, in order; a document has `ents`."""


class FastPipeline:
    """The `ner` of a pipeline; raises whatever comes of an architecture that it is not made for."""

    def __init__(self, nlp: "Language") -> None:
        """Takes over the weights of `nlp` and goes on using its tokenizer."""
        network = load_network(nlp)
        self._encode = network.encode
        self._decoder = load_decoder(nlp)
        features = nlp.config["components"]["ner"]["model"]["tok2vec"]["embed"]["attrs"]
        self._pieces = Pieces(nlp, features, network.embed)

    def pipe(
        self, texts: Iterable[tuple[str, Context]], *, as_tuples: bool = True, batch_size: int = 64
    ) -> Iterator[tuple[Marked, Context]]:
        """The entities of each text with its context, in order; reads ahead by `batch_size` texts at most."""
        assert as_tuples
        batch: list[tuple[str, Context]] = []
        chars = 0
        for text, context in texts:
            batch.append((text, context))
            chars += len(text)
            if len(batch) == batch_size or chars > BATCH_CHARS:
                yield from self._pipe_batch(batch)
                batch, chars = [], 0
        if batch:
            yield from self._pipe_batch(batch)

    def _pipe_batch(self, batch: Sequence[tuple[str, Context]]) -> Iterator[tuple[Marked, Context]]:
        entities = self.find_entities([text for text, _ in batch])
        for found, (_, context) in zip(entities, batch, strict=True):
            yield Marked(tuple(found)), context

    def find_entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """The entities of each text."""
        tokens = self._pieces.read(texts)
        found: list[list[Entity]] = [[] for _ in texts]
        if not len(tokens.types):
            return found
        vectors = self._encode(self._pieces.embeddings, tokens.types, tokens.lengths)
        written = tokens.lengths[tokens.lengths > 0]
        first, last, labels = self._decoder.find_entities(vectors, self._pieces.is_space[tokens.types], written)
        texts_of = tokens.lengths.cumsum().searchsorted(first, side="right")
        columns = (texts_of, tokens.starts[first], tokens.ends[last], labels)
        for number, start, end, label in zip(*(column.tolist() for column in columns), strict=True):
            found[number].append(Entity(start, end, self._decoder.names[label]))
        return found
