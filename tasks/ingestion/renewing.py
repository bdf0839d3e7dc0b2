"""A plan of a backfill: stored files derived again with today's parser, model and gazetteer, or re-enriched only."""

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from schemas.reasons import EnrichmentStatus
from tasks.identity.fingerprints import Fingerprints, headline_key
from tasks.identity.index import Index
from tasks.identity.similarity import copy_similarity
from tasks.ingestion.enriching import enrich_blocks
from tasks.ingestion.marking import known_recurring
from tasks.ingestion.plans import PreparedBatch, Renewal, RenewalPlan, slice_folder
from tasks.ingestion.staged_rows import noise_spans, source_of, staged_block
from tasks.ingestion.staging import StagedBlock, block_fingerprints, write_slice
from tasks.reading.contents import FileContent
from tasks.reading.noise import find_noise
from tasks.reading.parsing import parse_file
from tasks.storage.layout import locate
from tasks.storage.ledger import live_parts
from tasks.storage.parts import read_part
from tasks.storage.raw import has_raw, read_raw
from tasks.storage.readonly import connect_readonly


def prepare_renewal(plan: RenewalPlan) -> PreparedBatch:
    """Derive the plan's blocks again and leave them as one slice; blocks that no longer come out are left out."""
    started = time.perf_counter()
    blocks = list(reparsed_blocks(plan) if plan.reparse else stored_blocks(plan))
    read = time.perf_counter()
    recurring = known_recurring(plan.settings.warehouse)
    staged = enrich_blocks([], blocks, plan.settings.enrichment, recurring=recurring, isolate=plan.isolate)
    folder = slice_folder(plan, 0)
    write_slice(folder, staged)
    return PreparedBatch(
        plan=plan,
        slices=(folder,),
        files=len(plan.files),
        blocks=len(blocks),
        words=sum(b.word_count or 0 for b in staged.blocks if b.enrichment_status is EnrichmentStatus.DONE),
        reading_seconds=read - started,
        enriching_seconds=time.perf_counter() - read,
    )


def reparsed_blocks(plan: RenewalPlan) -> Iterator[StagedBlock]:
    """The blocks as today's parser reads them from the raw bytes, where it still finds the stored article."""
    warehouse = locate(plan.settings.warehouse)
    ledger = connect_readonly(warehouse.ledger)
    try:
        for renewal in plan.files:
            if has_raw(warehouse, renewal.file_id):
                for block in reparsed(plan, renewal):
                    if block.position_in_file in renewal.positions and is_same_item(block, Index(ledger)):
                        yield block
    finally:
        ledger.close()


def reparsed(plan: RenewalPlan, renewal: Renewal) -> Iterator[StagedBlock]:
    """Every article block of one raw file; a date is in the future as seen from the day the file arrived."""
    data = read_raw(locate(plan.settings.warehouse), renewal.file_id)
    reading = parse_file(data, replace(plan.settings.reading, today=renewal.seen_on))
    content = FileContent(
        path=renewal.path,
        file_id=renewal.file_id,
        data=data,
        size_bytes=len(data),
        modified_at=renewal.modified_at,
    )
    for block in reading.blocks:
        staged = staged_block(content, block)
        if staged.reason is None:
            # Stored paths are already in the form that is shown; escaping them again would double their marks.
            yield replace(staged, path=renewal.path, source=source_of(renewal.path))


def is_same_item(block: StagedBlock, index: Index) -> bool:
    """Whether the block at this position is still the stored article: same headline, or nearly the same text."""
    stored = index.select("file_id = ? AND position_in_file = ?", block.file_id, block.position_in_file)
    prints: Fingerprints = block_fingerprints(block)
    return any(
        version.headline_key == headline_key(block.headline or "")
        or copy_similarity(prints.shingles, version.shingles, prints.numbers, version.numbers) is not None
        for version in stored
    )


STORED_COLUMNS = [
    "file_id",
    "source",
    "position_in_file",
    "published_date",
    "published_at",
    "headline",
    "standfirst",
    "text",
    "paragraph_count",
    "word_count",
    "language",
    "language_confidence",
    "byline",
    "dateline",
    "flags",
    "noise",
    "removed_lines",
    "content_hash",
    "article_id",
    "version_no",
]


def stored_blocks(plan: RenewalPlan) -> Iterator[StagedBlock]:
    """The blocks as they are stored, to be enriched again."""
    warehouse = locate(plan.settings.warehouse)
    renewals = {renewal.file_id: renewal for renewal in plan.files}
    ledger = connect_readonly(warehouse.ledger)
    try:
        for part in live_parts(ledger, "articles"):
            if part.month in plan.months and part.path not in plan.without:
                files = [("file_id", "in", list(renewals))]
                for row in read_part(warehouse, part, STORED_COLUMNS, files).to_pylist():
                    renewal = renewals[row["file_id"]]
                    if row["position_in_file"] in renewal.positions:
                        yield block_of(row, renewal, Index(ledger))
    finally:
        ledger.close()


def block_of(row: dict[str, object], renewal: Renewal, index: Index) -> StagedBlock:
    """A stored articles row as a block that waits for enrichment."""
    article_id, version_no = row.pop("article_id"), row.pop("version_no")
    (version,) = index.select("article_id = ? AND version_no = ?", article_id, version_no)
    if row["noise"] is None:
        row |= {"noise": noise_spans(find_noise(str(row["text"]))), "removed_lines": []}
    return StagedBlock(
        **row,  # type: ignore[arg-type]
        path=renewal.path,
        modified_at=renewal.modified_at,
        reason=None,
        detail=None,
        enrichment_status=EnrichmentStatus.PENDING,
        text_hash=version.text_hash,
        headline_key=version.headline_key,
        shingles=np.asarray(version.shingles).tobytes(),
        numbers=np.asarray(version.numbers).tobytes(),
    )
