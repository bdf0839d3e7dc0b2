"""Commands that keep the warehouse: maintain, forget."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from flows.commands.options import LogJsonOption, WarehouseOption
from flows.commands.progress import file_progress
from flows.commands.screen import say
from schemas.errors import NewsmillError, WrongUse
from tasks.reporting.counts import count_of
from tasks.settings import duplicate_window, load_settings, warehouse_folder


def maintain(
    warehouse: WarehouseOption = None,
    keep_days: Annotated[
        float, typer.Option("--keep-days", min=0, help="Old snapshots stay readable for so many days.")
    ] = 7,
    verify: Annotated[bool, typer.Option("--verify", help="Only check; change nothing.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="First make the rows of damaged files again.")] = False,
    take_store: Annotated[
        bool, typer.Option("--take-store", help="Of several copies of a warehouse, this goes on with the store on S3.")
    ] = False,
    _: LogJsonOption = False,
) -> None:
    """Tidy up, verify every file, run every check.

    Joins small files, lets old snapshots go, holds the files against the ledger, runs every check. A repair derives
    lost articles from their raw bytes with today's model and settings, and lost bookkeeping from the ledger.
    """
    from tasks.maintaining import claim_store, run_upkeep

    if verify and (repair or take_store):
        raise WrongUse("--verify changes nothing and --repair and --take-store do; give one of them.")
    if take_store:
        claim_store(warehouse_folder(warehouse))
    if repair:
        mend(warehouse)
    with file_progress("Upkeep"):
        upkeep = run_upkeep(warehouse_folder(warehouse), grace=timedelta(days=keep_days), verify_only=verify)
    console = Console(highlight=False)
    if not verify:
        console.print(
            f"{count_of(upkeep.files_joined, 'file')} fewer by joining, {upkeep.files_deleted:,} old ones deleted."
        )
    if upkeep.links_mended:
        console.print(f"{count_of(upkeep.links_mended, 'name')} under tables/ mended.")
    for line in [*upkeep.damage, *upkeep.healed, *map(str, upkeep.broken)]:
        console.print(Text(line), soft_wrap=True)
    if upkeep.damage:
        raise NewsmillError("Files are damaged; the lines above say which. `newsmill maintain --repair` mends most.")
    if not upkeep.is_sound:
        raise NewsmillError("The warehouse is not sound; the lines above say what and where.")
    console.print(f"{count_of(upkeep.live_files, 'file')} as the ledger says, every check holds.")


def mend(warehouse: Path | None) -> None:
    """Make the rows of damaged files again and say how much that was."""
    from tasks.ingestion.preparing import prepare_directly
    from tasks.ingestion.repairing import repair
    from tasks.storage.opening import reading

    settings = load_settings(warehouse=warehouse)
    with reading(settings.warehouse):
        pass
    with file_progress("Repair"):
        done = repair(settings, prepare_directly(settings))
    if not done.files:
        say("No file is damaged.")
        return
    rows = count_of(done.bookkeeping_rows, "bookkeeping row")
    say(f"{count_of(done.files, 'damaged file')}: {count_of(done.articles, 'article')} and {rows} made again.")


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
    gone = take_down(warehouse_folder(warehouse), name, duplicate_window())
    articles, files = count_of(len(gone.article_ids), "article"), count_of(len(gone.file_ids), "file")
    say(f"Removed {articles} with all versions, and the raw bytes of {files}.")
    if gone.others_without_raw:
        others = count_of(gone.others_without_raw, "other article")
        say(f"Of the same files {others} can no longer be parsed again; what is stored of them stays.")
    for path in gone.paths:
        if any(path.startswith(f"{archive}!") for archive in gone.paths):
            continue
        say(f"The input file {path} is yours to delete; what was taken down is not taken in from it again.")


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    app.command(epilog="Example: newsmill maintain --verify")(maintain)
    app.command(epilog="Example: newsmill forget 1d2c… --yes")(forget)
