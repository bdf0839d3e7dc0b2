"""Options that several commands share."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from schemas.errors import WrongUse

Choice = TypeVar("Choice", bound=StrEnum)


def parse_day(text: str) -> date:
    """A day from a flag; raises WrongUse with the form that is wanted."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"{text!r} is not a day such as 2025-12-01.") from error


def parse_choice(kind: type[Choice], text: str, flag: str) -> Choice:
    """A value of a closed list from a flag; raises WrongUse with the list."""
    try:
        return kind(text)
    except ValueError as error:
        raise WrongUse(f"{flag} takes {', '.join(kind)}, not {text!r}.") from error


def one_of(*values: str) -> Callable[[str], list[str]]:
    """What the shell completes in the place of a value, from a closed list."""
    return lambda incomplete: [value for value in values if value.startswith(incomplete)]


FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="table|json|csv|parquet",
        help="Form of the rows.",
        autocompletion=one_of("table", "json", "csv", "parquet"),
    ),
]
WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", metavar="DIR", help="Warehouse folder [default: warehouse/data].")
]
StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="s3://…", help="Where a new warehouse keeps its files [default: its folder]."),
]
InputOption = Annotated[
    Path | None, typer.Option("--input", metavar="DIR", help="Folder of raw dumps [default: seeds/raw].")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help="Processes [default: one per processor].")
]
BatchOption = Annotated[
    int | None, typer.Option("--batch-size", min=1, metavar="N", help="Files a batch [default: 400].")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="NAME", help="Installed spaCy pipeline [default: en_core_web_md].")
]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--language", metavar="CODE=NAME", help="Installed spaCy pipeline of one more language; may be repeated."
    ),
]
DayFirstOption = Annotated[
    bool | None,
    typer.Option("--day-first/--month-first", help="How to read 03/04/2025 [default: such dates are refused]."),
]
EncodingOption = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Of files that are not Unicode, as cp1250 [default: found out]."),
]
DirectOption = Annotated[
    bool, typer.Option("--direct", envvar="NEWSMILL_DIRECT", help="Run without Prefect; nothing is recorded there.")
]
LogJsonOption = Annotated[
    bool, typer.Option("--log-json", envvar="NEWSMILL_LOG_JSON", help="Write JSON to stderr, an object a line.")
]
RunnerOption = Annotated[
    str | None,
    typer.Option(
        "--runner",
        metavar="KIND",
        help="Who prepares batches: processes, dask or pool [default: processes].",
        autocompletion=one_of("processes", "dask", "pool"),
    ),
]
DaskOption = Annotated[
    str | None,
    typer.Option(
        "--dask-address", metavar="tcp://…", help="Of a Dask scheduler [default: a cluster of processes here]."
    ),
]
PoolOption = Annotated[
    str | None, typer.Option("--pool", metavar="NAME", help="Work pool of --runner pool [default: newsmill].")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="SNAPSHOT|TIME", help="Read the warehouse as it stood then.")
]
StartOption = Annotated[str, typer.Option("--start", metavar="DATE", help="First day of publication.")]
EndOption = Annotated[str, typer.Option("--end", metavar="DATE", help="Last day of publication, included.")]
