"""The flow that takes in what is new: list, prepare in batches, commit, report."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

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
from flows.runs import run_counts
from flows.stopping import stoppable
from tasks.ingestion.ingesting import run_ingest
from tasks.ingestion.pace import Pace, RunProgress
from tasks.reporting.counts import count_of
from tasks.settings import DEFAULT_INPUT, DEFAULT_WAREHOUSE, load_settings
from tasks.stages import (
    flow_run_id,
    name_run,
    progress_recorder,
    record_commit,
    record_outcomes,
    scheduled_name,
)


@flow(name="ingest", flow_run_name=partial(scheduled_name, "ingest"), persist_result=False)
def ingest(
    *,
    input_folder: Annotated[str, Field(description="Folder of raw dumps; it is never changed.")] = DEFAULT_INPUT,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
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
    """Take in everything new in the input folder; every file and article block ends in one counted outcome."""
    settings = load_settings(
        input_folder=input_folder,
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
    report = progress_report(Path(warehouse).name)
    with stoppable(), prepared_batches(settings) as prepare:
        run = run_ingest(settings, prepare, report, flow_run_id(), beside.only_files.get())
    counts = run_counts(run)
    name_run(count_of(sum(n for name, n in counts.items() if name.startswith("files_")), "file"))
    record_outcomes(counts, key="outcomes", description=f"Outcomes of run {run.run_id}")
    return counts | {"run_id": run.run_id}


def progress_report(warehouse_name: str) -> Callable[[RunProgress], None]:
    """Tell the terminal, the progress artifact and the event log how far the run is."""
    show = beside.ingest_progress.get()
    record: list[Callable[[float, str], None]] = []
    pace = Pace()
    done = 0

    def report(progress: RunProgress) -> None:
        nonlocal done
        if show:
            show(progress)
        pace.note(progress)
        if progress.files_done > done:
            if not record:
                record.append(progress_recorder())
            of_all = f" of {progress.files_found:,}" if progress.files_found is not None else ""
            record[0](progress.share or 0.0, f"{progress.files_done:,}{of_all} files · {pace.sentence()}")
            record_commit(warehouse_name, {"files": progress.files_done - done, "articles so far": progress.articles})
            done = progress.files_done

    return report
