"""Commands that only read: sql, search, report, status, export."""

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from flows.commands.options import AsOfOption, FormatOption, WarehouseOption, one_of, parse_choice, parse_day
from flows.commands.progress import file_progress
from flows.commands.screen import say, wide_console
from schemas.errors import WrongUse
from tasks.settings import warehouse_folder

if TYPE_CHECKING:
    from tasks.reporting.searching import Search
    from tasks.reporting.status import Premises


def sql(
    query: Annotated[
        str | None, typer.Argument(help="One SELECT; without one, or `-`, standard input: a file, a pipe, or you.")
    ] = None,
    warehouse: WarehouseOption = None,
    form: FormatOption = "table",
    as_of: AsOfOption = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Ask a question in SQL, read-only; at a terminal without one, ask many.

    The conversation has history, completion, and .help.
    """
    from tasks.reporting.querying import run_query
    from tasks.reporting.results import Format, write_result

    chosen = parse_choice(Format, form, "--format")
    # A service may have closed its standard input.
    if query is None and sys.stdin and sys.stdin.isatty():
        if output or chosen is Format.PARQUET or not sys.stdout.isatty():
            raise WrongUse('Give the query whose rows are to be written: newsmill sql "SELECT …".')
        from flows.commands.prompt import converse

        converse(warehouse_folder(warehouse), chosen, as_of)
        return
    text = (sys.stdin.read() if sys.stdin else "") if query in {None, "-"} else str(query)
    if not text.strip():
        raise WrongUse('Give a query: newsmill sql "SELECT …".')
    with run_query(warehouse_folder(warehouse), text, as_of=as_of) as rows:
        write_result(rows, chosen, output)


def search(
    words: Annotated[
        list[str], typer.Argument(help='Words that all occur: "a phrase" in quotes, begin* for a beginning.')
    ],
    *,
    warehouse: WarehouseOption = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="First day of publication.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day, included.")] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Only articles that name this person, organisation …")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", metavar="PLACE", help="Only articles that mention this place or country.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="FOLDER", help="Only articles from this folder of the input.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many to show.")] = 10,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="list|table|json|csv|parquet",
            help="Form.",
            autocompletion=one_of("list", "table", "json", "csv", "parquet"),
        ),
    ] = "list",
    as_of: AsOfOption = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Find articles by words, the best first.

    Case and accents do not matter. After `--`, -word leaves out the articles that hold it.
    """
    from tasks.reporting.results import Format, write_result
    from tasks.reporting.searching import Search, search

    chosen = None if form == "list" and output is None else parse_choice(Format, form, "--format")
    wanted = Search(
        words=" ".join(map(phrase, words)),
        first_day=parse_day(since) if since else date.min,
        last_day=parse_day(until) if until else date.max,
        name=name,
        place=place,
        source=source,
        most=limit,
    )
    with search(warehouse_folder(warehouse), wanted, as_of) as rows:
        if chosen:
            write_result(rows, chosen, output)
        else:
            print_found(rows.read_all().to_pylist(), wanted)


def phrase(word: str) -> str:
    """A word of the command line; one with a space in it was in quotes, which the shell took away."""
    return f'"{word}"' if " " in word and '"' not in word else word


def print_found(found: list[dict[str, Any]], wanted: "Search") -> None:
    """Each article in two lines: day, headline, and where its first word stands."""
    from tasks.reporting.counts import count_of
    from tasks.reporting.result_values import shown_value
    from tasks.reporting.searching import nothing_found

    console = wide_console()
    for row in found:
        source = f"  {shown_value(row['source'])}" if row["source"] else ""
        console.print(
            Text(f"{row['published_date']}  ").append(shown_value(row["headline"]), "bold").append(source, "dim")
        )
        console.print(Text(f"            {shown_value(row['snippet'])}", "dim"), overflow="ellipsis", no_wrap=True)
    more = "; --limit shows more." if len(found) == wanted.most else ""
    console.print(f"{count_of(len(found), 'article')}{more}" if found else nothing_found(wanted))


def report(
    warehouse: WarehouseOption = None,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Page to write.")] = Path("report.html"),
) -> None:
    """Write a page with charts, a map and counts.

    One self-contained HTML file that opens without a network.
    """
    from tasks.reporting.page import write_report
    from tasks.storage.opening import open_warehouse

    with open_warehouse(warehouse_folder(warehouse)) as connection:
        write_report(connection, output)
    say(f"Wrote {output}; open it in a browser, it needs no network.")


def status(
    warehouse: WarehouseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show how the warehouse is doing.

    Alarms, runs, freshness, counts by outcome, coverage of enrichment, what waits in quarantine, snapshots. Ends with
    1 when there is an alarm.
    """
    from tasks.reporting.status import find_status, status_view
    from tasks.storage.opening import open_warehouse

    folder = warehouse_folder(warehouse)
    with open_warehouse(folder) as connection:
        found = find_status(connection, find_premises(folder))
    if as_json:
        sys.stdout.write(json.dumps(found.as_json(), indent=1, ensure_ascii=False) + "\n")
    else:
        wide_console().print(status_view(found))
    if found.alarms:
        raise typer.Exit(code=1)


def find_premises(warehouse: Path) -> "Premises":
    """Where everything lies, the runs without an end and the newest snapshots, as the ledger knows them."""
    from tasks.ingestion.planning import known_inputs
    from tasks.ingestion.runs import find_open_runs
    from tasks.reporting.status import SHOWN, Premises
    from tasks.storage.ledger import newest_commits, oldest_snapshot
    from tasks.storage.opening import reading

    with reading(warehouse) as (place, ledger):
        return Premises(
            warehouse=str(place.root),
            inputs=known_inputs(ledger),
            open_runs=[asdict(run) for run in find_open_runs(place, ledger)],
            snapshots=[
                {"commit_id": commit_id, "committed_at": committed_at, "kind": kind}
                for commit_id, committed_at, kind in newest_commits(ledger, SHOWN)
            ],
            oldest_snapshot=oldest_snapshot(ledger),
        )


def export(
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="New folder for the copy.")],
    warehouse: WarehouseOption = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="parquet|csv|jsonl",
            help="Form of the files.",
            autocompletion=one_of("parquet", "csv", "jsonl"),
        ),
    ] = "parquet",
    as_of: AsOfOption = None,
    licence: Annotated[
        str | None, typer.Option("--licence", metavar="URL", help="Licence of the articles, for the description.")
    ] = None,
) -> None:
    """Copy all tables into a plain folder.

    Hive-partitioned files for Polars, Spark, pandas or a spreadsheet, with a description in Croissant.
    """
    from tasks.reporting.counts import count_of
    from tasks.reporting.exporting import ExportFormat, is_export
    from tasks.reporting.exporting import export as export_tables
    from tasks.storage.opening import open_warehouse

    chosen = parse_choice(ExportFormat, form, "--format")
    earlier = is_export(output)
    with open_warehouse(warehouse_folder(warehouse), as_of) as connection, file_progress("Export") as show:
        done: list[str] = []

        def on_table(name: str, _: int) -> None:
            done.append(name)
            show(len(done), 7, name)

        counts = export_tables(connection, output, chosen, on_table, licence)
    replacing = ", in the place of an earlier export" if earlier else ""
    say(f"Copied {count_of(sum(counts.values()), 'row')} of {len(counts)} tables to {output}{replacing}.")


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    app.command(epilog='Example: newsmill sql "SELECT * FROM daily_volume" --format json')(sql)
    app.command(epilog='Example: newsmill search "climate change" summit --since 2025-01-01 --place Brazil')(search)
    app.command(epilog="Example: newsmill report --output report.html")(report)
    app.command(epilog="Example: newsmill status --json")(status)
    app.command(epilog="Example: newsmill export --output copy --format csv")(export)
