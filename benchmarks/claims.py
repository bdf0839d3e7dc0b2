"""What benchmarks found, as rows of the table in docs/performance.md."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

BEGIN = "<!-- measured: begin, written by `python -m benchmarks --write` -->\n"
END = "<!-- measured: end -->\n"
COLUMNS = ("claim", "measured", "target", "command", "day")
HEADER = f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}"
# A bar that is not escaped parts two cells.
BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing measured: medians of ratios and what they were to be; without a target nothing is met or missed.

    The command is `python -m benchmarks.NAME`, perhaps with arguments.
    """

    claim: str
    command: str
    measured: str
    target: str = ""
    met: bool | None = None

    def row(self, day: str) -> str:
        """The row of the table, measured on that day."""
        word = {None: "", True: ", met", False: ", **missed**"}[self.met]
        cells = (self.claim, self.measured, f"{self.target}{word}", f"`{self.command}`", day)
        return f"| {' | '.join(map(cell_text, cells))} |"


def cell_text(text: str) -> str:
    """Text as it stands in a table's cell: on one line, bars escaped."""
    return " ".join(text.replace("|", r"\|").split())


def command_of(row: str) -> str:
    """The command that a row of the table names, without its arguments."""
    command = BAR.split(row)[COLUMNS.index("command") + 1]
    return " ".join(command.strip(" `").split()[:3])


def by_command(rows: Iterable[str]) -> dict[str, list[str]]:
    """The rows of each command, in order of its first."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        grouped[command_of(row)].append(row)
    return dict(grouped)


def parts(page: str) -> tuple[str, str, list[str], str]:
    """A page's prose before the marks, the machine named between them, the rows there, and the prose behind."""
    before, _, rest = page.partition(BEGIN)
    inside, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page has no lines {BEGIN.strip()} and {END.strip()}")
    machine, *table = [line for line in inside.splitlines() if line.strip()] or [""]
    return before, machine, table[2:], after


def rewritten(page: str, claims: Iterable[Claim], machine: str, day: str) -> str:
    """The page with these claims in the place of earlier ones by the same commands; other rows and prose stay."""
    before, _, rows, after = parts(page)
    grouped = by_command(rows) | by_command(claim.row(day) for claim in claims)
    table = "\n".join([HEADER, *(row for of_command in grouped.values() for row in of_command)])
    return f"{before}{BEGIN}\n{machine}\n\n{table}\n\n{END}{after}"


def other_machine(page: str, commands: Collection[str], machine: str) -> str | None:
    """What other rows of the page than these commands' were measured on, when that is not `machine`."""
    _, measured_on, rows, _ = parts(page)
    stays = by_command(rows).keys() - set(commands)
    return measured_on if stays and measured_on != machine else None
