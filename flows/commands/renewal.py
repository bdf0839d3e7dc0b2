"""Running a backfill from the command line and showing what it changed."""

from typing import Literal, cast

from rich.text import Text

from flows.commands.progress import Show, file_progress
from flows.commands.screen import print_outcomes, say, wide_console
from flows.runs import work_parameters
from tasks.ingestion.backfilling import BackfillSummary, Range, Report, run_backfill
from tasks.ingestion.pace import FilePace
from tasks.reporting.counts import count_of
from tasks.settings import Settings


def backfill_directly(settings: Settings, wanted: Range, dry_run: bool) -> BackfillSummary:
    """A backfill without Prefect."""
    from tasks.ingestion.preparing import prepare_directly

    with file_progress("Backfill") as show:
        return run_backfill(
            settings,
            wanted,
            prepare_directly(settings),
            dry_run=dry_run,
            report=with_pace(show),
        )


def backfill_with_prefect(settings: Settings, wanted: Range, dry_run: bool) -> BackfillSummary:
    """A backfill as a flow run."""
    from flows.server import recording

    with recording(settings.warehouse, say), file_progress("Backfill") as show:
        from flows import backfill as flow_module
        from flows import beside

        summaries: list[BackfillSummary] = []
        beside.backfill_progress.set(with_pace(show))
        beside.summaries.set(summaries)
        flow_module.backfill(
            start=wanted.start,
            end=wanted.end,
            warehouse=str(settings.warehouse),
            stage=cast("Literal['parse', 'enrich']", wanted.stage),
            dry_run=dry_run,
            stale=wanted.stale,
            **work_parameters(settings),
        )
    return summaries[0]


def with_pace(show: Show) -> Report:
    """What takes how many files of how many are derived and shows it with speed and time left."""
    pace = FilePace()
    return lambda done, total: show(done, total, pace.sentence(done, total))


def print_summary(summary: BackfillSummary, dry_run: bool) -> None:
    """What changed, or would: articles by what differs, and a few by name."""
    console = wide_console()
    title = "Backfill, dry run" if dry_run else "Backfill"
    console.print(f"{count_of(summary.articles_in_range, 'stored version')} in the range.")
    if summary.left_out:
        console.print(f"{summary.left_out:,} of them cannot be derived again and stay as they are.")
    sentences = {
        f"articles_{kind}": f"versions whose {kind} {'would change' if dry_run else 'changed'}"
        for kind in summary.changes
    }
    print_outcomes(
        title,
        {f"articles_{kind}": count for kind, count in summary.changes.items()},
        sentences,
        "nothing differs from what is stored",
    )
    for example in summary.examples:
        console.print(Text(f"  {example}"))
