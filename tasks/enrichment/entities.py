"""What the language model marks in a text. The only module that runs a model: a faster one drops in here."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tasks.enrichment.spans import Span, clean_spans

if TYPE_CHECKING:
    from spacy.language import Language

# Between 8 and 32 texts a batch cost the same; 1,000 took 26 % more CPU and 2.3 GB (en_core_web_md, news).
BATCH_SIZE = 16


def find_entities(texts: Iterable[str], nlp: "Language") -> Iterator[list[Span]]:
    """For each text its named entities, cleaned, in order of position."""
    for doc in nlp.pipe(texts, batch_size=BATCH_SIZE):
        marked = [Span(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
        yield clean_spans(doc.text, marked)
