"""Commands that only read: sql, report, status, export."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.commands.options import AsOfOption, WarehouseOption, parse_choice
from flows.commands.screen import file_progress, say
from tasks.settings import warehouse_folder


def sql(
    query: Annotated[str, typer.Argument(help="One SELECT; `-` reads it from standard input.")],
    warehouse: WarehouseOption = None,
    form: Annotated[
        str, typer.Option("--format", metavar="table|json|csv|parquet", help="Form of the rows.")
    ] = "table",
    as_of: AsOfOption = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Ask a question in SQL, read-only."""
    from tasks.reporting.querying import run_query
    from tasks.reporting.results import Format, write_result

    chosen = parse_choice(Format, form, "--format")
    text = sys.stdin.read() if query == "-" else query
    with run_query(warehouse_folder(warehouse), text, as_of=as_of) as rows:
        write_result(rows, chosen, output)


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

    Last run, freshness, counts by outcome, coverage of enrichment, what waits in quarantine.
    """
    from tasks.reporting.status import find_status, status_view
    from tasks.storage.opening import open_warehouse

    with open_warehouse(warehouse_folder(warehouse)) as connection:
        found = find_status(connection)
    if as_json:
        sys.stdout.write(json.dumps(found.as_json(), indent=1, ensure_ascii=False) + "\n")
    else:
        Console(highlight=False).print(status_view(found))


def export(
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="New folder for the copy.")],
    warehouse: WarehouseOption = None,
    form: Annotated[str, typer.Option("--format", metavar="parquet|csv|jsonl", help="Form of the files.")] = "parquet",
    as_of: AsOfOption = None,
) -> None:
    """Copy all tables into a plain folder.

    Hive-partitioned files for Polars, Spark, pandas or a spreadsheet.
    """
    from tasks.reporting.exporting import ExportFormat
    from tasks.reporting.exporting import export as export_tables
    from tasks.storage.opening import open_warehouse

    chosen = parse_choice(ExportFormat, form, "--format")
    with open_warehouse(warehouse_folder(warehouse), as_of) as connection, file_progress("Export") as show:
        done: list[str] = []

        def on_table(name: str, _: int) -> None:
            done.append(name)
            show(len(done), 7, name)

        counts = export_tables(connection, output, chosen, on_table)
    say(f"Copied {sum(counts.values()):,} rows of {len(counts)} tables to {output}.")


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    app.command(epilog='Example: newsmill sql "SELECT * FROM daily_volume" --format json')(sql)
    app.command(epilog="Example: newsmill report --output report.html")(report)
    app.command(epilog="Example: newsmill status --json")(status)
    app.command(epilog="Example: newsmill export --output copy --format csv")(export)
