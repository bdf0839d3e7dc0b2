"""The flow that derives a range of publication dates again."""

from functools import partial
from typing import Any

from prefect import flow

import flows.leaving
import flows.logs  # noqa: F401  the import of both is their effect
from flows import beside
from flows.alarms import alarm_words, alarms_told
from flows.diary import backfill_words, change_rows, range_words
from flows.parameters import (
    BatchSize,
    DaskAddress,
    DayFirst,
    DryRun,
    Encoding,
    End,
    Languages,
    Model,
    Pool,
    Runner,
    Stage,
    Stale,
    Start,
    Warehouse,
    Workers,
)
from flows.runners.choosing import prepared_batches, seen_from_anywhere
from flows.stopping import stoppable
from tasks.ingestion.backfilling import Report, checked_range, run_backfill
from tasks.ingestion.pace import FilePace
from tasks.settings import DEFAULT_WAREHOUSE, load_settings
from tasks.stages import flow_run_id, name_run, progress_recorder, record_table, scheduled_name


@flow(name="backfill", flow_run_name=partial(scheduled_name, "backfill"), persist_result=False)
def backfill(
    *,
    start: Start,
    end: End,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    stage: Stage = "parse",
    dry_run: DryRun = False,
    stale: Stale = False,
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
    about = range_words(start, end, stage, dry_run=dry_run)
    name_run(about)
    with stoppable(), alarms_told(settings.warehouse) as alarms, prepared_batches(settings) as prepare:
        summary = run_backfill(
            settings,
            checked_range(start, end, stage, stale),
            prepare,
            dry_run=dry_run,
            report=progress_report(),
            flow_run_id=flow_run_id(),
        )
    name_run(about, backfill_words(summary, dry_run=dry_run), alarm_words(alarms))
    record_table(change_rows(summary), key="backfill", description=f"What differs in {about}")
    kept = beside.summaries.get()
    if kept is not None:
        kept.append(summary)
    return {"articles in range": summary.articles_in_range, **summary.changes}


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
