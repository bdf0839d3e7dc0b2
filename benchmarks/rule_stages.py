"""What each stage of the rules takes: one after the other over all texts, in a process that has seen none of them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import TypeVar

from benchmarks.measuring import apart
from tasks.enrichment.enricher import (
    Document,
    EnrichmentSettings,
    context_before,
    entity_mentions,
    place_mentions,
    spare_collector,
)
from tasks.enrichment.gazetteer.build import gazetteer_path
from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.recognition.entities import BATCH_SIZE
from tasks.enrichment.recognition.known_words import find_words, words_of
from tasks.enrichment.recognition.labels import settle_labels
from tasks.enrichment.recognition.spans import Span, clean_spans
from tasks.enrichment.resolution.locations import resolve_articles
from tasks.enrichment.toponyms.missed_places import recover_places
from tasks.enrichment.toponyms.toponyms import find_toponyms

Seconds = Mapping[str, float]
Result = TypeVar("Result")


def print_stages(documents: Sequence[Document], marked: Sequence[list[Span]], repeats: int) -> None:
    """Microseconds a word by stage, the first time and the second; `marked` is what the model marked in each text."""
    words = sum(len(document.text.split()) for document in documents)
    passes = [apart(pass_twice, documents, marked) for _ in range(repeats)]
    firsts, agains = zip(*passes, strict=True)
    print("CPU in µs a word by stage         first   again")
    for stage in firsts[0]:
        first, again = (median(seconds[stage] for seconds in times) / words for times in (firsts, agains))
        print(f"  {stage:30} {first * 1e6:6.2f}  {again * 1e6:6.2f}")
    first, again = (median(sum(seconds.values()) for seconds in times) / words for times in (firsts, agains))
    print(f"  {'together':30} {first * 1e6:6.2f}  {again * 1e6:6.2f}")


def pass_twice(documents: Sequence[Document], marked: Sequence[list[Span]]) -> tuple[Seconds, Seconds]:
    """The CPU seconds of each stage when every name is new, the reference tables are read too, and when none is."""
    gazetteer = Gazetteer(gazetteer_path(EnrichmentSettings()))
    spare_collector()
    return pass_once(documents, marked, gazetteer), pass_once(documents, marked, gazetteer)


def pass_once(documents: Sequence[Document], marked: Sequence[list[Span]], gazetteer: Gazetteer) -> Seconds:
    """The CPU seconds of each stage."""
    seconds: dict[str, float] = {}

    def timed(stage: str, of_text: Callable[..., Result], *columns: Sequence[object]) -> list[Result]:
        start = time.process_time()
        found = [of_text(*row) for row in zip(*columns, strict=True)]
        seconds[stage] = time.process_time() - start
        return found

    texts = [context_before(document) + document.heard for document in documents]
    # The later stages find the words of up to 64 texts again.
    find_words.cache_clear()
    timed("words of the texts", words_of, texts)
    clean = timed("spans cut to names", clean_spans, texts, marked)
    settled = timed("labels", lambda text, spans: settle_labels(text, spans, gazetteer), texts, clean)
    whole = timed("missed places", lambda text, spans: recover_places(text, spans, gazetteer), texts, settled)
    toponyms = timed("toponyms", lambda text, spans: find_toponyms(text, spans, gazetteer), texts, whole)
    # Together as an ingest has them.
    resolved = timed(
        "resolution",
        lambda texts, found: resolve_articles(texts, found, [None] * len(texts), gazetteer),
        *(list(batched(column)) for column in (texts, toponyms)),
    )
    meant = [of_text for of_batch in resolved for of_text in of_batch]
    timed(
        "canonical names and their rows",
        lambda document, text, spans: entity_mentions(document, text, spans, {}),
        documents,
        texts,
        whole,
    )
    timed(
        "rows of places",
        lambda document, text, found: place_mentions(document, text, found, gazetteer),
        documents,
        texts,
        meant,
    )
    return seconds


def batched(values: Sequence[Result]) -> Iterator[Sequence[Result]]:
    """The values, so many at a time as the recogniser reads."""
    return (values[start : start + BATCH_SIZE] for start in range(0, len(values), BATCH_SIZE))
