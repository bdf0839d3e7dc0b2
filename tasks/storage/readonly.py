"""A ledger opened for reading only, and the one thing that has to be known before anything else: where the store is."""

import sqlite3
from contextlib import closing
from pathlib import Path

from schemas.errors import NewsmillError

# A large backfill writes its parts inside one transaction of the ledger: who waits for it waits as for the writer lock.
WAIT_SECONDS = 6 * 60 * 60


def connect_readonly(file: Path) -> sqlite3.Connection:
    """Open an existing ledger for reading, also where the folder cannot be written; raises NewsmillError."""
    ledger = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        ledger.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.OperationalError:
        # WAL needs a shared-memory file; on read-only media nobody writes, so reading without it is safe.
        ledger.close()
        log = Path(f"{file}-wal")
        if log.exists() and log.stat().st_size:
            raise NewsmillError(
                f"Commits in {log} cannot be read on a read-only disk; copy the warehouse where it can be written."
            ) from None
        ledger = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    except sqlite3.DatabaseError as error:
        ledger.close()
        raise NewsmillError(f"The ledger {file} cannot be opened: {error}.") from error
    return ledger


def is_prepared(ledger: sqlite3.Connection) -> bool:
    """Whether the ledger has its tables; the version is written last."""
    if not ledger.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return False
    return ledger.execute("SELECT 1 FROM meta WHERE key = 'schema_version'").fetchone() is not None


def store_address(ledger: sqlite3.Connection) -> str | None:
    """Where a prepared ledger's objects lie; None for beside it."""
    row = ledger.execute("SELECT value FROM meta WHERE key = 'store'").fetchone()
    return row[0] if row else None


def kept_address(file: Path, otherwise: str | None = None) -> str | None:
    """Where the objects of the ledger at this path lie; where there is no ledger yet, the address given."""
    if not file.exists():
        return otherwise
    with closing(connect_readonly(file)) as ledger:
        return store_address(ledger) if is_prepared(ledger) else otherwise
