"""Commands that bring articles in, and derive them again: ingest, backfill."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.chosen import OF_INPUT, takes_settings
from flows.commands.options import DirectOption, EndOption, LogJsonOption, StartOption, one_of, parse_day
from flows.commands.progress import ingest_progress
from flows.commands.screen import print_outcomes, print_reasons_met, say
from schemas.errors import WrongUse
from tasks.settings import RunnerKind, Settings, check_dask

if TYPE_CHECKING:
    from tasks.reading.discovery import FoundFile

INGEST_EPILOG = "Example: newsmill ingest --input ~/dumps --warehouse ~/news --workers 2"


@takes_settings()
def ingest(*, settings: Settings, direct: DirectOption = False, _: LogJsonOption = False) -> None:
    """Take in what is new in the input folder.

    Every file and article block ends in one counted outcome; the table at the end shows how many in which.
    """
    from tasks.ingestion.planning import checked_input

    checked_input(settings.input_folder, settings.warehouse)
    check_runner(settings, direct)
    make_elsewhere(settings)
    counts = ingest_directly(settings) if direct else ingest_with_prefect(settings)
    print_outcomes("Ingest", counts, nothing=nothing_found(settings.input_folder))
    print_reasons_met(settings.warehouse, counts["run_id"])


def check_runner(settings: Settings, direct: bool) -> None:
    """Raise WrongUse, before a server is started, when the runner cannot do what is asked of it."""
    if settings.runner is RunnerKind.PROCESSES:
        return
    if direct:
        raise WrongUse(f"The runner {settings.runner} works with Prefect; leave --direct away.")
    from flows.server import find_server

    if settings.runner is RunnerKind.POOL and find_server(settings.warehouse) is None:
        raise WrongUse("The workers of a pool need a Prefect server that they know: name it with PREFECT_API_URL.")
    if settings.runner is RunnerKind.DASK:
        check_dask()


def make_elsewhere(settings: Settings) -> None:
    """Make a warehouse that keeps its files elsewhere, unless it is there: all else has the place from its ledger."""
    from tasks.storage.opening import writing

    if settings.store:
        with writing(settings.warehouse, settings.store):
            pass


def nothing_found(folder: Path) -> str:
    """What to say of a pass that counted nothing: a folder without files may be the wrong one."""
    with os.scandir(folder) as entries:
        return "nothing new" if any(entries) else f"there are no files in {folder}"


def ingest_directly(settings: Settings, only: "frozenset[FoundFile] | None" = None) -> Mapping[str, Any]:
    """One pass without Prefect; the counts by outcome, and the run's id."""
    from flows.runs import run_counts
    from tasks.ingestion.ingesting import run_ingest
    from tasks.ingestion.preparing import prepare_directly

    with ingest_progress() as report:
        run = run_ingest(settings, prepare_directly(settings), report, only=only)
    return run_counts(run) | {"run_id": run.run_id}


def ingest_with_prefect(settings: Settings) -> Mapping[str, Any]:
    """One pass as a flow run, recorded at the server there is or an embedded one."""
    from flows.server import recording

    with recording(settings.warehouse, say):
        return ingest_flow(settings)


def ingest_flow(settings: Settings, only: "frozenset[FoundFile] | None" = None) -> Mapping[str, Any]:
    """One flow run where runs are recorded already."""
    from flows import beside
    from flows import ingest as flow_module
    from flows.runs import work_parameters

    with ingest_progress() as report:
        beside.ingest_progress.set(report)
        beside.only_files.set(only)
        counts: dict[str, Any] = flow_module.ingest(
            input_folder=str(settings.input_folder),
            warehouse=str(settings.warehouse),
            **work_parameters(settings),
        )
    return counts


@takes_settings(without=OF_INPUT)
def backfill(
    *,
    start: StartOption,
    end: EndOption,
    stage: Annotated[
        str,
        typer.Option(
            "--stage",
            metavar="parse|enrich",
            help="From the raw bytes, or mentions only.",
            autocompletion=one_of("parse", "enrich"),
        ),
    ] = "parse",
    stale: Annotated[bool, typer.Option("--stale", help="Only rows that an older pipeline derived.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    settings: Settings,
    direct: DirectOption = False,
    _: LogJsonOption = False,
) -> None:
    """Derive a range of articles again.

    Every article published in the range, with today's code, model and gazetteer, in one commit.
    """
    from tasks.ingestion.backfilling import checked_range

    if stage not in {"parse", "enrich"}:
        raise WrongUse(f"--stage takes parse or enrich, not {stage!r}.")
    check_runner(settings, direct)
    wanted = checked_range(parse_day(start), parse_day(end), stage, stale)
    from flows.commands.renewal import backfill_directly, backfill_with_prefect, print_summary
    from tasks.storage.opening import reading

    with reading(settings.warehouse):
        pass  # says so before a server is started when there is no warehouse
    run = backfill_directly if direct else backfill_with_prefect
    print_summary(run(settings, wanted, dry_run), dry_run)


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    app.command(epilog=INGEST_EPILOG)(ingest)
    app.command(epilog="Example: newsmill backfill --start 2019-08-01 --end 2019-08-31 --dry-run")(backfill)
