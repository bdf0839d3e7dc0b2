"""From documents to their entities and places: the one door of this room."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby, islice, tee
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.reasons import Level
from tasks.enrichment.fingerprint import pipeline_id
from tasks.enrichment.gazetteer.build import gazetteer_path
from tasks.enrichment.gazetteer.files import chosen_path
from tasks.enrichment.gazetteer.lookup import Gazetteer, Place
from tasks.enrichment.mentions import Document, Enrichment, EntityMention, PlaceMention, section_at
from tasks.enrichment.models import model_language
from tasks.enrichment.names.cast import Apart, apart_of
from tasks.enrichment.names.names import find_introductions, find_names
from tasks.enrichment.recognition.entities import BATCH_SIZE, find_entities
from tasks.enrichment.recognition.labels import settle_labels
from tasks.enrichment.recognition.spans import Span
from tasks.enrichment.recognition.titles import title_before
from tasks.enrichment.reference import load_aliases
from tasks.enrichment.settings import EnrichmentSettings
from tasks.enrichment.toponyms.missed_places import recover_places
from tasks.enrichment.toponyms.toponyms import find_toponyms

if TYPE_CHECKING:
    from tasks.enrichment.fast_ner.pipeline import Recogniser
    from tasks.enrichment.resolution.locations import Resolution

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

# From `geonames_id` to `population`, as they stand in a place mention.
PlaceColumns = tuple[
    int | None,
    str | None,
    str | None,
    str | None,
    Level | None,
    str | None,
    str | None,
    str | None,
    float | None,
    float | None,
    int | None,
]
NO_PLACE: PlaceColumns = (None, None, None, None, None, None, None, None, None, None, None)


# All mentions of a name have the same.
CONFIDENCES_KEPT = 1_000
# So many new objects; Python's own figure is 700.
COLLECTED_AFTER = 10_000


class Enricher:
    """Models and gazetteer, loaded once; `enrich` gives the same for a document alone and in a batch."""

    def __init__(
        self,
        models: "dict[str, Recogniser]",
        default_language: str,
        gazetteer: Gazetteer,
        pipeline: str,
        apart: Apart | None = None,
    ) -> None:
        """`models` holds a recogniser for each language; the default one reads what no other language claims."""
        self.pipeline_id = pipeline
        self._models = models
        self._default_language = default_language
        self._gazetteer = gazetteer
        self._apart = apart or {}

    def enrich(self, documents: Iterable[Document]) -> Iterator[Enrichment]:
        """The enrichment of each document, in their order; reads ahead by two batches at most."""
        for language, run in groupby(documents, key=self._language_of):
            to_read, to_pair = tee((document, context_before(document) + document.heard) for document in run)
            found = find_entities((text for _, text in to_read), self._models[language])
            read = ((document, text, marked) for (document, text), marked in zip(to_pair, found, strict=True))
            while batch := list(islice(read, BATCH_SIZE)):
                yield from self._enrichments(*zip(*batch, strict=True))

    def _language_of(self, document: Document) -> str:
        return document.language if document.language in self._models else self._default_language

    def _enrichments(
        self, documents: Sequence[Document], texts: Sequence[str], marked: Sequence[list[Span]]
    ) -> Iterator[Enrichment]:
        """The enrichments of the documents, each of which is the end of the text that was read.

        Rule after rule over all of them: a processor that stays with one rule is a fifth faster than one that goes
        through all rules for each text.
        """
        # Late: numpy is not for those who only ask for `pipeline_id`.
        from tasks.enrichment.resolution.locations import resolve_articles

        gazetteer, apart = self._gazetteer, self._apart
        settled = [settle_labels(*read, gazetteer) for read in zip(texts, marked, strict=True)]
        whole = [recover_places(*read, gazetteer) for read in zip(texts, settled, strict=True)]
        spans = [heard_spans(*read) for read in zip(documents, texts, whole, strict=True)]
        toponyms = [find_toponyms(*read, gazetteer) for read in zip(texts, spans, strict=True)]
        sources = [document.source for document in documents]
        meant = resolve_articles(texts, toponyms, sources, gazetteer)
        places = [place_mentions(*read, gazetteer) for read in zip(documents, texts, meant, strict=True)]
        entities = [entity_mentions(*read, apart) for read in zip(documents, texts, spans, strict=True)]
        for of_names, of_places in zip(entities, places, strict=True):
            yield Enrichment(entities=of_names, places=of_places)


def heard_spans(document: Document, text: str, spans: list[Span]) -> list[Span]:
    """The spans without those in what the document, which is the end of the text, has for quiet or an agency."""
    if not (document.quiet or document.agencies):
        return spans
    offset = len(text) - len(document.text)
    # A name may go on behind a word that is left out.
    return [span for span in spans if document.is_heard(span.start - offset, span.end - offset)]


def entity_mentions(document: Document, text: str, spans: list[Span], apart: Apart) -> tuple[EntityMention, ...]:
    """One mention for each span of the document, which is the end of `text`; the spans count from its beginning."""
    mentions = [(text[start:end], label) for start, end, label in spans]
    titles = [title_before(text, start) if label == "PERSON" else None for start, _, label in spans]
    introduced = find_introductions(text, spans)
    names = find_names(mentions, load_aliases(), titles=titles, introduced=introduced, apart=apart)
    offset, section_ends = len(text) - len(document.text), document.section_ends
    return tuple(
        EntityMention(
            start - offset, end - offset, section_at(start - offset, section_ends), surface, title, label, *name
        )
        for (start, end, label), (surface, _), title, name in zip(spans, mentions, titles, names, strict=True)
        if start >= offset
    )


def place_mentions(
    document: Document, text: str, resolutions: "list[Resolution]", gazetteer: Gazetteer
) -> tuple[PlaceMention, ...]:
    """One mention for each resolution of the document, which is the end of `text`."""
    offset, section_ends = len(text) - len(document.text), document.section_ends
    return tuple(
        PlaceMention(
            start - offset,
            end - offset,
            section_at(start - offset, section_ends),
            surface,
            *place_columns(place, gazetteer),
            confidence=None if confidence is None else rounded(confidence),
            method=method,
            role=role,
            runner_up_geonames_id=runner_up.geonames_id if runner_up else None,
            unresolved_reason=reason,
        )
        for (start, end, surface, _, role), place, confidence, method, runner_up, reason in resolutions
        if start >= offset
    )


@lru_cache(CONFIDENCES_KEPT)
def rounded(confidence: float) -> float:
    """The confidence with four digits behind the point, which takes as long to find as all else of a mention."""
    return round(confidence, 4)


def place_columns(place: Place | None, gazetteer: Gazetteer) -> PlaceColumns:
    """The columns of a place mention that the gazetteer fills; all null without a place."""
    if place is None:
        return NO_PLACE
    admin1_name = gazetteer.division_name(place.admin1_code) if place.admin1_code else None
    return (
        place.geonames_id,
        place.name,
        place.feature_class,
        place.feature_code,
        place.level,
        place.country_code,
        place.admin1_code if admin1_name else None,
        admin1_name,
        place.latitude_deg,
        place.longitude_deg,
        place.population,
    )


def context_before(document: Document) -> str:
    """What the model reads before the text: the context as a line of its own, or nothing."""
    return f"{document.context.strip()}\n" if document.context and document.context.strip() else ""


def spare_collector() -> None:
    """Tells Python's collector of circles to leave alone what is loaded, and to look seldom for more.

    What is loaded stays as long as the process, names kept for later are no circles, and neither are mentions: it took
    a tenth of the time of the rules to find nothing.
    """
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)


def load_enricher(settings: EnrichmentSettings) -> Enricher:
    """The enricher of these settings, once per process; raises NewsmillError when a model or gazetteer is missing."""
    return enricher_with(settings, chosen_path(settings))


@cache
def enricher_with(settings: EnrichmentSettings, _chosen: Path | None) -> Enricher:
    """The enricher, loaded once for each gazetteer that was chosen."""
    # Late: spaCy and numpy are not for those who only ask for `pipeline_id`.
    from tasks.enrichment.fast_ner.choosing import load_recogniser

    default_language = model_language(settings.model)
    names = {default_language: settings.model, **dict(settings.languages)}
    models = {language: load_recogniser(name, stock=settings.stock_ner) for language, name in names.items()}
    enricher = Enricher(
        models, default_language, Gazetteer(gazetteer_path(settings)), pipeline_id(settings), apart_of(settings.apart)
    )
    spare_collector()
    return enricher


def has_model(language: str | None, settings: EnrichmentSettings) -> bool:
    """Whether texts of this language (ISO 639-1) can be enriched; None, too short to tell, counts as the default."""
    return language is None or language == model_language(settings.model) or language in dict(settings.languages)
