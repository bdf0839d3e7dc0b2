"""One batch from files to staged Arrow: read, parse, fingerprint, enrich. Runs in any process, decides nothing."""

import time
from collections.abc import Iterator

from tasks.enrichment.enricher import load_enricher
from tasks.ingestion.gathering import Reader, Reading, gather, stage_slices
from tasks.ingestion.known import Known
from tasks.ingestion.plans import BatchPlan, FailedBatch, Plan, PreparedBatch, RenewalPlan
from tasks.ingestion.renewing import prepare_renewal
from tasks.ingestion.replays import prepare_replay
from tasks.reading.contents import Archive, read_contents
from tasks.settings import Settings
from tasks.storage.heap import share_one_heap
from tasks.storage.layout import locate

__all__ = ["BatchPlan", "FailedBatch", "PreparedBatch", "prepare_batch", "warm"]


def warm(settings: Settings) -> None:
    """Load model and gazetteer once, before the first batch of a process."""
    share_one_heap()
    load_enricher(settings.enrichment)


def prepare_batch(plan: Plan) -> PreparedBatch:
    """Do the work of a plan and leave the result as slices for the commit."""
    if isinstance(plan, BatchPlan):
        return prepare_files(plan)
    return prepare_renewal(plan) if isinstance(plan, RenewalPlan) else prepare_replay(plan)


def prepare_files(plan: BatchPlan) -> PreparedBatch:
    """Read, parse and enrich the files of a batch and leave the result as slices."""
    started = time.perf_counter()
    with Known.of(plan.settings.warehouse) as known:
        return stage_slices(plan, gather(read_files(plan, known), known), started, files=len(plan.files))


def read_files(plan: BatchPlan, known: Known) -> Iterator[Reading]:
    """Each file, and before an archive its members, with the bytes to keep and the blocks."""
    settings, warehouse = plan.settings, locate(plan.settings.warehouse)
    reader = Reader(warehouse=warehouse, known=known, settings=settings.reading, isolate=plan.isolate)
    for found in plan.files:
        item = read_contents(settings.input_folder, found, settings.reading, warehouse.tmp)
        yield from reader.read(item, found)
        if isinstance(item, Archive):
            item.file.close()
