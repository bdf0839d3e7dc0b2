"""How much a run has before it, counted beside the work: plans are made as they are needed, the end is not in sight."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

from tasks.ingestion.planning import find_new_files
from tasks.reading.discovery import FoundFile
from tasks.storage.layout import Warehouse
from tasks.storage.readonly import connect_readonly


class Outlook:
    """The number and the bytes of the files of a run; None until all are counted."""

    def __init__(self) -> None:
        self.total: tuple[int, int] | None = None
        self.stopped = Event()
        self.thread: Thread | None = None

    def begin(self, warehouse: Warehouse, folder: Path, input_id: int) -> None:
        """Count what is new in the folder, in a thread, as the ledger stands now."""
        # A daemon: a folder that does not answer must not hold up the end.
        self.thread = Thread(target=self.count_new, args=(warehouse, folder, input_id), daemon=True)
        self.thread.start()

    def count_new(self, warehouse: Warehouse, folder: Path, input_id: int) -> None:
        """Count with a connection of its own, which does not see what is committed meanwhile."""
        with closing(connect_readonly(warehouse.ledger)) as ledger:
            ledger.execute("BEGIN")
            self.count(find_new_files(ledger, folder, input_id))

    def count(self, files: Iterable[FoundFile]) -> None:
        """Count these, unless the run ends meanwhile."""
        number = size_bytes = 0
        for found in files:
            if self.stopped.is_set():
                return
            number += 1
            size_bytes += found.size_bytes
        self.total = number, size_bytes

    def stop(self) -> None:
        """Count no further."""
        self.stopped.set()
        if self.thread:
            self.thread.join()
