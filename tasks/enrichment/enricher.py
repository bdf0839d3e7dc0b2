"""From documents to their entities and places: the one door of this room."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, tee
from typing import TYPE_CHECKING

from tasks.enrichment.entities import find_entities
from tasks.enrichment.fingerprint import pipeline_id
from tasks.enrichment.mentions import Document, Enrichment, EntityMention, PlaceMention, section_at
from tasks.enrichment.models import load_model, model_language
from tasks.enrichment.names import find_names
from tasks.enrichment.reference import load_aliases
from tasks.enrichment.settings import EnrichmentSettings
from tasks.enrichment.spans import Span

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = [
    "Document",
    "Enricher",
    "Enrichment",
    "EnrichmentSettings",
    "EntityMention",
    "PlaceMention",
    "has_model",
    "load_enricher",
    "pipeline_id",
]


class Enricher:
    """Models and gazetteer, loaded once; `enrich` gives the same for a document alone and in a batch."""

    def __init__(self, models: "dict[str, Language]", default_language: str, pipeline: str) -> None:
        """`models` holds a pipeline for each language; the default one reads what no other language claims."""
        self.pipeline_id = pipeline
        self._models = models
        self._default_language = default_language

    def enrich(self, documents: Iterable[Document]) -> Iterator[Enrichment]:
        """The enrichment of each document, in their order; reads ahead by one batch at most."""
        for language, run in groupby(documents, key=self._language_of):
            documents_to_read, documents_to_pair = tee(run)
            texts = (context_before(document) + document.text for document in documents_to_read)
            for document, marked in zip(documents_to_pair, find_entities(texts, self._models[language]), strict=True):
                yield self._enrichment(document, marked)

    def _language_of(self, document: Document) -> str:
        return document.language if document.language in self._models else self._default_language

    def _enrichment(self, document: Document, marked: list[Span]) -> Enrichment:
        offset = len(context_before(document))
        own = [Span(span.start - offset, span.end - offset, span.label) for span in marked if span.start >= offset]
        return Enrichment(entities=tuple(entity_mentions(document, own)), places=())


def entity_mentions(document: Document, spans: list[Span]) -> Iterator[EntityMention]:
    """One mention for each span, with the name that the whole article gives the entity."""
    surfaces = [document.text[span.start : span.end] for span in spans]
    labels = [span.label for span in spans]
    names = find_names(list(zip(surfaces, labels, strict=True)), load_aliases())
    for span, surface, name in zip(spans, surfaces, names, strict=True):
        yield EntityMention(
            start_char=span.start,
            end_char=span.end,
            section=section_at(span.start, document),
            surface=surface,
            label=span.label,
            entity_id=name.entity_id,
            canonical_name=name.canonical_name,
            canonical_method=name.method,
        )


def context_before(document: Document) -> str:
    """What the model reads before the text: the context as a line of its own, or nothing."""
    return f"{document.context.strip()}\n" if document.context and document.context.strip() else ""


@cache
def load_enricher(settings: EnrichmentSettings) -> Enricher:
    """The enricher of these settings, once per process; raises NewsmillError when one is missing."""
    default_language = model_language(settings.model)
    models = {default_language: load_model(settings.model)}
    models |= {language: load_model(model) for language, model in settings.languages}
    return Enricher(models, default_language, pipeline_id(settings))


def has_model(language: str | None, settings: EnrichmentSettings) -> bool:
    """Whether texts of this language (ISO 639-1) can be enriched; None, too short to tell, counts as the default."""
    return language is None or language == model_language(settings.model) or language in dict(settings.languages)
