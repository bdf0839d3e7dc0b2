"""One batch from files to staged Arrow: read, parse, fingerprint, enrich. Runs in any process, decides nothing."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from schemas.reasons import EnrichmentStatus, FileOutcome, Reason
from tasks.enrichment.enricher import load_enricher
from tasks.ingestion.enriching import enrich_blocks, error_line
from tasks.ingestion.known import Known
from tasks.ingestion.plans import BatchPlan, FailedBatch, Plan, PreparedBatch, RenewalPlan, slice_folder
from tasks.ingestion.renewing import prepare_renewal
from tasks.ingestion.replays import prepare_replay
from tasks.ingestion.staged_rows import staged_block, staged_file, staged_refusal
from tasks.ingestion.staging import Slice, StagedBlock, StagedFile, write_slice
from tasks.reading.contents import FileContent, FileRefusal, read_contents
from tasks.reading.discovery import FoundFile, display_path
from tasks.reading.parsing import FileReading, parse_file
from tasks.reading.refusals import WholeRefusal
from tasks.settings import Settings
from tasks.storage.layout import locate
from tasks.storage.raw import write_raw

# A slice is what one commit takes in; a file with more articles than this is split over several.
SLICE_ARTICLES = 1_000

__all__ = ["BatchPlan", "FailedBatch", "PreparedBatch", "prepare_batch", "warm"]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """A slice while it is filled; `raw` holds the bytes to keep of its files."""

    files: list[StagedFile] = field(default_factory=list)
    blocks: list[StagedBlock] = field(default_factory=list)
    raw: list[tuple[str, bytes]] = field(default_factory=list)


def warm(settings: Settings) -> None:
    """Load model and gazetteer once, before the first batch of a process."""
    load_enricher(settings.enrichment)


def prepare_batch(plan: Plan) -> PreparedBatch:
    """Do the work of a plan and leave the result as slices for the commit."""
    if isinstance(plan, BatchPlan):
        return prepare_files(plan)
    return prepare_renewal(plan) if isinstance(plan, RenewalPlan) else prepare_replay(plan)


def prepare_files(plan: BatchPlan) -> PreparedBatch:
    """Read, parse and enrich the files of a batch and leave the result as slices."""
    started = time.perf_counter()
    slices: list[Path] = []
    blocks = words = 0
    enriching_seconds = 0.0
    for gathered in gather_slices(plan):
        before = time.perf_counter()
        staged = enrich_and_keep(gathered, plan)
        enriching_seconds += time.perf_counter() - before
        folder = slice_folder(plan, len(slices))
        write_slice(folder, staged)
        slices.append(folder)
        blocks += len(staged.blocks)
        words += sum(b.word_count or 0 for b in staged.blocks if b.enrichment_status is EnrichmentStatus.DONE)
    return PreparedBatch(
        plan=plan,
        slices=tuple(slices),
        files=len(plan.files),
        blocks=blocks,
        words=words,
        reading_seconds=time.perf_counter() - started - enriching_seconds,
        enriching_seconds=enriching_seconds,
    )


def enrich_and_keep(gathered: Gathered, plan: BatchPlan) -> Slice:
    """The slice of what was gathered. Its bytes are kept meanwhile: beside the model, waiting for the disk is free."""
    with ThreadPoolExecutor(1) as beside:
        kept = beside.submit(write_raw, locate(plan.settings.warehouse), gathered.raw)
        staged = enrich_blocks(gathered.files, gathered.blocks, plan.settings.enrichment, isolate=plan.isolate)
        kept.result()
    return staged


def gather_slices(plan: BatchPlan) -> Iterator[Gathered]:
    """The batch's files and blocks, cut into slices; a file's own row comes with its last block."""
    gathered = Gathered()
    with Known.of(plan.settings.warehouse) as known:
        for staged_file, data, blocks in read_files(plan, known):
            judged = [known.judge(block) for block in blocks]
            for block in judged:
                if len(gathered.blocks) >= SLICE_ARTICLES:
                    yield gathered
                    gathered = Gathered()
                gathered.blocks.append(block)
            gathered.files.append(staged_file)
            # Bytes that hold a text which was taken down are not kept again.
            taken_down = any(block.reason is Reason.FORGOTTEN for block in judged)
            if data is not None and staged_file.file_id is not None and not taken_down:
                gathered.raw.append((staged_file.file_id, data))
    yield gathered


def read_files(plan: BatchPlan, known: Known) -> Iterator[tuple[StagedFile, bytes | None, list[StagedBlock]]]:
    """Each file with the bytes to keep and its blocks."""
    settings = plan.settings
    for found in plan.files:
        for item in read_contents(settings.input_folder, found, settings.reading):
            if isinstance(item, FileRefusal):
                yield staged_refusal(item, found), item.data, []
            elif (outcome := known.file_outcome(item.file_id, display_path(item.path))) is not None:
                reason = Reason.FORGOTTEN if outcome is FileOutcome.SKIPPED else None
                yield staged_file(item, found, outcome, reason=reason), None, []
            else:
                yield stage_content(item, found, plan)


def stage_content(
    content: FileContent, found: FoundFile, plan: BatchPlan
) -> tuple[StagedFile, bytes | None, list[StagedBlock]]:
    """A file that was read: its row, its bytes and its blocks."""
    reading = parse_content(content, plan)
    if reading.refusal is not None:
        refusal = reading.refusal
        return (
            staged_file(content, found, FileOutcome.REFUSED, reason=refusal.reason, detail=refusal.detail),
            content.data,
            [],
        )
    blocks = [staged_block(content, block) for block in reading.blocks]
    return staged_file(content, found, FileOutcome.READ, article_count=len(blocks)), content.data, blocks


def parse_content(content: FileContent, plan: BatchPlan) -> FileReading:
    """The file's articles; when a batch is isolated, a file that breaks the parser is refused for it."""
    if not plan.isolate:
        return parse_file(content.data, plan.settings.reading)
    try:
        return parse_file(content.data, plan.settings.reading)
    except Exception as error:  # noqa: BLE001
        refusal = WholeRefusal(reason=Reason.FAILED_PROCESSING, detail=error_line(error))
        return FileReading(blocks=(), refusal=refusal)
