"""A plan of a replay: refused files and blocks as they read today, from their kept bytes."""

import time
from dataclasses import replace
from itertools import groupby

from schemas.reasons import FileOutcome
from tasks.ingestion.enriching import enrich_blocks
from tasks.ingestion.known import Known
from tasks.ingestion.plans import PreparedBatch, Refused, ReplayPlan, slice_folder
from tasks.ingestion.staged_rows import source_of, staged_block
from tasks.ingestion.staging import StagedBlock, StagedFile, write_slice
from tasks.reading.contents import FileRefusal, content
from tasks.reading.discovery import FoundFile
from tasks.reading.parsing import parse_file
from tasks.reading.refusals import WholeRefusal
from tasks.storage.layout import locate
from tasks.storage.raw import read_raw


def prepare_replay(plan: ReplayPlan) -> PreparedBatch:
    """Read a plan's refusals again and leave them as one slice."""
    started = time.perf_counter()
    files: list[StagedFile] = []
    blocks: list[StagedBlock] = []
    with Known.of(plan.settings.warehouse) as known:
        for _, of_file in groupby(plan.files, key=lambda refused: (refused.file_id, refused.path)):
            file, found = reread(plan, list(of_file))
            files += [file] if file else []
            blocks += [known.judge(block) for block in found]
    read = time.perf_counter()
    staged = enrich_blocks(files, blocks, plan.settings.enrichment, isolate=True)
    folder = slice_folder(plan, 0)
    write_slice(folder, staged)
    return PreparedBatch(
        plan=plan,
        slices=(folder,),
        files=len(files),
        blocks=len(blocks),
        words=sum(block.word_count or 0 for block in staged.blocks),
        reading_seconds=read - started,
        enriching_seconds=time.perf_counter() - read,
    )


def reread(plan: ReplayPlan, refusals: list[Refused]) -> tuple[StagedFile | None, list[StagedBlock]]:
    """A refused file as it reads today, with all its blocks; or the refused blocks of a file that was read."""
    refused = refusals[0]
    data = read_raw(locate(plan.settings.warehouse), refused.file_id)
    kept = content(FoundFile(path=refused.path, size_bytes=len(data), modified_ns=0), data)
    if isinstance(kept, FileRefusal):
        return reread_file(refused, data, kept, 0), []
    kept = replace(kept, modified_at=refused.modified_at)
    reading = parse_file(data, replace(plan.settings.reading, today=refused.first_seen_at.date()))
    blocks = [
        replace(staged_block(kept, block), path=refused.path, source=source_of(refused.path))
        for block in reading.blocks
    ]
    positions = {refusal.position_in_file for refusal in refusals}
    if None not in positions:
        return None, [block for block in blocks if block.position_in_file in positions]
    return reread_file(refused, data, reading.refusal, len(blocks)), blocks


def reread_file(
    refused: Refused, data: bytes, refusal: FileRefusal | WholeRefusal | None, article_count: int
) -> StagedFile:
    """The row of a file that was read again from its kept bytes; its path is in the form that is shown already."""
    return StagedFile(
        path=refused.path,
        folder=b"",
        name=b"",
        size_bytes=len(data),
        modified_ns=0,
        modified_at=refused.modified_at,
        file_id=refused.file_id,
        outcome=FileOutcome.REFUSED if refusal else FileOutcome.READ,
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else None,
        article_count=article_count,
    )
