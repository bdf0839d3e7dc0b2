"""From what reading gives to the rows of a slice."""

import os
from collections.abc import Iterable
from dataclasses import replace

from schemas.columns import NoiseSpan
from schemas.reasons import EnrichmentStatus, FileOutcome, Reason
from tasks.identity.fingerprints import fingerprints
from tasks.ingestion.staging import StagedBlock, StagedFile
from tasks.reading.contents import Archive, FileContent, FileRefusal
from tasks.reading.discovery import FoundFile, display_path, kept_ns
from tasks.reading.names import unpacked_path
from tasks.reading.noise import Noise
from tasks.reading.parsing import ParsedArticle
from tasks.reading.refusals import BlockRefusal


def staged_file(
    content: FileContent | Archive,
    found: FoundFile | None,
    outcome: FileOutcome,
    *,
    reason: Reason | None = None,
    detail: str | None = None,
    article_count: int = 0,
) -> StagedFile:
    """The row of a file whose bytes were read; a member of an archive was not itself found in the folder."""
    folder, name = os.path.split(os.fsencode(found.path)) if found else (b"", b"")
    return StagedFile(
        path=display_path(content.path),
        folder=folder,
        name=name,
        size_bytes=content.size_bytes,
        modified_ns=kept_ns(found.modified_ns) if found else 0,
        modified_at=content.modified_at,
        file_id=content.file_id,
        outcome=outcome,
        reason=reason,
        detail=display_path(detail) if detail else None,
        article_count=article_count,
    )


def staged_refusal(refusal: FileRefusal, found: FoundFile | None) -> StagedFile:
    """The row of a file that was skipped, refused or deferred whole."""
    folder, name = os.path.split(os.fsencode(found.path)) if found else (b"", b"")
    return StagedFile(
        path=display_path(refusal.path),
        folder=folder,
        name=name,
        size_bytes=refusal.size_bytes,
        modified_ns=kept_ns(found.modified_ns) if found else 0,
        modified_at=refusal.modified_at,
        file_id=refusal.file_id,
        outcome=refusal.outcome,
        reason=refusal.reason,
        detail=display_path(refusal.detail) if refusal.detail else None,
        article_count=0,
    )


def source_of(path: str) -> str | None:
    """The first folder below the input; None for a file at its top. Archives count as unpacked where they lie."""
    folder, separator, _ = unpacked_path(path).partition("/")
    return folder if separator else None


def noise_spans(noise: Iterable[Noise]) -> list[NoiseSpan]:
    """What is no news in a text, as its column holds it."""
    return [NoiseSpan(start_char=span.start_char, end_char=span.end_char, kind=span.kind) for span in noise]


def staged_block(content: FileContent, block: ParsedArticle | BlockRefusal) -> StagedBlock:
    """One block of a file, with the fingerprints of its text."""
    path = display_path(content.path)
    base = StagedBlock(
        file_id=content.file_id,
        path=path,
        source=source_of(path),
        modified_at=content.modified_at,
        position_in_file=block.position_in_file,
        reason=None,
        detail=None,
    )
    if isinstance(block, BlockRefusal):
        return replace(base, reason=block.reason, detail=block.detail)
    prints = fingerprints(block.published_date, block.headline, block.text)
    return replace(
        base,
        published_date=block.published_date,
        published_at=block.published_at,
        headline=block.headline,
        standfirst=block.standfirst,
        text=block.text,
        paragraph_count=len(block.paragraphs),
        word_count=block.word_count,
        language=block.language,
        language_confidence=block.language_confidence,
        byline=block.byline,
        dateline=block.dateline,
        flags=[str(flag) for flag in block.flags],
        noise=noise_spans(block.noise),
        removed_lines=block.removed_lines,
        enrichment_status=EnrichmentStatus.PENDING,
        content_hash=prints.content_hash,
        text_hash=prints.text_hash,
        headline_key=prints.headline_key,
        shingles=prints.shingles.tobytes(),
        numbers=prints.numbers.tobytes(),
        bands=prints.bands,
    )
