"""The rules by themselves: a model reads once, and its documents stand where it stood."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from tasks.enrichment.enricher import Document, Enricher, EnrichmentSettings, spare_collector
from tasks.enrichment.gazetteer.build import gazetteer_path
from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.models import load_model, model_language

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


class KeptModel:
    """Stands where a pipeline stands and gives the documents that it made before."""

    def __init__(self, docs: Sequence["Doc"]) -> None:
        """`docs` in the order of the texts, one a text."""
        self._docs = docs

    def pipe(self, pieces: Iterable[tuple[str, Any]], **_: object) -> Iterator[tuple["Doc", Any]]:
        """The kept document of each piece, in order."""
        # Strict: a text that is cut in pieces (above 50,000 characters) has more pieces than documents.
        for doc, piece in zip(self._docs, pieces, strict=True):
            yield doc, piece[1]


def read_once(documents: Iterable[Document], settings: EnrichmentSettings) -> list["Doc"]:
    """What the model makes of each document."""
    return list(load_model(settings.model).pipe([document.heard for document in documents], batch_size=16))


def kept_enricher(docs: Sequence["Doc"], settings: EnrichmentSettings) -> Enricher:
    """An enricher for the documents that `docs` were read from, all of them in one call and in their order."""
    language = model_language(settings.model)
    model = cast("Language", KeptModel(docs))
    spare_collector()
    return Enricher({language: model}, language, Gazetteer(gazetteer_path(settings)), "kept")
