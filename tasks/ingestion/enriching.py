"""Staged blocks to a slice with mentions: only what is new and has a model, each article's failure its own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.columns import NoiseSpan
from schemas.entity import Entity
from schemas.location import Location
from schemas.reasons import EnrichmentStatus, NoiseKind, Reason
from tasks.enrichment.enricher import Document, Enricher, Enrichment, EnrichmentSettings, has_model, load_enricher
from tasks.enrichment.mentions import EntityMention, PlaceMention
from tasks.ingestion.known import refused
from tasks.ingestion.marking import mark_recurring
from tasks.ingestion.staging import Slice, StagedBlock, StagedFile, mention_table
from tasks.storage.faults import fail_on


def enrich_blocks(
    files: list[StagedFile],
    blocks: list[StagedBlock],
    settings: EnrichmentSettings,
    *,
    recurring: frozenset[int],
    isolate: bool,
) -> Slice:
    """The slice of these files and blocks; `isolate` refuses an article that breaks the enrichment, else it raises.

    `recurring` are the keys of the lines that are known to recur: nothing is looked for in these.
    """
    staged = [without_model(mark_recurring(block, recurring), settings) for block in blocks]
    wanted = [number for number, block in enumerate(staged) if block.enrichment_status is EnrichmentStatus.PENDING]
    found: list[tuple[int, Enrichment]] = []
    for number, result in zip(wanted, find_mentions([staged[n] for n in wanted], settings, isolate), strict=True):
        if isinstance(result, Enrichment):
            assert_offsets(staged[number], result)
            staged[number] = replace(staged[number], enrichment_status=EnrichmentStatus.DONE)
            found.append((number, result))
        else:
            # Further on in the same slice the same article was left out as known.
            same = [n for n, block in enumerate(staged) if block.content_hash == staged[number].content_hash]
            for copy in same:
                staged[copy] = refused(staged[copy], Reason.FAILED_PROCESSING, result)
    return Slice(
        files=files,
        blocks=staged,
        entities=mention_table(Entity, [(number, result.entities) for number, result in found]),
        locations=mention_table(Location, [(number, result.places) for number, result in found]),
    )


def without_model(block: StagedBlock, settings: EnrichmentSettings) -> StagedBlock:
    """The block, set aside when no model reads its language."""
    if block.enrichment_status is EnrichmentStatus.PENDING and not has_model(block.language, settings):
        return replace(block, enrichment_status=EnrichmentStatus.NO_MODEL)
    return block


def document(block: StagedBlock) -> Document:
    """What the enrichment sees of a block."""
    return Document(
        text=block.text or "",
        headline_length=len(block.headline or ""),
        standfirst_length=len(block.standfirst or ""),
        published_date=block.published_date,
        source=block.source,
        language=block.language,
        quiet=tuple(stretch(noise) for noise in block.noise if noise["kind"] != NoiseKind.AGENCY),
        agencies=tuple(stretch(noise) for noise in block.noise if noise["kind"] == NoiseKind.AGENCY),
    )


def stretch(noise: NoiseSpan) -> tuple[int, int]:
    """Start and end."""
    return noise["start_char"], noise["end_char"]


def find_mentions(
    blocks: Sequence[StagedBlock], settings: EnrichmentSettings, isolate: bool
) -> Iterator[Enrichment | str]:
    """The enrichment of each block in order, or the error it raised, in a line."""
    if not blocks:
        return
    enricher = load_enricher(settings)
    if isolate:
        yield from (enrich_alone(enricher, block) for block in blocks)
        return
    for block in blocks:
        fail_on(block.text or "")
    yield from enricher.enrich(document(block) for block in blocks)


def enrich_alone(enricher: Enricher, block: StagedBlock) -> Enrichment | str:
    """One block's enrichment, or its error: an article may break a model, and must not break its neighbours."""
    try:
        fail_on(block.text or "")
        (enrichment,) = enricher.enrich([document(block)])
    except Exception as error:  # noqa: BLE001
        return error_line(error)
    return enrichment


def error_line(error: BaseException) -> str:
    """An exception in a line."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:500]


class BrokenOffsets(RuntimeError):
    """A mention does not cut its surface out of the text: a fault of the program, never of the input."""


def assert_offsets(block: StagedBlock, enrichment: Enrichment) -> None:
    """Raise BrokenOffsets unless every mention cuts its surface out of the block's text."""
    text = block.text or ""
    mentions: list[EntityMention | PlaceMention] = [*enrichment.entities, *enrichment.places]
    for mention in mentions:
        if text[mention.start_char : mention.end_char] != mention.surface:
            raise BrokenOffsets(f"{mention.surface!r} is not at {mention.start_char}-{mention.end_char} of its article")
