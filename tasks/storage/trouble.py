"""Trouble of the machine or of S3, of which no file and no article is to blame: told in a sentence, with the place."""

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import NewsmillError

FULL, READ_ONLY, NO_RIGHT, BROKEN, DAMAGED = "full", "read-only", "no right", "broken", "damaged"
OF_STORE = "of the store"

KINDS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.EIO: BROKEN,
}
LEDGER_KINDS = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: NO_RIGHT,
    sqlite3.SQLITE_IOERR: BROKEN,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
# DuckDB gives the system's words and no number.
WORDS = {
    "no space left on device": FULL,
    "disk quota exceeded": FULL,
    "read-only file system": READ_ONLY,
    "permission denied": NO_RIGHT,
    "input/output error": BROKEN,
}
SENTENCES = {
    FULL: "The disk is full: {place} takes no more. Everything committed is kept; make room and run it again.",
    READ_ONLY: "{place} is on a disk that is read-only; nothing can be written there.",
    NO_RIGHT: "{place} cannot be written by this user.",
    BROKEN: "The disk does not answer as it should at {place}. Everything committed is kept; look at the system's log.",
    OF_STORE: "The store on S3 does not do what it is asked to: {said}. Everything committed is kept; run it again when"
    " it does.",
    DAMAGED: "ledger.sqlite, which knows what every file of the warehouse is, is damaged: put it back from a backup, or"
    " rename the warehouse and ingest the input folder into a new one. raw/ has every file ever read.",
}
# What may pass or be mended while the program runs or before it runs again.
MACHINES = {FULL, READ_ONLY, BROKEN, OF_STORE}

# What Arrow says of S3, also where DuckDB hands it on among the lines of a traceback.
S3_ERROR = re.compile(r"AWS Error (?P<said>[^\n]*)")


def is_machines(error: BaseException) -> bool:
    """Whether the machine is to blame: a full, read-only or failing disk, or too many open files."""
    return kind_of(error) in MACHINES or (isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE})


def kind_of(error: BaseException) -> str | None:
    """Which trouble with the disk an error tells of; None when it is another error."""
    if is_from_store(error):
        return OF_STORE
    if isinstance(error, OSError):
        return KINDS.get(error.errno or 0)
    if isinstance(error, sqlite3.Error):
        # The lowest byte is the kind; the others tell where.
        return LEDGER_KINDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    # The second is what a checkpoint raises when its table's rows find no room.
    if type(error).__name__ in {"IOException", "FatalException"}:
        return next((kind for words, kind in WORDS.items() if words in str(error).lower()), None)
    return None


def is_from_store(error: BaseException) -> bool:
    """Whether S3 did not do what it was asked to: it is away, overloaded or refuses."""
    is_told = isinstance(error, OSError) or type(error).__module__ in {"duckdb", "_duckdb"}
    return is_told and S3_ERROR.search(str(error)) is not None


def store_sentence(error: BaseException) -> str | None:
    """What to tell the user of trouble with S3; None when it is another error."""
    found = S3_ERROR.search(str(error)) if is_from_store(error) else None
    return SENTENCES[OF_STORE].format(said=found["said"].strip(" ;.")) if found else None


def disk_sentence(error: BaseException, folder: Path | None = None) -> str | None:
    """What to tell the user, with the folder or else the file that the error names; None when it is another error."""
    if sentence := store_sentence(error):
        return sentence
    kind = kind_of(error)
    named = error.filename if isinstance(error, OSError) else None
    # All of a folder's disk is full, but often one file of it may not be written.
    place = folder or named if kind == FULL else named or folder
    return SENTENCES[kind].format(place=place) if kind and (place or kind == DAMAGED) else None


@contextmanager
def disk_told(folder: Path) -> Iterator[None]:
    """Turn trouble with the disk, inside the block, into a NewsmillError that names the place."""
    try:
        yield
    except Exception as error:
        sentence = disk_sentence(error, folder)
        if sentence:
            raise NewsmillError(sentence) from error
        raise
