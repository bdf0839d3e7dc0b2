"""A file whose processing kills every attempt: refused by name, with its bytes, without touching them again."""

import os
from pathlib import Path

from schemas.entity import Entity
from schemas.location import Location
from schemas.reasons import FileOutcome, Reason
from tasks.ingestion.plans import BatchPlan, slice_folder
from tasks.ingestion.staged_rows import staged_file
from tasks.ingestion.staging import Slice, StagedFile, mention_table, write_slice
from tasks.reading.contents import Archive, FileContent, FileRefusal, instant, read_contents
from tasks.reading.discovery import FoundFile, display_path, kept_ns
from tasks.storage.layout import Warehouse
from tasks.storage.raw import keep_stream, write_raw


def stage_failed_file(warehouse: Warehouse, plan: BatchPlan, found: FoundFile, error: str) -> Path:
    """Leave a slice that refuses one file with the error that it caused."""
    item = read_contents(plan.settings.input_folder, found, plan.settings.reading, warehouse.tmp)
    if isinstance(item, FileContent):
        write_raw(warehouse, [(item.file_id, item.data)])
    elif isinstance(item, Archive):
        with item.file:
            keep_stream(warehouse, item.file_id, item.file)
    failed = (
        unread_file(found, error)
        if isinstance(item, FileRefusal)
        else staged_file(item, found, FileOutcome.REFUSED, reason=Reason.FAILED_PROCESSING, detail=error)
    )
    folder = slice_folder(plan, 0)
    write_slice(
        folder,
        Slice(
            files=[failed],
            blocks=[],
            entities=mention_table(Entity, []),
            locations=mention_table(Location, []),
        ),
    )
    return folder


def unread_file(found: FoundFile, error: str) -> StagedFile:
    """The row of a failed file that cannot be read any more."""
    folder, name = os.path.split(os.fsencode(found.path))
    return StagedFile(
        path=display_path(found.path),
        folder=folder,
        name=name,
        size_bytes=found.size_bytes,
        modified_ns=kept_ns(found.modified_ns),
        modified_at=instant(found.modified_ns),
        file_id=None,
        outcome=FileOutcome.REFUSED,
        reason=Reason.FAILED_PROCESSING,
        detail=display_path(error),
        article_count=0,
    )
