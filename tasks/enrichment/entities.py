"""What the language model marks in a text. The only module that runs a model: a faster one drops in here."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tasks.enrichment.spans import Span, clean_spans

if TYPE_CHECKING:
    from spacy.language import Language

# Between 8 and 32 texts a batch cost the same; 1,000 took 26 % more CPU and 2.3 GB (en_core_web_md, news).
BATCH_SIZE = 16


# Unspaced runs of signs: the tokenizer takes time in their square (10,000 brackets: 16 s), and they name nothing.
SIGNS = re.compile(r"[^\w\s]{30,}")


def find_entities(texts: Iterable[str], nlp: "Language") -> Iterator[list[Span]]:
    """For each text its named entities, cleaned, in order of position."""
    for doc in nlp.pipe(map(blank_signs, texts), batch_size=BATCH_SIZE):
        marked = [Span(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
        yield clean_spans(doc.text, marked)


def blank_signs(text: str) -> str:
    """The text with spaces in place of long runs of signs; no letter moves."""
    return SIGNS.sub(lambda run: " " * len(run[0]), text)
