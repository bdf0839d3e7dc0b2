"""How much a run has before it, counted beside the work: plans are made as they are needed, the end is not in sight."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Thread

from schemas.errors import NewsmillError
from tasks.ingestion.planning import find_new_files
from tasks.reading.discovery import FoundFile
from tasks.storage.layout import Warehouse
from tasks.storage.readonly import connect_readonly

# The end of a run waits so long for the count of a large folder, which nobody needs any more.
PATIENCE_SECONDS = 0.5


class Outlook:
    """The number and the bytes of the files of a run; None until all are counted."""

    def __init__(self) -> None:
        self.total: tuple[int, int] | None = None
        self.stopped = Event()
        self.thread: Thread | None = None

    def begin(self, warehouse: Warehouse, folder: Path, input_id: int, done: tuple[int, int]) -> None:
        """Count what is new in the folder, in a thread, as the ledger stands now; `done` were new in this run, too."""
        # A daemon: a folder that does not answer must not hold up the end.
        self.thread = Thread(target=self.count_new, args=(warehouse, folder, input_id, done), daemon=True)
        self.thread.start()

    def count_new(self, warehouse: Warehouse, folder: Path, input_id: int, done: tuple[int, int]) -> None:
        """Count with a connection of its own, which does not see what is committed meanwhile."""
        # Without a count the run goes on as well, and what is wrong with folder or ledger it will meet itself.
        with suppress(NewsmillError, OSError, sqlite3.Error), closing(connect_readonly(warehouse.ledger)) as ledger:
            ledger.execute("BEGIN")
            self.count(find_new_files(ledger, folder, input_id), done)

    def count(self, files: Iterable[FoundFile], done: tuple[int, int] = (0, 0)) -> None:
        """Count these and add what is done, files and bytes, unless the run ends meanwhile."""
        number, size_bytes = done
        for found in files:
            if self.stopped.is_set():
                return
            number += 1
            size_bytes += found.size_bytes
        if not self.stopped.is_set():
            self.total = number, size_bytes

    def stop(self) -> None:
        """Count no further."""
        self.stopped.set()
        if self.thread:
            self.thread.join(PATIENCE_SECONDS)
