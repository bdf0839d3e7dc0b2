"""Noting what a path looked like when it was dealt with, so that the next run passes it by."""

import sqlite3
from pathlib import Path

from tasks.ingestion.staging import StagedFile, read_files
from tasks.ingestion.standings import TRY_AGAIN
from tasks.storage.ledger import in_one_step


def enter_seen(ledger: sqlite3.Connection, input_id: int, folder: Path) -> None:
    """Note the files of a committed slice. After the commit: a crash between only reads them once more."""
    # Members of archives have no name of their own in the folder: their archive stands for them.
    found = (file for file in read_files(folder) if file.name)
    rows = [seen_row(input_id, file) for file in found if file.reason not in TRY_AGAIN]
    with in_one_step(ledger):
        ledger.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?)", rows)


def seen_row(input_id: int, file: StagedFile) -> tuple[int, bytes, bytes, int, int, str | None]:
    return (input_id, file.folder, file.name, file.size_bytes, file.modified_ns, file.file_id)
