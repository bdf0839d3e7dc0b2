"""The flow that takes in what is new: list, prepare in batches, commit, report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

import flows.leaving
import flows.logs  # noqa: F401  the import of both is their effect
from flows import beside
from flows.alarms import alarm_words, alarms_told
from flows.diary import ingest_words, outcome_rows
from flows.parameters import (
    BatchSize,
    DaskAddress,
    DayFirst,
    Encoding,
    InputFolder,
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
from tasks.settings import DEFAULT_INPUT, DEFAULT_WAREHOUSE, load_settings
from tasks.stages import (
    flow_run_id,
    name_run,
    progress_recorder,
    record_commit,
    record_table,
    scheduled_name,
)


@flow(name="ingest", flow_run_name=partial(scheduled_name, "ingest"), persist_result=False)
def ingest(
    *,
    input_folder: InputFolder = DEFAULT_INPUT,
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
    told = ToldProgress(warehouse=settings.warehouse)
    with stoppable(), alarms_told(settings.warehouse) as alarms, prepared_batches(settings) as prepare:
        run = run_ingest(settings, prepare, told.report, flow_run_id(), beside.only_files.get())
    told.finish()
    counts = run_counts(run)
    words = ingest_words(counts)
    name_run(words, alarm_words(alarms))
    name = settings.warehouse.name
    record_table(outcome_rows(counts), key="outcomes", description=f"Into `{name}`: {words} (run `{run.run_id}`)")
    return counts | {"run_id": run.run_id}


@dataclass(slots=True, kw_only=True)
class ToldProgress:
    """Tells the terminal, the progress artifact and the event log how far a run is."""

    warehouse: Path
    show: Callable[[RunProgress], None] | None = field(default_factory=beside.ingest_progress.get)
    record: Callable[[float, str], None] | None = None
    pace: Pace = field(default_factory=Pace)
    files_done: int = 0
    share: float = 0.0

    def report(self, progress: RunProgress) -> None:
        """Tell of a plan or a commit."""
        if self.show:
            self.show(progress)
        self.pace.note(progress)
        if progress.files_done > self.files_done:
            self.record = self.record or progress_recorder()
            self.share = progress.share or 0.0
            of_all = f" of {progress.files_found:,}" if progress.files_found is not None else ""
            self.record(self.share, f"{progress.files_done:,}{of_all} files · {self.pace.sentence()}")
            news = {"files": progress.files_done - self.files_done, "articles so far": progress.articles}
            record_commit(self.warehouse, news)
            self.files_done = progress.files_done

    def finish(self) -> None:
        """Fill the bar: that the last batch was the last is known only now."""
        if self.record and self.share < 1.0:
            self.record(1.0, f"{self.files_done:,} files · {self.pace.sentence()}")
