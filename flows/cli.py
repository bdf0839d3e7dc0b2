"""`newsmill`: one command for everything; errors that a user can mend are one line, never a traceback."""

import logging
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

import flows.leaving  # noqa: F401  its import is its effect
from flows.commands import entities, history, keeping, loading, quarantine, reading, standing
from flows.logs import as_json, logs_as_asked
from flows.signals import exit_code, is_stop, signals_end_commands
from schemas.errors import NewsmillError
from tasks.ingestion.events import logger, tell
from tasks.settings import unknown_variables
from tasks.storage.trouble import disk_sentence

app = typer.Typer(
    name="newsmill",
    help="Turn raw news dumps into Parquet tables that DuckDB queries, on a schedule and by backfill.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def print_version(wanted: bool) -> None:
    """Answer --version."""
    if wanted:
        sys.stdout.write(f"newsmill {version('newsmill')}\n")
        raise typer.Exit


@app.callback()
def newsmill(
    _: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn raw news dumps into Parquet tables that DuckDB queries, on a schedule and by backfill."""


for module in (loading, standing, reading, history, entities, quarantine, keeping):
    module.commands(app)


# Typer turns Ctrl-C into this code, as shells do: this, and the number of the signal.
SIGNALLED = 128
STOPPED = 130


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong use or missing input."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """The exit code of one command; what went wrong stands on stderr in a line."""
    with logs_as_asked(arguments), signals_end_commands():
        for name in unknown_variables():
            complain(f"The variable {name} means nothing to newsmill; `docs/operate.md` lists those that do.", 0)
        return run_command(arguments)


def run_command(arguments: list[str]) -> int:
    """The exit code of one command, in which signals are heard."""
    try:
        code = int(app(args=arguments, prog_name="newsmill", standalone_mode=False) or 0)
    except (BrokenPipeError, SystemExit):
        # Typer exits when the reader of a pipe has gone, as `head` does, which is no failure. Python would complain
        # once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except BaseException as error:  # noqa: BLE001  what is not for the user is raised again
        return explain(error)
    return explain(KeyboardInterrupt()) if code == STOPPED else code


def explain(error: BaseException) -> int:
    """What ended a command, in a line, and the exit code; a fault of the program is raised again."""
    if isinstance(error, typer.TyperException):
        return explain_use(error)
    if is_stop(error):
        return complain("Stopped. Everything committed so far is kept; run it again to go on.", exit_code())
    told = error if isinstance(error, NewsmillError) else told_of(error)
    if told is None and not as_json():
        raise error
    if told is None:
        logger.critical("A fault of newsmill's: %s", error, exc_info=error, extra={"event": "command.crashed"})
        return 1
    return complain(str(told), told.exit_code)


def told_of(error: BaseException) -> NewsmillError | None:
    """What a full disk, a damaged file of the warehouse or a server that is gone raises, as a sentence."""
    # Asked by name: importing DuckDB would cost every command a tenth of a second.
    if type(error).__module__.endswith("duckdb"):
        from tasks.reporting.query_errors import damage_told

        return damage_told(error)
    # A run that needs Prefect's server for the next batch, or only to say that it has ended.
    if type(error).__module__.startswith(("httpx", "prefect.concurrency")):
        said = str(error).rstrip(".")
        return NewsmillError(
            f"Prefect's server does not answer any more: {said}. Everything committed so far is kept; run it again"
            " to go on, or without Prefect: --direct."
        )
    sentence = disk_sentence(error)
    return NewsmillError(sentence) if sentence else None


def explain_use(error: typer.TyperException) -> int:
    """A wrong flag in a line; a command group without a command shows its help."""
    message: str = getattr(error, "format_message", error.__str__)()
    if message.startswith("Usage:"):
        sys.stderr.write(f"{message}\n")
        return 2
    return complain(message, 2)


def ending(code: int) -> tuple[str, int]:
    """What an exit code is as an event: its name and level."""
    if code >= SIGNALLED:
        return "command.stopped", logging.WARNING
    return ("command.failed", logging.ERROR) if code else ("remark", logging.WARNING)


def complain(sentence: str, code: int) -> int:
    """One line on stderr, in which nothing that somebody sent can command the terminal."""
    if as_json():
        event, level = ending(code)
        tell(event, sentence, level, exit_code=code)
        return code
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in " ".join(sentence.split()))
    sys.stderr.write(f"newsmill: {shown}\n")
    return code


if __name__ == "__main__":
    main()
