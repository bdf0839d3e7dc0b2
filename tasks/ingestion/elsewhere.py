"""A batch prepared by a worker that somebody else started, perhaps on another machine."""

from schemas.errors import NewsmillError
from tasks.enrichment.fingerprint import pipeline_id
from tasks.ingestion.batch import prepare_batch
from tasks.ingestion.plans import Plan, PreparedBatch
from tasks.storage.layout import locate


class WorkerGone(RuntimeError):
    """The worker of a batch ended without an answer."""


class UnfitWorker(NewsmillError):
    """A worker fails whatever it is given: it has other code, does not see the warehouse, or its disk is full."""


def prepare_like(pipeline: str, plan: Plan) -> PreparedBatch:
    """The prepared batch, derived by the pipeline of this id; raises UnfitWorker where another is installed, or
    where the warehouse is not seen.
    """
    settings = plan.settings
    if not locate(settings.warehouse).ledger.exists():
        raise UnfitWorker(
            f"A worker does not see the warehouse {settings.warehouse}; workers and the command need one file system."
        )
    try:
        own = pipeline_id(settings.enrichment)
    except NewsmillError as error:
        raise UnfitWorker(f"A worker cannot load what the run works with: {error}") from error
    if own != pipeline:
        raise UnfitWorker(
            f"A worker has the pipeline {own}, the run {pipeline}: install the same newsmill and the same models there."
        )
    return prepare_batch(plan)
