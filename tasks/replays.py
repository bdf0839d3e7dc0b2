"""A plan of a replay: refused files and blocks as they read today, from their kept bytes."""

import time
from dataclasses import replace

from schemas.reasons import FileOutcome
from tasks.enriching import enrich_blocks
from tasks.known import Known
from tasks.plans import PreparedBatch, Refused, ReplayPlan, slice_folder
from tasks.reading.contents import FileContent
from tasks.reading.parsing import parse_file
from tasks.staged_rows import source_of, staged_block
from tasks.staging import StagedBlock, StagedFile, write_slice
from tasks.storage.layout import locate
from tasks.storage.raw import read_raw


def prepare_replay(plan: ReplayPlan) -> PreparedBatch:
    """Read a plan's refusals again and leave them as one slice."""
    started = time.perf_counter()
    files: list[StagedFile] = []
    blocks: list[StagedBlock] = []
    with Known.of(plan.settings.warehouse) as known:
        for refused in plan.files:
            file, found = reread(plan, refused)
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


def reread(plan: ReplayPlan, refused: Refused) -> tuple[StagedFile | None, list[StagedBlock]]:
    """A refused file as it reads today, with all its blocks; or the one refused block of a file that was read."""
    data = read_raw(locate(plan.settings.warehouse), refused.file_id)
    settings = replace(plan.settings.reading, today=refused.first_seen_at.date())
    reading_of_file = parse_file(data, settings)
    content = FileContent(
        path=refused.path,
        file_id=refused.file_id,
        data=data,
        size_bytes=len(data),
        modified_at=refused.modified_at,
    )
    blocks = [
        replace(staged_block(content, block), path=refused.path, source=source_of(refused.path))
        for block in reading_of_file.blocks
    ]
    if refused.position_in_file is not None:
        return None, [block for block in blocks if block.position_in_file == refused.position_in_file]
    whole = reading_of_file.refusal
    file = StagedFile(
        path=refused.path,
        folder=b"",
        name=b"",
        size_bytes=len(data),
        modified_ns=0,
        modified_at=content.modified_at,
        file_id=refused.file_id,
        outcome=FileOutcome.REFUSED if whole else FileOutcome.READ,
        reason=whole.reason if whole else None,
        detail=whole.detail if whole else None,
        article_count=len(blocks),
    )
    return file, blocks
