"""What the terminal shows beside progress: remarks, a table of outcomes when work is done."""

import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.logs import as_json
from flows.outcomes import OUTCOME_SENTENCES, in_singular
from schemas.reasons import REASON_SENTENCES, ArticleOutcome, Reason
from tasks.ingestion.events import tell

# Progress and remarks go beside the output, so that stdout stays what was asked for.
remarks = Console(stderr=True, highlight=False, soft_wrap=True)

# In a pipe or a log nothing wraps, so nothing need be cut.
WIDTH_WITHOUT_TERMINAL = 200


def wide_console() -> Console:
    """Standard output, wide where it is no terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)


def print_outcomes(
    title: str,
    counts: Mapping[str, int],
    sentences: Mapping[str, str] = OUTCOME_SENTENCES,
    nothing: str = "nothing new",
) -> None:
    """A table of the outcomes that occurred, on stdout; a sentence when there was nothing to do."""
    shown = [(name, sentence, counts[name]) for name, sentence in sentences.items() if counts.get(name)]
    console = wide_console()
    if not shown:
        console.print(Text(f"{title}: {nothing}."))
        return
    table = Table(title=title, title_justify="left")
    table.add_column("outcome")
    table.add_column("count", justify="right")
    table.add_column("meaning")
    for name, sentence, count in shown:
        meaning = in_singular(sentence) if count == 1 else sentence
        table.add_row(name.partition("_")[2], f"{count:,}", meaning, end_section=is_last(name, shown))
    console.print(table)


def print_reasons_met(warehouse: Path, run_id: str) -> None:
    """Why a run refused, skipped or deferred something, and where to look further; nothing where it did not."""
    from tasks.reporting.reasons_met import find_reasons

    found = find_reasons(warehouse, run_id)
    for outcome, counts in sorted(found.items()):
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in counts.items())
        wide_console().print(Text(f"{outcome}: {reasons}"))
    if ArticleOutcome.REFUSED in found:
        wide_console().print("`newsmill quarantine list` says what was found and where.")


def print_reasons(reasons: Collection[Reason]) -> None:
    """Each reason in a sentence, on stdout."""
    for reason in sorted(reasons):
        wide_console().print(Text(f"{reason}: {REASON_SENTENCES[reason]}"))


def is_last(name: str, shown: list[tuple[str, str, int]]) -> bool:
    """Whether the next row is about something else: files end, articles begin."""
    names = [shown_name for shown_name, _, _ in shown]
    kinds = [shown_name.partition("_")[0] for shown_name in names]
    position = names.index(name)
    return position + 1 < len(kinds) and kinds[position] != kinds[position + 1]


def say(line: str) -> None:
    """One line beside the output; never read as mark-up."""
    if as_json():
        tell("remark", line)
        return
    remarks.print(Text(line))
