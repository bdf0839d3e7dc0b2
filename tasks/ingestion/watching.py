"""Waiting for files: which new ones have stopped growing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tasks.ingestion.planning import checked_input, find_new_files, input_number
from tasks.reading.discovery import FoundFile
from tasks.storage.opening import writing


@dataclass(slots=True, kw_only=True)
class Watch:
    """What the last looks at a folder saw; a file is stable when it has looked the same for `quiet_seconds`."""

    quiet_seconds: float
    looks: dict[str, tuple[int, int, float]] = field(default_factory=dict)

    def settle(self, found: list[FoundFile], now_s: float) -> set[str]:
        """The paths that are stable at this look; looks at files that are gone or done with are forgotten."""
        before, self.looks = self.looks, {}
        stable = set()
        for file in found:
            size, modified, since = before.get(file.path, (-1, -1, now_s))
            since = since if (size, modified) == (file.size_bytes, file.modified_ns) else now_s
            self.looks[file.path] = (file.size_bytes, file.modified_ns, since)
            if now_s - since >= self.quiet_seconds:
                stable.add(file.path)
        return stable


def find_waiting(input_folder: Path, warehouse: Path) -> list[FoundFile]:
    """The files of the folder that were not dealt with yet."""
    folder = checked_input(input_folder, warehouse)
    with writing(warehouse) as (_, ledger):
        return list(find_new_files(ledger, folder, input_number(ledger, folder)))


def stable_waves(input_folder: Path, warehouse: Path, watch: Watch, poll_seconds: float) -> Iterator[set[str]]:
    """For ever: the paths that have become stable, whenever there are some; wakes at changes, polls in any case."""
    from watchfiles import watch as changes

    folder = checked_input(input_folder, warehouse)
    wake_ms = round(poll_seconds * 1000)
    # Network drives send no events, so the time-out does the looking and events only hasten it.
    for _ in changes(folder, rust_timeout=wake_ms, yield_on_timeout=True, raise_interrupt=True):
        stable = watch.settle(find_waiting(folder, warehouse), time.monotonic())
        if stable:
            yield stable
