"""Holding the kept raw bytes against their names, which are their hashes."""

import os
import sqlite3
from collections.abc import Iterator

from schemas.errors import NewsmillError
from tasks.reading.names import is_unpacked
from tasks.storage.layout import Warehouse
from tasks.storage.raw import copy_raw, has_raw

# What was taken down, or holds it in other bytes, is not kept, and an archive only where something in it was refused.
KEPT_FILES = """
FROM files f WHERE file_id <> '' AND outcome IN ('read', 'refused') AND reason IS NOT 'forgotten'
AND NOT EXISTS (SELECT 1 FROM forgotten WHERE kind = 'file' AND mark = file_id)
AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.file_id = f.file_id AND q.reason = 'forgotten')
"""


def is_to_be_kept(ledger: sqlite3.Connection, file_id: str) -> bool:
    """Whether the warehouse knows these bytes and is to have them: not when they are, or hold, what was taken down."""
    return ledger.execute(f"SELECT 1 {KEPT_FILES} AND file_id = ?", (file_id,)).fetchone() is not None


def find_raw_damage(warehouse: Warehouse, ledger: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each file whose kept bytes are missing or have changed."""
    checked = set()
    for file_id, path in ledger.execute(f"SELECT DISTINCT file_id, path {KEPT_FILES} ORDER BY file_id"):
        if has_raw(warehouse, file_id):
            if file_id not in checked:
                checked.add(file_id)
                yield from raw_damage(warehouse, file_id)
        elif not is_unpacked(path):
            yield f"raw/{file_id[:2]}/{file_id}.zst: missing; these are the bytes of {path}"


def raw_damage(warehouse: Warehouse, file_id: str) -> Iterator[str]:
    """A sentence when the kept bytes of one file are not what their name says."""
    try:
        with open(os.devnull, "wb") as nowhere:
            copy_raw(warehouse, file_id, nowhere)
    except NewsmillError as error:
        yield str(error)
