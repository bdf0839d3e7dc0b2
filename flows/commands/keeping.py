"""Commands that keep the warehouse: quarantine, maintain, forget."""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.commands.options import DayFirstOption, LanguageOption, ModelOption, WarehouseOption, parse_day
from flows.commands.screen import file_progress, print_outcomes, say, wide_console
from schemas.errors import NewsmillError, WrongUse
from schemas.reasons import REASON_SENTENCES, Reason
from tasks.settings import load_settings, warehouse_folder

if TYPE_CHECKING:
    from tasks.ingestion.replaying import Selection

ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="REASON", help="Only refusals for this reason.")]
FileOption = Annotated[
    str | None, typer.Option("--file", metavar="PATH|ID", help="Only this file: its path, or the beginning of its id.")
]
SinceOption = Annotated[str | None, typer.Option("--since", metavar="DATE", help="First seen on this day or later.")]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DATE", help="First seen on this day or before.")]


def selection(reason: str | None, file: str | None, since: str | None, until: str | None) -> "Selection":
    """The refusals that the options name; raises WrongUse for a reason there is not."""
    from tasks.ingestion.replaying import Selection

    if reason is not None and reason not in set(Reason):
        raise WrongUse(f"There is no reason {reason!r}; reasons are {', '.join(sorted(Reason))}.")
    return Selection(
        reason=Reason(reason) if reason else None,
        file=file,
        since=parse_day(since) if since else None,
        until=parse_day(until) if until else None,
    )


def list_refusals(
    warehouse: WarehouseOption = None,
    reason: ReasonOption = None,
    file: FileOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
) -> None:
    """List what waits in quarantine, and why."""
    from tasks.ingestion.replaying import list_refusals as find

    refusals = find(warehouse_folder(warehouse), selection(reason, file, since, until))
    console = wide_console()
    if not refusals:
        console.print("Nothing waits in quarantine.")
        return
    table = Table("first seen", "reason", "tries", "article", "file", box=SIMPLE)
    for refused in refusals:
        position = str(refused.position_in_file) if refused.position_in_file else "all"
        cells = (f"{refused.first_seen_at:%Y-%m-%d}", refused.reason, str(refused.attempts), position, refused.path)
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    console.print(table)
    for met in sorted({refused.reason for refused in refusals}):
        console.print(Text(f"{met}: {REASON_SENTENCES[met]}"))


def show(
    file: Annotated[str, typer.Argument(help="Path, or the beginning of the file's id.")],
    warehouse: WarehouseOption = None,
) -> None:
    """Write the kept bytes of a refused file to standard output."""
    from tasks.ingestion.replaying import list_refusals as find
    from tasks.ingestion.replaying import refused_bytes

    refusals = find(warehouse_folder(warehouse), selection(None, file, None, None))
    if not refusals:
        raise WrongUse(f"Nothing in quarantine is named {file!r}; `newsmill quarantine list` shows what is.")
    sys.stdout.buffer.write(refused_bytes(warehouse_folder(warehouse), refusals[0]))
    sys.stdout.buffer.flush()


def replay(
    *,
    warehouse: WarehouseOption = None,
    reason: ReasonOption = None,
    file: FileOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    model: ModelOption = None,
    language: LanguageOption = None,
    day_first: DayFirstOption = None,
) -> None:
    """Read refusals again with today's code; what now succeeds is stored and closed."""
    from flows.runs import run_counts
    from tasks.ingestion.preparing import prepare_directly
    from tasks.ingestion.replaying import run_replay
    from tasks.storage.opening import reading

    chosen = selection(reason, file, since, until)
    settings = load_settings(warehouse=warehouse, workers=1, model=model, languages=language, day_first=day_first)
    with reading(settings.warehouse):
        pass
    print_outcomes("Replay", run_counts(run_replay(settings, chosen, prepare_directly(settings))))


def discard(
    warehouse: WarehouseOption = None,
    reason: ReasonOption = None,
    file: FileOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
) -> None:
    """Close refusals without another try; their bytes stay."""
    from tasks.ingestion.replaying import discard as close
    from tasks.storage.opening import reading

    chosen = selection(reason, file, since, until)
    with reading(warehouse_folder(warehouse)):
        pass
    Console(highlight=False).print(f"Discarded {close(warehouse_folder(warehouse), chosen):,} refusals.")


def maintain(
    warehouse: WarehouseOption = None,
    keep_days: Annotated[
        float, typer.Option("--keep-days", min=0, help="Old snapshots stay readable for so many days.")
    ] = 7,
    verify: Annotated[bool, typer.Option("--verify", help="Only check; change nothing.")] = False,
) -> None:
    """Tidy up, verify every file, run every check.

    Joins small files, lets old snapshots go, holds the files against the ledger, runs every check.
    """
    from tasks.maintaining import run_upkeep

    with file_progress("Upkeep"):
        upkeep = run_upkeep(warehouse_folder(warehouse), grace=timedelta(days=keep_days), verify_only=verify)
    console = Console(highlight=False)
    if not verify:
        console.print(f"{upkeep.files_joined:,} files fewer by joining, {upkeep.files_deleted:,} old ones deleted.")
    for line in [*upkeep.damage, *map(str, upkeep.broken)]:
        console.print(Text(line))
    if not upkeep.is_sound:
        raise NewsmillError("The warehouse is not sound; the lines above say what and where.")
    console.print(f"{upkeep.live_files:,} files are as the ledger says, every check holds.")


def forget(
    name: Annotated[str, typer.Argument(metavar="ARTICLE|FILE", help="article_id, path of a file, or its sha256.")],
    warehouse: WarehouseOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take an article or a file down for good.

    Every version, raw copy and snapshot of it goes, and it is not taken in again.
    """
    from tasks.ingestion.forgetting import forget as take_down
    from tasks.storage.opening import reading

    with reading(warehouse_folder(warehouse)):
        pass
    if not yes and not sys.stdin.isatty():
        raise WrongUse("forget removes for good; without a terminal to ask at, say --yes.")
    if not yes and not typer.confirm(f"Remove {name} for good?"):
        raise NewsmillError("Nothing was removed.")
    gone = take_down(warehouse_folder(warehouse), name)
    say(f"Removed {len(gone.article_ids)} articles with all versions, and the raw bytes of {len(gone.file_ids)} files.")
    if gone.others_without_raw:
        say(f"{gone.others_without_raw} other articles of those files stay, but can no longer be parsed again.")
    for path in gone.paths:
        say(f"The input file {path} is yours to delete; it will not be taken in again.")


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    quarantine = typer.Typer(
        help="Look at what was refused, and try it again.", no_args_is_help=True, rich_markup_mode=None
    )
    quarantine.command("list", epilog="Example: newsmill quarantine list --reason invalid_date")(list_refusals)
    quarantine.command("show", epilog="Example: newsmill quarantine show broken.txt")(show)
    quarantine.command("replay", epilog="Example: newsmill quarantine replay --reason no_header")(replay)
    quarantine.command("discard", epilog="Example: newsmill quarantine discard --file notes.txt")(discard)
    app.add_typer(quarantine, name="quarantine")
    app.command(epilog="Example: newsmill maintain --verify")(maintain)
    app.command(epilog="Example: newsmill forget 1d2c… --yes")(forget)
