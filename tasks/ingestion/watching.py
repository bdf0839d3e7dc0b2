"""Waiting for files: which new ones have stopped growing."""

import math
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from tasks.ingestion.planning import checked_input, find_new_files, input_number
from tasks.reading.discovery import FoundFile
from tasks.storage.opening import writing

# What was handed over and waits still could not be read; a change of its permissions leaves no trace in how it looks.
TRY_AGAIN_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class Look:
    """How a file looked, since when it has looked like that, and when it was last handed over."""

    file: FoundFile
    since_s: float
    handed_s: float | None = None


@dataclass(slots=True, kw_only=True)
class Watch:
    """What the last looks at a folder saw; a file is stable when it has looked the same for `quiet_seconds`.

    When nothing has been for `idle_seconds`, that is handed over as well: a silence can be noticed then.
    """

    quiet_seconds: float
    idle_seconds: float = math.inf
    looks: dict[str, Look] = field(default_factory=dict)

    def settle(self, found: list[FoundFile], now_s: float) -> set[FoundFile]:
        """The files that are stable at this look; looks at files that are gone or done with are forgotten."""
        before, self.looks = self.looks, {}
        for file in found:
            known = before.get(file.path)
            self.looks[file.path] = known if known and known.file == file else Look(file=file, since_s=now_s)
        stable = [look for look in self.looks.values() if self.is_due(look, now_s)]
        for look in stable:
            look.handed_s = now_s
        return {look.file for look in stable}

    def is_due(self, look: Look, now_s: float) -> bool:
        """Whether a file has been quiet for long enough, and was not just tried in vain."""
        if look.handed_s is not None:
            return now_s - look.handed_s >= TRY_AGAIN_SECONDS
        return now_s - look.since_s >= self.quiet_seconds


def find_waiting(input_folder: Path, warehouse: Path) -> list[FoundFile]:
    """The files of the folder that were not dealt with yet."""
    folder = checked_input(input_folder, warehouse)
    with writing(warehouse) as (_, ledger):
        return list(find_new_files(ledger, folder, input_number(ledger, folder)))


def stable_waves(
    input_folder: Path, warehouse: Path, watch: Watch, poll_seconds: float
) -> Generator[set[FoundFile], None, None]:
    """For ever: the files that have become stable, whenever there are some; wakes at changes, polls in any case.

    None of them, an empty set, after `idle_seconds` without.
    """
    from watchfiles import watch as changes

    folder = checked_input(input_folder, warehouse)
    wake_ms = round(poll_seconds * 1000)
    # Network drives send no events, so the time-out does the looking and events only hasten it.
    handed_s = time.monotonic()
    for _ in changes(folder, rust_timeout=wake_ms, yield_on_timeout=True, raise_interrupt=True):
        stable = watch.settle(find_waiting(folder, warehouse), time.monotonic())
        if stable or time.monotonic() - handed_s >= watch.idle_seconds:
            yield stable
            handed_s = time.monotonic()
