"""What a line of `newsmill sql`'s conversation does: a query, or a command that begins with a dot."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.text import Text

from flows.commands.options import parse_choice
from flows.commands.screen import wide_console
from schemas.errors import WrongUse
from schemas.tables import TABLES
from tasks.reporting.querying import run_query
from tasks.reporting.results import Format, write_result
from warehouse import load_queries

HELP = """\
SELECT … ;           run a query; it may have several lines
.tables              the tables and views
.columns NAME        the columns of a table or view
.reports             the reports and their questions
.report NAME         the rows of a report
.format FORM         table, json or csv
.help                this
.quit                leave, as Ctrl-D does
Ctrl-C gives up the line, or the query that is running. \\q, \\d and \\? work as well."""

SHORT = {"\\q": ".quit", "quit": ".quit", "exit": ".quit", ".exit": ".quit", "\\d": ".tables", "\\?": ".help"}


@dataclass(slots=True, kw_only=True)
class Shell:
    """One conversation with a warehouse."""

    warehouse: Path
    form: Format
    as_of: str | None

    def answer(self, text: str) -> None:
        """Do what a text says; raises EOFError when it says to leave, NewsmillError for what cannot be done."""
        wanted = text.strip().rstrip(";").rstrip()
        wanted = SHORT.get(wanted, wanted)
        if wanted.startswith("."):
            command, _, argument = wanted.partition(" ")
            self.obey(command, argument.strip())
        else:
            for query in statements(text):
                self.run(query)

    def obey(self, command: str, argument: str) -> None:
        """Do a command; raises WrongUse when there is none of that name."""
        if command not in COMMANDS:
            raise WrongUse(f"There is no command {command}; .help lists them.")
        COMMANDS[command](self, argument)

    def run(self, query: str) -> None:
        """Show the rows of a query."""
        with run_query(self.warehouse, query, as_of=self.as_of) as rows:
            write_result(rows, self.form)

    def show_columns(self, name: str) -> None:
        """The columns of a table or view."""
        if name not in relations():
            raise WrongUse(f"There is no table or view {name!r}; .tables lists them.")
        self.run(f"DESCRIBE {name}")

    def show_report(self, name: str) -> None:
        """The rows of a report."""
        reports = load_queries("reports")
        if name not in reports:
            raise WrongUse(f"There is no report {name!r}; .reports lists them.")
        self.run(reports[name].sql)

    def set_format(self, name: str) -> None:
        """Show rows in another form from now on."""
        form = parse_choice(Format, name, ".format")
        if form is Format.PARQUET:
            raise WrongUse("Parquet is not for a terminal: newsmill sql QUERY --format parquet --output FILE.")
        self.form = form


def leave(_: Shell, __: str) -> None:
    """End the conversation."""
    raise EOFError


COMMANDS: dict[str, Callable[[Shell, str], None]] = {
    ".help": lambda _, __: wide_console().print(Text(HELP)),
    ".tables": lambda _, __: wide_console().print(Text("\n".join(relations()))),
    ".columns": Shell.show_columns,
    ".reports": lambda _, __: show_questions(),
    ".report": Shell.show_report,
    ".format": Shell.set_format,
    ".quit": leave,
}


def relations() -> list[str]:
    """The tables, then the views."""
    return [*TABLES, *load_queries("views")]


def show_questions() -> None:
    """Each report's name and its question."""
    for name, query in load_queries("reports").items():
        wide_console().print(Text(f"{name:25}").append(query.question.partition("?")[0] + "?", "dim"))


def statements(text: str) -> list[str]:
    """The queries of a text, one or several; text that is no SQL as it is, for its error."""
    try:
        return [statement.query for statement in duckdb.extract_statements(text)]
    except duckdb.Error:
        return [text]


def command_words(line: str) -> list[str]:
    """What may stand in the place of the last word of a line that begins with a dot."""
    command, space, _ = line.partition(" ")
    if not space:
        return list(COMMANDS)
    forms = [form.value for form in Format if form is not Format.PARQUET]
    return {".report": list(load_queries("reports")), ".columns": relations(), ".format": forms}.get(command, [])
