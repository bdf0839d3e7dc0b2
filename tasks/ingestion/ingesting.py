"""One pass over the input folder: plan, prepare, commit; what fails is split until the article to blame is alone."""

import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace

from schemas.reasons import RunKind, RunStatus
from schemas.run import Run
from tasks.enrichment.fingerprint import pipeline_id
from tasks.enrichment.gazetteer.build import gazetteer_path
from tasks.ingestion.counting import check_all_done
from tasks.ingestion.events import tell_committed
from tasks.ingestion.isolating import commit_batch
from tasks.ingestion.judging import RunContext
from tasks.ingestion.outlook import Outlook
from tasks.ingestion.pace import RunProgress
from tasks.ingestion.planning import checked_input, find_new_files, input_number, plan_batches
from tasks.ingestion.plans import BatchPlan, FailedBatch, Prepare, PreparedBatch
from tasks.ingestion.recurring import mark_stored
from tasks.ingestion.refusing import stage_failed_file
from tasks.ingestion.runs import RunRecord, recorded_run
from tasks.ingestion.seeing import enter_seen
from tasks.ingestion.staging import delete_slice
from tasks.reading.discovery import FoundFile
from tasks.settings import RunnerKind, Settings
from tasks.storage.compaction import compact
from tasks.storage.layout import Warehouse
from tasks.storage.opening import writing

# Showing a commit to readers costs a tenth of a second, as much as a hundred articles beside the model.
PUBLISH_SECONDS = 10.0

# Small parts are joined while a long run goes on: all at its end, a hundred thousand articles took 32 MB more, and each
# publish before had a thousand files to name.
COMMITS_TO_JOIN = 16


@dataclass(slots=True, kw_only=True)
class Ingestion:
    """One ingest under way."""

    warehouse: Warehouse
    ledger: sqlite3.Connection
    settings: Settings
    run: RunRecord
    context: RunContext
    input_id: int
    prepare: Prepare
    report: Callable[[RunProgress], None]
    only: frozenset[FoundFile] | None
    commits: int = 0
    files_planned: int = 0
    files_done: int = 0
    bytes_planned: int = 0
    bytes_done: int = 0
    outlook: Outlook = field(default_factory=Outlook)
    published_at: float = field(default_factory=time.monotonic)

    def publishes(self) -> bool:
        """Whether the next commit is to be seen by readers at once; the end of the run shows whatever is not."""
        is_due = time.monotonic() - self.published_at >= PUBLISH_SECONDS
        if is_due:
            self.published_at = time.monotonic()
        return is_due

    def progress(self) -> RunProgress:
        articles = sum(n for name, n in self.run.counts.items() if name.startswith("articles_"))
        files_found, bytes_found = self.outlook.total or (None, None)
        return RunProgress(
            files_planned=self.files_planned,
            files_done=self.files_done,
            bytes_done=self.bytes_done,
            articles=articles,
            words=self.run.words,
            files_found=files_found,
            bytes_found=bytes_found,
        )


def run_ingest(
    settings: Settings,
    prepare: Prepare,
    report: Callable[[RunProgress], None] | None = None,
    flow_run_id: str | None = None,
    only: frozenset[FoundFile] | None = None,
) -> Run:
    """Take in what is new in the input folder, or of that only files that still look like these; gives the run's row.

    Raises WrongUse when the input folder is missing; whatever else raises leaves all commits so far in place.
    """
    folder = checked_input(settings.input_folder, settings.warehouse)
    settings = replace(settings, input_folder=folder)
    with writing(settings.warehouse, settings.store) as (warehouse, ledger):
        with recorded_run(warehouse, ledger, RunKind.INGEST, flow_run_id) as run:
            run.pipeline_id = pipeline_id(settings.enrichment)
            settings = replace(settings, reading=replace(settings.reading, today=run.started_at.date()))
            input_id = input_number(ledger, folder)
            ingestion = Ingestion(
                warehouse=warehouse,
                ledger=ledger,
                settings=settings,
                run=run,
                context=RunContext(
                    run_id=run.run_id,
                    kind=run.kind,
                    pipeline_id=run.pipeline_id,
                    window_days=settings.window_days,
                    input_id=input_id,
                ),
                input_id=input_id,
                prepare=prepare,
                report=report or (lambda _: None),
                only=only,
            )
            take_in(ingestion, planned(ingestion))
            check_all_done(ingestion.files_planned, ingestion.files_done)
            marked = mark_stored(warehouse, ledger, settings, prepare, ingestion.context)
            if run.counts or marked:
                compact(warehouse, ledger, run.run_id, publishes=False)
        return run.row(RunStatus.DONE, run.finished_at)


def planned(ingestion: Ingestion) -> Iterator[BatchPlan]:
    """The batches of what is new, counted as they are planned; how many there will be is counted beside them."""
    found = find_new_files(ingestion.ledger, ingestion.settings.input_folder, ingestion.input_id)
    only = ingestion.only
    chosen = found if only is None else (file for file in found if file in only)
    if only is not None:
        ingestion.outlook.count(only)
    outlook = ingestion.outlook
    try:
        for plan in plan_batches(chosen, ingestion.run.run_id, ingestion.settings):
            if plan.batch_no == 1:
                check_gazetteer(ingestion.settings)
            ingestion.files_planned += len(plan.files)
            ingestion.bytes_planned += bytes_of(plan)
            ingestion.report(ingestion.progress())
            yield plan
            if plan.batch_no == 1 and only is None:
                # One worker has committed the first batch by now; it is not among what the ledger has for new.
                done = ingestion.files_done, ingestion.bytes_done
                outlook.begin(ingestion.warehouse, ingestion.settings.input_folder, ingestion.input_id, done)
    finally:
        outlook.stop()
    outlook.total = ingestion.files_planned, ingestion.bytes_planned


def check_gazetteer(settings: Settings) -> None:
    """Raise NewsmillError when the workers of this machine would find no gazetteer and could not build one.

    Each batch would fail for it, and its files would be refused one by one.
    """
    if settings.runner is RunnerKind.PROCESSES:
        gazetteer_path(settings.enrichment)


def bytes_of(plan: BatchPlan) -> int:
    """The size of a batch's files as the listing saw them."""
    return sum(found.size_bytes for found in plan.files)


def take_in(ingestion: Ingestion, plans: Iterable[BatchPlan]) -> None:
    """Prepare and commit batches; halves of failed ones go the same way until one file is left."""
    failed: list[FailedBatch] = []
    answers = ingestion.prepare(plans)
    try:
        for answer in answers:
            if isinstance(answer, FailedBatch):
                failed.append(answer)
            else:
                commit_prepared(ingestion, answer)
    finally:
        # When a commit is stopped, workers end before what they leave is cleared away.
        if isinstance(answers, Generator):
            answers.close()
    for failure in failed:
        plan = failure.plan
        assert isinstance(plan, BatchPlan)
        if plan.isolate:
            refuse_file(ingestion, plan, failure.error)
        else:
            take_in(ingestion, smaller(plan))


def smaller(plan: BatchPlan) -> list[BatchPlan]:
    """The halves of a batch; of a batch of one file, the same file article by article."""
    if len(plan.files) == 1:
        return [replace(plan, isolate=True)]
    middle = len(plan.files) // 2
    return [replace(plan, files=plan.files[:middle]), replace(plan, files=plan.files[middle:])]


def commit_prepared(ingestion: Ingestion, batch: PreparedBatch) -> None:
    """Commit a batch and note that its files were dealt with."""
    started = time.perf_counter()
    run = ingestion.run
    counts = commit_batch(
        ingestion.warehouse, ingestion.ledger, batch, ingestion.context, publishes=ingestion.publishes()
    )
    run.counts.update(counts)
    tell_committed(batch.plan.batch_no, counts)
    for folder in batch.slices:
        enter_seen(ingestion.ledger, ingestion.input_id, folder)
        delete_slice(folder)
    ingestion.commits += 1
    if ingestion.commits % COMMITS_TO_JOIN == 0:
        compact(ingestion.warehouse, ingestion.ledger, run.run_id, publishes=False)
    run.words += batch.words
    run.reading_seconds += batch.reading_seconds
    run.enriching_seconds += batch.enriching_seconds
    run.storing_seconds += time.perf_counter() - started
    ingestion.files_done += batch.files
    if isinstance(batch.plan, BatchPlan):
        ingestion.bytes_done += bytes_of(batch.plan)
    ingestion.report(ingestion.progress())


def refuse_file(ingestion: Ingestion, plan: BatchPlan, error: str) -> None:
    """A file that fails even alone is refused whole; its bytes are kept where they can be read."""
    (found,) = plan.files
    folder = stage_failed_file(ingestion.warehouse, plan, found, error)
    batch = PreparedBatch(
        plan=plan, slices=(folder,), files=1, blocks=0, words=0, reading_seconds=0.0, enriching_seconds=0.0
    )
    commit_prepared(ingestion, batch)
