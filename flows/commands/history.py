"""Commands that tell what changed: between two versions of an article, and since a snapshot."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from flows.commands.options import FormatOption, WarehouseOption, parse_choice
from flows.commands.screen import wide_console
from tasks.settings import warehouse_folder

if TYPE_CHECKING:
    from tasks.reporting.differences import Difference, LineEdit


def changes(
    since: Annotated[
        str, typer.Option("--since", metavar="SNAPSHOT|TIME", help="Snapshot number, time, or 0 for everything.")
    ],
    warehouse: WarehouseOption = None,
    form: FormatOption = "table",
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """List new, changed and flagged articles since a snapshot.

    For consumers that keep a copy: `newsmill sql "SELECT commit_id FROM snapshot"` names the snapshot to go on from.
    """
    from tasks.reporting.changes import changes_since
    from tasks.reporting.results import Format, write_result

    chosen = parse_choice(Format, form, "--format")
    with changes_since(warehouse_folder(warehouse), since) as rows:
        write_result(rows, chosen, output)


def diff(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="article_id, or the beginning of it.")],
    warehouse: WarehouseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what changed from version to version of an article.

    Headline first, then a paragraph a line; words that went are struck through, words that came are underlined.
    """
    from tasks.reporting.differences import find_differences

    found = find_differences(warehouse_folder(warehouse), article)
    if as_json:
        sys.stdout.write(json.dumps([one.as_json() for one in found], indent=1, ensure_ascii=False) + "\n")
        return
    console = wide_console()
    if not found:
        console.print("The article has one version.")
    for one in found:
        show(one, console)


def show(difference: "Difference", console: Console) -> None:
    """One step from a version to the next."""
    first, second = difference.before_version_no, difference.after_version_no
    times = f"{difference.before_arrived_at:%Y-%m-%d %H:%M} → {difference.after_arrived_at:%Y-%m-%d %H:%M}"
    console.print(Text(f"version {first} → {second}, arrived {times} UTC", style="bold"))
    for line in difference.lines:
        if line.before != line.after:
            console.print(marked_line(line))


def marked_line(line: "LineEdit") -> Text:
    """A line with `-` where it went, `+` where it came, `~` where words of it changed."""
    from tasks.reporting.differences import compare_words

    if line.before is None:
        return Text(f"+ {line.after}", style="green")
    if line.after is None:
        return Text(f"- {line.before}", style="red")
    shown = Text("~")
    for before, after in compare_words(line.before, line.after):
        if before == after:
            shown.append(f" {before}")
            continue
        # The brackets also tell where there are no colours.
        if before:
            shown.append(f" [-{before}-]", style="red strike")
        if after:
            shown.append(f" {{+{after}+}}", style="green underline")
    return shown


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    app.command(epilog="Example: newsmill changes --since 41 --format json")(changes)
    app.command(epilog="Example: newsmill diff 1d2c0f")(diff)
