"""Progress while work goes on: a bar at a terminal, elsewhere a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.commands.screen import remarks, say
from flows.logs import as_json
from flows.signals import Stopped, is_stop
from tasks.ingestion.events import tell
from tasks.reporting.counts import count_of

if TYPE_CHECKING:
    from tasks.ingestion.pace import RunProgress

# Files dealt with, files in all (None: not counted yet) and a remark.
Show = Callable[[int, int | None, str], None]

# In a log, a day of work is some eight thousand lines.
LINE_EVERY_SECONDS = 10.0


@contextmanager
def file_progress(title: str) -> Iterator[Show]:
    """Yield a function that shows how far the work is."""
    if as_json() or not sys.stderr.isatty():
        yield lines_of(title)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[remark]}"),
    )
    with Progress(*columns, console=remarks, transient=True) as bar:
        shown = bar.add_task(title, total=None, remark="")

        def show(done: int, total: int | None, remark: str) -> None:
            bar.update(shown, completed=done, total=total or None, remark=remark)

        yield show


def lines_of(title: str) -> Show:
    """A function that says how far the work is when it has not for a while."""
    said_at = time.monotonic()

    def show(done: int, total: int | None, remark: str) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= LINE_EVERY_SECONDS:
            said_at = time.monotonic()
            of_all = f" of {total:,}" if total else ""
            sentence = f"{title}: {done:,}{of_all} files{f' · {remark}' * bool(remark)}"
            if as_json():
                tell("progress", sentence, files_done=done, files_found=total)
            else:
                say(sentence)

    return show


@contextmanager
def ingest_progress() -> "Iterator[Callable[[RunProgress], None]]":
    """Yield what takes the progress of an ingest; raises Stopped, which says what is kept, when it is stopped."""
    from tasks.ingestion.pace import Pace

    pace = Pace()
    last: list[RunProgress] = []
    with file_progress("Ingest") as show:

        def report(progress: "RunProgress") -> None:
            pace.note(progress)
            last[:] = [progress]
            show(progress.files_done, progress.files_found, pace.sentence())

        try:
            yield report
        except BaseException as error:
            if is_stop(error):
                raise Stopped(what_is_kept(*last)) from None
            raise


def what_is_kept(progress: "RunProgress | None" = None) -> str:
    """What an ingest that was stopped has done."""
    if progress is None or not progress.files_done:
        return "Stopped before anything was committed; the next run begins where this one did."
    done = f"{count_of(progress.files_done, 'file')} with {count_of(progress.articles, 'article')}"
    return f"Stopped. {done} committed, and kept; the next run goes on from there."
