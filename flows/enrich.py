"""The flow that a worker of a work pool runs: one batch, ordered and answered by way of the disk."""

from functools import partial
from pathlib import Path
from typing import Annotated

from prefect import flow
from pydantic import Field

import flows.leaving
import flows.logs  # noqa: F401  the import of both is their effect
from flows.stopping import stoppable
from tasks.ingestion.elsewhere import UnfitWorker, prepare_like
from tasks.ingestion.enriching import error_line
from tasks.ingestion.orders import Refusal, alive, read_order, write_answer
from tasks.ingestion.workers import prepare_in_time
from tasks.stages import batch_name, limit_seconds, rename_run
from tasks.storage.trouble import is_machines


@flow(name="enrich-batch", persist_result=False)
def enrich(order: Annotated[str, Field(description="File of the order, in the warehouse's tmp folder.")]) -> int:
    """Read, parse and enrich the files of a batch; the run that ordered it commits it. Gives the number of words."""
    file = Path(order)
    wanted = read_order(file)
    with stoppable(), alive(file):
        try:
            batch = prepare_in_time(partial(prepare_like, wanted.pipeline), wanted.plan, limit_seconds(wanted.plan))
        except UnfitWorker as error:
            write_answer(file, Refusal(error=str(error), is_unfit=True))
            raise
        except Exception as error:
            write_answer(file, Refusal(error=error_line(error), is_unfit=is_machines(error)))
            raise
        write_answer(file, batch)
    rename_run(batch_name(wanted.plan.batch_no, len(wanted.plan.files), batch.blocks))
    return batch.words
