"""From files to slices: what is read, known and parsed, gathered until it is worth a commit."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from schemas.reasons import EnrichmentStatus, FileOutcome, Reason
from tasks.ingestion.enriching import enrich_blocks, error_line
from tasks.ingestion.known import Known
from tasks.ingestion.marking import known_recurring
from tasks.ingestion.plans import BatchPlan, PreparedBatch, ReplayPlan, slice_folder
from tasks.ingestion.raw_damage import is_to_be_kept
from tasks.ingestion.staged_rows import staged_block, staged_file, staged_refusal
from tasks.ingestion.staging import Slice, StagedBlock, StagedFile, write_slice
from tasks.reading.contents import Archive, FileContent, FileRefusal
from tasks.reading.discovery import FoundFile, display_path
from tasks.reading.parsing import FileReading, parse_file
from tasks.reading.refusals import WholeRefusal
from tasks.reading.settings import ReadingSettings
from tasks.storage.layout import Warehouse, locate
from tasks.storage.raw import has_raw, keep_stream, write_raw

# A slice is what is in memory at once and written together; a file with more articles is split over several.
SLICE_ARTICLES = 1_000
# An archive may hold any number of files without a new article: their rows and bytes must not pile up either.
SLICE_FILES = 5_000
SLICE_BYTES = 16 << 20

# A file, the bytes of it to keep, and its blocks; no file when only blocks of one that was read come again.
Reading = tuple[StagedFile | None, bytes | None, list[StagedBlock]]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """A slice while it is filled; `raw` holds the bytes to keep of its files."""

    files: list[StagedFile] = field(default_factory=list)
    blocks: list[StagedBlock] = field(default_factory=list)
    raw: list[tuple[str, bytes]] = field(default_factory=list)
    raw_bytes: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.files) >= SLICE_FILES or self.raw_bytes >= SLICE_BYTES


def gather(readings: Iterable[Reading], known: Known) -> Iterator[Gathered]:
    """Files and blocks cut into slices; a file's own row comes with its last block."""
    gathered = Gathered()
    for staged, data, blocks in readings:
        judged = [known.judge(block) for block in blocks]
        for block in judged:
            if len(gathered.blocks) >= SLICE_ARTICLES:
                yield gathered
                gathered = Gathered()
            gathered.blocks.append(block)
        if staged is None:
            continue
        gathered.files.append(staged)
        # Bytes that hold a text which was taken down are not kept again.
        taken_down = any(block.reason is Reason.FORGOTTEN for block in judged)
        if data is not None and staged.file_id is not None and not taken_down:
            gathered.raw.append((staged.file_id, data))
            gathered.raw_bytes += len(data)
        if gathered.is_full:
            yield gathered
            gathered = Gathered()
    yield gathered


def stage_slices(
    plan: BatchPlan | ReplayPlan, slices: Iterable[Gathered], started: float, *, files: int
) -> PreparedBatch:
    """Enrich and write what was gathered, a slice at a time; `started` is when reading began."""
    folders: list[Path] = []
    blocks = words = 0
    enriching_seconds = 0.0
    recurring = known_recurring(plan.settings.warehouse)
    for gathered in slices:
        before = time.perf_counter()
        staged = enrich_and_keep(gathered, plan, recurring)
        enriching_seconds += time.perf_counter() - before
        folder = slice_folder(plan, len(folders))
        write_slice(folder, staged)
        folders.append(folder)
        blocks += len(staged.blocks)
        words += sum(b.word_count or 0 for b in staged.blocks if b.enrichment_status is EnrichmentStatus.DONE)
    return PreparedBatch(
        plan=plan,
        slices=tuple(folders),
        files=files,
        blocks=blocks,
        words=words,
        reading_seconds=time.perf_counter() - started - enriching_seconds,
        enriching_seconds=enriching_seconds,
    )


def enrich_and_keep(gathered: Gathered, plan: BatchPlan | ReplayPlan, recurring: frozenset[int]) -> Slice:
    """The slice of what was gathered. Its bytes are kept meanwhile: beside the model, waiting for the disk is free."""
    with ThreadPoolExecutor(1) as beside:
        kept = beside.submit(write_raw, locate(plan.settings.warehouse), gathered.raw)
        staged = enrich_blocks(
            gathered.files, gathered.blocks, plan.settings.enrichment, recurring=recurring, isolate=plan.isolate
        )
        kept.result()
    return staged


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What turns bytes into rows; `again` reads an archive for the members that have no standing yet."""

    warehouse: Warehouse
    known: Known
    settings: ReadingSettings
    isolate: bool
    again: bool = False

    def read(self, item: FileContent | FileRefusal | Archive, found: FoundFile | None) -> Iterator[Reading]:
        """A file or what became of it, or an archive's members and then the archive; known bytes are not read again."""
        if isinstance(item, FileRefusal):
            yield staged_refusal(item, found), item.data, []
        elif (outcome := self.known.file_outcome(item.file_id, display_path(item.path))) is not None:
            reason = Reason.FORGOTTEN if outcome is FileOutcome.SKIPPED else None
            yield staged_file(item, found, outcome, reason=reason), self.lost_bytes(item), []
        elif isinstance(item, Archive):
            yield from self.read_archive(item, found)
        else:
            yield self.stage_content(item, found)

    def lost_bytes(self, item: FileContent | Archive) -> bytes | None:
        """The bytes of a known file whose raw copy was lost: it is kept again, unless it holds what was taken down."""
        if isinstance(item, Archive) or has_raw(self.warehouse, item.file_id):
            return None
        return item.data if is_to_be_kept(self.known.ledger, item.file_id) else None

    def read_archive(self, archive: Archive, found: FoundFile | None) -> Iterator[Reading]:
        """The members of an archive, each once, and last its own row: only then is it done with."""
        has_forgotten = False
        for item in archive.members():
            for reading in self.read(item, None) if self.is_wanted(item) else ():
                has_forgotten |= self.holds_forgotten(reading)
                yield reading
            if isinstance(item, Archive):
                item.file.close()
        if (archive.refusal or archive.has_unread) and not has_forgotten:
            keep_stream(self.warehouse, archive.file_id, archive.file)
        refusal = archive.refusal
        yield (
            staged_file(archive, found, FileOutcome.REFUSED, reason=refusal.reason, detail=refusal.detail)
            if refusal
            else staged_file(archive, found, FileOutcome.READ),
            None,
            [],
        )

    def is_wanted(self, item: FileContent | FileRefusal | Archive) -> bool:
        """Whether a member is to have a row: not one that it has already, here or, on a second reading, at all."""
        path = display_path(item.path)
        is_settled = self.again and self.known.has_standing(path, item.file_id)
        return not self.known.is_repeated(path, item.file_id) and not is_settled

    def holds_forgotten(self, reading: Reading) -> bool:
        """Whether a member is or holds something that was taken down: its archive's bytes are then not kept."""
        file, _, blocks = reading
        is_taken_down = file is not None and file.reason is Reason.FORGOTTEN
        return is_taken_down or any(self.known.is_taken_down(block) for block in blocks)

    def stage_content(self, content: FileContent, found: FoundFile | None) -> Reading:
        """A file that was read: its row, its bytes and its blocks."""
        reading = self.parse(content)
        if reading.refusal is not None:
            refusal = reading.refusal
            row = staged_file(content, found, FileOutcome.REFUSED, reason=refusal.reason, detail=refusal.detail)
            return row, content.data, []
        blocks = [staged_block(content, block) for block in reading.blocks]
        return staged_file(content, found, FileOutcome.READ, article_count=len(blocks)), content.data, blocks

    def parse(self, content: FileContent) -> FileReading:
        """The file's articles; when a batch is isolated, a file that breaks the parser is refused for it."""
        if not self.isolate:
            return parse_file(content.data, self.settings)
        try:
            return parse_file(content.data, self.settings)
        except Exception as error:  # noqa: BLE001
            refusal = WholeRefusal(reason=Reason.FAILED_PROCESSING, detail=error_line(error))
            return FileReading(blocks=(), refusal=refusal)
