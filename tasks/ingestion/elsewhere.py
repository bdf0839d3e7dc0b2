"""A batch prepared by a worker that somebody else started, perhaps on another machine."""

from contextlib import closing

from schemas.errors import NewsmillError
from tasks.enrichment.fingerprint import pipeline_id
from tasks.ingestion.batch import prepare_batch
from tasks.ingestion.plans import Plan, PreparedBatch
from tasks.storage.address import check_owner
from tasks.storage.layout import locate
from tasks.storage.readonly import connect_readonly


class WorkerGone(RuntimeError):
    """The worker of a batch ended without an answer."""


class UnfitWorker(NewsmillError):
    """A worker fails whatever it is given: it has other code, does not see the warehouse, or its disk is full."""


def prepare_like(pipeline: str, plan: Plan) -> PreparedBatch:
    """The prepared batch, derived by the pipeline of this id; raises UnfitWorker where another is installed, or
    where the warehouse or its store is not seen.
    """
    settings = plan.settings
    check_warehouse(plan)
    try:
        own = pipeline_id(settings.enrichment)
    except NewsmillError as error:
        raise UnfitWorker(f"A worker cannot load what the run works with: {error}") from error
    if own != pipeline:
        raise UnfitWorker(
            f"A worker has the pipeline {own}, the run {pipeline}: install the same newsmill and the same models there."
        )
    return prepare_batch(plan)


def check_warehouse(plan: Plan) -> None:
    """Raise UnfitWorker when what this machine has at the place of the warehouse is not the one of the run.

    It may be another that has the same path; then what is staged here would never be found, and on another S3 server
    the bytes of files would be missing from the store without a word.
    """
    warehouse = locate(plan.settings.warehouse)
    if not (warehouse.tmp / f"run-{plan.run_id}.lock").exists():
        raise UnfitWorker(
            f"A worker does not see the warehouse {warehouse.root}, or not this run in it; workers and the command need"
            " one file system."
        )
    with closing(connect_readonly(warehouse.ledger)) as ledger:
        try:
            check_owner(warehouse, ledger)
        except NewsmillError as error:
            raise UnfitWorker(f"A worker does not reach the store of the run: {error}") from error
