"""spaCy's own code behind the same door, with an end to what it remembers."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING

from tasks.enrichment.fast_ner.pipeline import Context, Entity, Marked

if TYPE_CHECKING:
    from spacy.language import Language

# A pipeline's own list of words forgets none: 50,000 are 8 MB. Making a word anew is little beside spaCy's own code.
MOST_WORDS = 5_000


class StockPipeline:
    """A pipeline as spaCy runs it; beyond so many words, new ones are kept for one batch only."""

    def __init__(self, nlp: "Language", most_words: int = MOST_WORDS) -> None:
        """Goes on using `nlp`."""
        self.nlp = nlp
        self._most_words = most_words

    def pipe(
        self, texts: Iterable[tuple[str, Context]], *, as_tuples: bool = True, batch_size: int = 64
    ) -> Iterator[tuple[Marked, Context]]:
        """The entities of each text with its context, in order; reads ahead by `batch_size` texts at most."""
        assert as_tuples
        waiting = iter(texts)
        while batch := list(islice(waiting, batch_size)):
            yield from self._pipe_batch(batch)

    def _pipe_batch(self, batch: list[tuple[str, Context]]) -> list[tuple[Marked, Context]]:
        crowded = len(self.nlp.vocab) > self._most_words
        # A document is not to be looked at outside of the zone that its words are kept in.
        with self.nlp.memory_zone() if crowded else nullcontext():
            docs = self.nlp.pipe(batch, as_tuples=True, batch_size=len(batch))
            return [
                (Marked(tuple(Entity(e.start_char, e.end_char, e.label_) for e in doc.ents)), context)
                for doc, context in docs
            ]
