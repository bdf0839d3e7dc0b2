"""The flow that derives a range of publication dates again."""

from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from prefect import flow
from pydantic import Field

import flows.leaving  # noqa: F401  its import is its effect
from flows import beside
from flows.parameters import (
    BatchSize,
    DaskAddress,
    DayFirst,
    Encoding,
    Languages,
    Model,
    Pool,
    Runner,
    Warehouse,
    Workers,
)
from flows.runners.choosing import prepared_batches, seen_from_anywhere
from flows.stopping import stoppable
from tasks.ingestion.backfilling import Report, checked_range, run_backfill
from tasks.ingestion.pace import FilePace
from tasks.settings import DEFAULT_WAREHOUSE, load_settings
from tasks.stages import flow_run_id, name_run, progress_recorder, record_outcomes, scheduled_name


@flow(name="backfill", flow_run_name=partial(scheduled_name, "backfill"), persist_result=False)
def backfill(
    *,
    start: Annotated[date, Field(description="First day of publication.")],
    end: Annotated[date, Field(description="Last day of publication, included.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    stage: Annotated[
        Literal["parse", "enrich"], Field(description="parse: from the raw bytes; enrich: mentions only.")
    ] = "parse",
    dry_run: Annotated[bool, Field(description="Only say what would change.")] = False,
    stale: Annotated[bool, Field(description="Only rows that an older pipeline derived.")] = False,
    workers: Workers = None,
    batch_size: BatchSize = None,
    model: Model = None,
    languages: Languages = None,
    day_first: DayFirst = None,
    encoding: Encoding = None,
    runner: Runner = None,
    dask_address: DaskAddress = None,
    pool: Pool = None,
) -> dict[str, Any]:
    """Derive every article of the range again; readers see all of the old or all of the new."""
    settings = load_settings(
        warehouse=warehouse,
        workers=workers,
        batch_files=batch_size,
        model=model,
        languages=languages,
        day_first=day_first,
        encoding=encoding,
        runner=runner,
        dask_address=dask_address,
        pool=pool,
    )
    settings = seen_from_anywhere(settings)
    name_run(f"{start} to {end}")
    with stoppable(), prepared_batches(settings) as prepare:
        summary = run_backfill(
            settings,
            checked_range(start, end, stage, stale),
            prepare,
            dry_run=dry_run,
            report=progress_report(),
            flow_run_id=flow_run_id(),
        )
    counts = {"articles in range": summary.articles_in_range, **summary.changes}
    record_outcomes(counts, key="backfill", description=f"Changes in {start} to {end}{', dry run' * dry_run}")
    kept = beside.summaries.get()
    if kept is not None:
        kept.append(summary)
    return counts


def progress_report() -> Report:
    """Tell the terminal and the progress artifact how far the run is."""
    show = beside.backfill_progress.get()
    record = progress_recorder()
    pace = FilePace()

    def report(done: int, total: int) -> None:
        if show:
            show(done, total)
        record(done / total, f"{done:,} of {total:,} files · {pace.sentence(done, total)}")

    return report
