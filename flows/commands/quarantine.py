"""The commands of `newsmill quarantine`: look at what was refused, try it again, or close it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.commands.options import (
    DayFirstOption,
    EncodingOption,
    LanguageOption,
    ModelOption,
    WarehouseOption,
    one_of,
    parse_day,
)
from flows.commands.screen import print_outcomes, print_reasons, print_reasons_met, say, wide_console
from schemas.errors import NewsmillError, WrongUse
from schemas.reasons import REASON_SENTENCES, QuarantineStatus, Reason
from tasks.reading.discovery import display_path
from tasks.reading.settings import ReadingSettings
from tasks.reporting.counts import count_of
from tasks.settings import find_day_first, find_encoding, load_settings, warehouse_folder

if TYPE_CHECKING:
    from tasks.ingestion.quarantine import Entry, Selection

ReasonOption = Annotated[
    str | None,
    typer.Option("--reason", metavar="REASON", help="Only refusals for this reason.", autocompletion=one_of(*Reason)),
]
FileOption = Annotated[
    str | None, typer.Option("--file", metavar="PATH|ID", help="Only this file: its path, or the beginning of its id.")
]
SinceOption = Annotated[str | None, typer.Option("--since", metavar="DATE", help="First seen on this day or later.")]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DATE", help="First seen on this day or before.")]
ANY_STATUS = "all"
StatusOption = Annotated[
    str,
    typer.Option(
        "--status",
        metavar="STATUS",
        help=f"{', '.join(QuarantineStatus)} or all.",
        autocompletion=one_of(*QuarantineStatus, ANY_STATUS),
    ),
]


def selection(reason: str | None, file: str | None, since: str | None, until: str | None) -> "Selection":
    """The refusals that the options name; raises WrongUse for a reason there is not."""
    from tasks.ingestion.quarantine import Selection

    if reason is not None and reason not in set(Reason):
        raise WrongUse(f"There is no reason {reason!r}; reasons are {', '.join(sorted(Reason))}.")
    return Selection(
        reason=Reason(reason) if reason else None,
        file=file,
        since=parse_day(since) if since else None,
        until=parse_day(until) if until else None,
    )


def parse_status(text: str) -> QuarantineStatus | None:
    """A status, or None for all of them."""
    if text == ANY_STATUS:
        return None
    if text not in set(QuarantineStatus):
        raise WrongUse(f"--status takes {', '.join(QuarantineStatus)} or {ANY_STATUS}, not {text!r}.")
    return QuarantineStatus(text)


def list_refusals(
    *,
    warehouse: WarehouseOption = None,
    reason: ReasonOption = None,
    file: FileOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    status: StatusOption = QuarantineStatus.OPEN.value,
) -> None:
    """List what was refused, and why."""
    from tasks.ingestion.quarantine import list_refusals as find

    wanted = parse_status(status)
    entries = find(warehouse_folder(warehouse), selection(reason, file, since, until), wanted)
    if not entries:
        waits = "waits in quarantine" if wanted is QuarantineStatus.OPEN else "of that status is in quarantine"
        wide_console().print(f"Nothing {waits}.")
        return
    print_entries(entries, with_status=wanted is None)


def print_entries(entries: "list[Entry]", *, with_status: bool) -> None:
    """A table of refusals, then their number and each reason in a sentence."""
    status = ["status"] if with_status else []
    table = Table("first seen", *status, "reason", "tries", "size", "article", "file", "what was found", box=SIMPLE)
    for entry in entries:
        cells = [f"{entry.first_seen_at:%Y-%m-%d}", *([entry.status] if with_status else []), entry.reason]
        cells += [str(entry.attempts), size(entry.size_bytes), place(entry), entry.path, entry.detail or ""]
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    console = wide_console()
    console.print(table)
    console.print(f"{count_of(len(entries), 'refusal')}.")
    print_reasons({entry.reason for entry in entries})


def size(size_bytes: int | None) -> str:
    """A file's size for a table."""
    if size_bytes is None:
        return ""
    return f"{size_bytes:,} B" if size_bytes < 10_000 else f"{size_bytes / 1e3:,.0f} kB"


def place(entry: "Entry") -> str:
    """Which article block of its file, or all of the file."""
    return str(entry.position_in_file) if entry.position_in_file else "all"


def show(
    *,
    name: Annotated[str | None, typer.Argument(metavar="[FILE]", help="Path, or the beginning of a file's id.")] = None,
    warehouse: WarehouseOption = None,
    article: Annotated[
        int | None, typer.Option("--article", min=1, metavar="N", help="Only this article block of the file.")
    ] = None,
    reason: ReasonOption = None,
    file: FileOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    status: StatusOption = ANY_STATUS,
) -> None:
    """Write the kept bytes of what was refused to standard output.

    The whole file, or of a refused article its block alone; why it was refused goes to standard error.
    """
    from tasks.ingestion.quarantine import list_refusals as find

    if name and file:
        raise WrongUse("Name the file once: as the argument or with --file.")
    chosen = selection(reason, name or file, since, until)
    if chosen.is_everything:
        raise WrongUse("Say what to show: a file, or --reason, --since, --until; `newsmill quarantine list` lists all.")
    folder = warehouse_folder(warehouse)
    entries = [e for e in find(folder, chosen, parse_status(status)) if article in {None, e.position_in_file}]
    if not entries:
        wanted = f"is named {chosen.file!r}" if chosen.file else "is like that"
        raise WrongUse(f"Nothing in quarantine {wanted}; `newsmill quarantine list --status all` shows what is.")
    settings = ReadingSettings(day_first=find_day_first(), legacy_encoding=find_encoding())
    for entry in entries:
        write_entry(folder, entry, settings, alone=len(entries) == 1)


def write_entry(warehouse: Path, entry: "Entry", settings: ReadingSettings, *, alone: bool) -> None:
    """One refusal: the facts to standard error, its bytes to standard output."""
    from tasks.ingestion.quarantine import refused_bytes

    block = f", article {entry.position_in_file}" if entry.position_in_file else ""
    say(f"{entry.path}{block}: {entry.reason}, {entry.status}. {REASON_SENTENCES[entry.reason]}")
    if entry.detail:
        say(f"Found: {entry.detail}")
    times = "once" if entry.attempts == 1 else f"{entry.attempts} times, last on {entry.last_seen_at:%Y-%m-%d %H:%M}"
    say(f"First seen {entry.first_seen_at:%Y-%m-%d %H:%M} UTC, tried {times}; file id {entry.file_id or 'unknown'}.")
    try:
        data = refused_bytes(warehouse, entry, settings)
    except NewsmillError as error:
        if alone:
            raise
        say(str(error))
        return
    sys.stdout.buffer.write(terminal_text(data).encode() if sys.stdout.isatty() else data)
    sys.stdout.buffer.flush()


def terminal_text(data: bytes) -> str:
    r"""Bytes from a stranger as a terminal may show them: what could command it, and is no line end, as `\xNN`."""
    return "\n".join(map(display_path, data.decode("utf-8", "surrogateescape").split("\n")))


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
    encoding: EncodingOption = None,
) -> None:
    """Read refusals again with today's code; what now succeeds is stored and closed."""
    from flows.runs import run_counts
    from tasks.ingestion.preparing import prepare_directly
    from tasks.ingestion.replaying import run_replay
    from tasks.storage.opening import reading

    chosen = selection(reason, file, since, until)
    settings = load_settings(
        warehouse=warehouse, workers=1, model=model, languages=language, day_first=day_first, encoding=encoding
    )
    with reading(settings.warehouse):
        pass
    run = run_replay(settings, chosen, prepare_directly(settings))
    print_outcomes("Replay", run_counts(run), nothing="nothing that waits in quarantine is like that")
    print_reasons_met(settings.warehouse, run.run_id)


def discard(
    *,
    warehouse: WarehouseOption = None,
    reason: ReasonOption = None,
    file: FileOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask when no filter is given.")] = False,
) -> None:
    """Close refusals without another try; their bytes stay.

    Without --reason, --file, --since or --until it closes all of them, and asks first.
    """
    from tasks.ingestion.quarantine import list_refusals as find
    from tasks.ingestion.replaying import discard as close

    folder, chosen = warehouse_folder(warehouse), selection(reason, file, since, until)
    waiting = len(find(folder, chosen))
    if chosen.is_everything and waiting and not yes:
        confirm_discarding(waiting)
    closed = close(folder, chosen) if waiting else 0
    Console(highlight=False).print(f"Discarded {count_of(closed, 'refusal')}.")


def confirm_discarding(waiting: int) -> None:
    """Ask before everything is closed; raises WrongUse where there is nobody to ask."""
    what = f"all {waiting:,} open refusals" if waiting > 1 else "the one open refusal"
    if not sys.stdin.isatty():
        raise WrongUse(f"discard would close {what}: name some with --reason, --file, --since, --until, or say --yes.")
    if not typer.confirm(f"Close {what}?"):
        raise NewsmillError("Nothing was discarded.")


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    group = typer.Typer(help="Look at what was refused, and try it again.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list", epilog="Example: newsmill quarantine list --reason invalid_date --status all")(list_refusals)
    group.command("show", epilog="Example: newsmill quarantine show broken.txt --article 2")(show)
    group.command("replay", epilog="Example: newsmill quarantine replay --reason ambiguous_date --day-first")(replay)
    group.command("discard", epilog="Example: newsmill quarantine discard --file notes.txt")(discard)
    app.add_typer(group, name="quarantine")
