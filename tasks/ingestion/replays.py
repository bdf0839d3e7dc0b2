"""A plan of a replay: refused files and blocks as they read today, from their kept bytes."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from tasks.ingestion.gathering import Reader, Reading, gather, stage_slices
from tasks.ingestion.known import Known
from tasks.ingestion.plans import PreparedBatch, Refused, ReplayPlan
from tasks.ingestion.staged_rows import staged_refusal
from tasks.reading.containers import member_content, open_archive, temporary_file
from tasks.reading.contents import FileRefusal
from tasks.reading.discovery import path_shown_as
from tasks.reading.names import is_unpacked, is_unsafe_member
from tasks.storage.layout import locate
from tasks.storage.raw import copy_raw, read_raw


def prepare_replay(plan: ReplayPlan) -> PreparedBatch:
    """Read a plan's refusals again and leave them as slices."""
    started = time.perf_counter()
    with Known.of(plan.settings.warehouse) as known:
        return stage_slices(plan, gather(reread_all(plan, known), known), started, files=len(plan.files))


def reread_all(plan: ReplayPlan, known: Known) -> Iterator[Reading]:
    """The refusals of a plan, those of one file together."""
    for _, of_file in groupby(plan.files, key=lambda refused: (refused.file_id, refused.path)):
        yield from reread(plan, list(of_file), known)


def reread(plan: ReplayPlan, refusals: list[Refused], known: Known) -> Iterator[Reading]:
    """A refused file as it reads today, with all its blocks; the refused blocks of a file that was read; or an archive.

    Of an archive come the members that have no standing yet; those that were refused have their own place in a plan.
    """
    refused = refusals[0]
    warehouse = locate(plan.settings.warehouse)
    settings = replace(plan.settings.reading, today=refused.first_seen_at.date())
    reader = Reader(warehouse=warehouse, known=known, settings=settings, isolate=plan.isolate, again=True)
    path = path_shown_as(refused.path)
    if is_unpacked(path) and not is_unsafe_member(path):
        with temporary_file(warehouse.tmp) as file:
            size_bytes = copy_raw(warehouse, refused.file_id, file)
            archive = open_archive(
                path,
                file,
                refused.file_id,
                size_bytes,
                modified_at=refused.modified_at,
                settings=settings,
                scratch=warehouse.tmp,
            )
            yield from reader.read_archive(archive, None)
        return
    kept = member_content(path, read_raw(warehouse, refused.file_id), refused.modified_at)
    if isinstance(kept, FileRefusal):
        yield staged_refusal(kept, None), None, []
        return
    staged, _, blocks = reader.stage_content(kept, None)
    positions = {refusal.position_in_file for refusal in refusals}
    if None in positions:
        yield staged, None, blocks
    else:
        yield None, None, [block for block in blocks if block.position_in_file in positions]
