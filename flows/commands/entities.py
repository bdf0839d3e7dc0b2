"""The commands of `newsmill entities`: which names may be one, and what is known of a name."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import FormatOption, WarehouseOption, parse_choice
from flows.commands.progress import file_progress
from flows.commands.screen import say
from schemas.errors import WrongUse
from tasks.settings import warehouse_folder

OutputOption = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to a file.")]
# In a table the evidence; the columns that only the alias file needs stand in the other forms.
TABLE_COLUMNS = {
    "score": "score",
    "kind": "kind",
    "name": "name",
    "article_count": "in",
    "canonical_name": "canonical_name",
    "canonical_article_count": "in_articles",
    "reason": "reason",
    "headline": "headline",
}


def candidates(
    warehouse: WarehouseOption = None,
    label: Annotated[
        str | None, typer.Option("--label", metavar="LABEL", help="Only PERSON, ORG, NORP or GPE [default: all four].")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Show at most so many.")] = 50,
    form: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Propose names that may be one.

    Spellings, initials, acronyms and short names over all articles, likeliest first. What is right goes into
    name_aliases.csv in the warehouse folder: rows of --format csv can be pasted as they are, and what is wrong with
    never_merge in the place of merge is not proposed again.
    """
    from tasks.aliases.files import load_aliases
    from tasks.reporting.candidates import LABELS, candidate_table, find_candidates
    from tasks.reporting.results import Format, write_result
    from tasks.storage.opening import open_warehouse

    chosen = parse_choice(Format, form, "--format")
    if label is not None and label not in LABELS:
        raise WrongUse(f"--label takes {', '.join(LABELS)}, not {label!r}.")
    folder = warehouse_folder(warehouse)
    with open_warehouse(folder) as connection, file_progress("Candidates") as show:
        labels = (label,) if label else LABELS
        found = candidate_table(find_candidates(connection, load_aliases(folder), labels, limit, show))
    shown = found.select(list(TABLE_COLUMNS)).rename_columns(TABLE_COLUMNS) if chosen is Format.TABLE else found
    write_result(shown.to_reader(), chosen, output)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As printed or as it counts.")],
    warehouse: WarehouseOption = None,
    form: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Show how a name is printed, and by which rules it counts for whom."""
    from tasks.reporting.results import Format, write_result
    from tasks.storage.opening import open_warehouse
    from warehouse import load_query

    chosen = parse_choice(Format, form, "--format")
    with open_warehouse(warehouse_folder(warehouse)) as connection:
        found = connection.sql(load_query("variants_of_name").sql, params=[name]).to_arrow_table()
    if not found.num_rows:
        raise WrongUse(f"No article names {name!r}.")
    write_result(found.to_reader(), chosen, output)
    if chosen is Format.TABLE:
        names = len(set(found["canonical_name"].to_pylist()))
        say(f"Counts for {names} name{'s' * (names != 1)}; `newsmill entities candidates` proposes merges.")


def commands(app: typer.Typer) -> None:
    """Register these commands."""
    group = typer.Typer(help="Find names that are one.", no_args_is_help=True, rich_markup_mode=None)
    group.command(epilog="Example: newsmill entities candidates --label PERSON --format csv")(candidates)
    group.command(epilog='Example: newsmill entities show "Volodymyr Zelenskyy"')(show)
    app.add_typer(group, name="entities")
