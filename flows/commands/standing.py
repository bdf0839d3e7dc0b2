"""Commands that go on bringing articles in: watch, serve."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.chosen import takes_settings
from flows.commands.loading import check_runner, ingest_directly, ingest_flow, make_elsewhere
from flows.commands.options import DirectOption, LogJsonOption
from flows.commands.screen import print_outcomes, print_reasons_met, say
from schemas.errors import WrongUse
from tasks.settings import Settings

if TYPE_CHECKING:
    from tasks.ingestion.watching import Watch

# Prefect is told of a silence by runs, and while nothing comes there would be none.
IDLE_SECONDS = 3600.0


@takes_settings()
def watch(
    *,
    settings: Settings,
    direct: DirectOption = False,
    quiet: Annotated[
        float, typer.Option("--quiet", min=0, metavar="SECONDS", help="A file is taken in when unchanged for so long.")
    ] = 2.0,
    _: LogJsonOption = False,
) -> None:
    """Take files in as they arrive.

    Each is taken in once it has stopped growing; Ctrl-C ends it.
    """
    from tasks.ingestion.planning import checked_input
    from tasks.ingestion.watching import Watch

    checked_input(settings.input_folder, settings.warehouse)
    check_runner(settings, direct)
    make_elsewhere(settings)
    if direct:
        watch_folder(settings, Watch(quiet_seconds=quiet), ingest_directly)
        return
    from flows.server import recording

    with recording(settings.warehouse, say):
        watch_folder(settings, Watch(quiet_seconds=quiet, idle_seconds=IDLE_SECONDS), ingest_flow)


def watch_folder(settings: Settings, watch: "Watch", take_in: Any) -> None:
    """Take in each wave of files that have become stable, and after a while without, nothing."""
    from tasks.ingestion.watching import stable_waves

    say(f"Watching {settings.input_folder}; Ctrl-C ends it.")
    for stable in stable_waves(settings.input_folder, settings.warehouse, watch, max(watch.quiet_seconds, 0.5)):
        counts = take_in(settings, frozenset(stable))
        if stable:
            print_outcomes("Watch", counts)
            print_reasons_met(settings.warehouse, counts["run_id"])


def parse_interval(text: str) -> timedelta:
    """`90s`, `15m`, `2h` or `1d`; raises WrongUse otherwise."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not (number.isascii() and number.isdigit() and int(number)):
        raise WrongUse(f"--every takes a number and s, m, h or d, such as 15m, not {text!r}.")
    return timedelta(**{units[unit]: int(number)})


@takes_settings()
def serve(
    *,
    settings: Settings,
    every: Annotated[
        str | None, typer.Option("--every", metavar="15m", help="Interval between ingests [default: 15m].")
    ] = None,
    cron: Annotated[str | None, typer.Option("--cron", metavar="CRON", help="Cron expression instead, in UTC.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port of the Prefect server started here.")] = None,
    _: LogJsonOption = False,
) -> None:
    """Run everything on a schedule with Prefect.

    Ingest on the interval, maintain nightly, backfill and report on demand; on the Prefect server that is
    configured, or on one started here.
    """
    from flows.serve import serve as serve_deployments
    from tasks.ingestion.planning import checked_input

    checked_input(settings.input_folder, settings.warehouse)
    make_elsewhere(settings)
    serve_deployments(settings, every=parse_interval(every) if every else None, cron=cron, port=port, say=say)


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    app.command(epilog="Example: newsmill watch --input ~/dumps --direct")(watch)
    app.command(epilog="Example: newsmill serve --every 15m")(serve)
