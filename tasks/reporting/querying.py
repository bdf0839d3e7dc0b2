"""SQL from users, read-only: one SELECT, checked before it runs, in a locked connection with limits."""

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import duckdb
import pyarrow as pa

from schemas.errors import NewsmillError, WrongUse
from tasks.reporting.query_errors import damage_told, one_line, stopped
from tasks.reporting.query_grammar import parse_query
from tasks.storage.catalog import quoted
from tasks.storage.layout import locate
from tasks.storage.objects import objects_of
from tasks.storage.opening import open_warehouse

BATCH_ROWS = 20_480
INSIST_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one query may use."""

    seconds: Annotated[float, "Wall time until the query is interrupted; 0 for no limit."] = 600
    memory: Annotated[str, "DuckDB's memory_limit; beyond it the query spills to the warehouse's tmp folder."] = "2GB"


@contextmanager
def run_query(
    warehouse: Path, query: str, *, as_of: str | None = None, limits: Limits | None = None
) -> Iterator[pa.RecordBatchReader]:
    """The rows of one read-only query, streamed; the connection lives as long as the `with` block.

    Raises WrongUse when the text is not exactly one SELECT (or EXPLAIN of one) or DuckDB finds fault with it,
    NewsmillError when it runs out of time or memory; both also while the rows are read.
    """
    statement = parse_query(query)
    limits = limits or Limits()
    with open_warehouse(warehouse, as_of) as connection:
        lock(connection, warehouse, limits)
        with interruptible(connection), deadline(connection, limits) as ends_at:
            yield stream(connection, statement, ends_at)


def lock(connection: duckdb.DuckDBPyConnection, warehouse: Path, limits: Limits) -> None:
    """Leave the connection nothing to read but the store, nothing to load and nothing to change.

    Allowed folders can also be written to, so this alone does not protect the store: `parse_query` has to come first.
    """
    root = warehouse.absolute()
    stores = dict.fromkeys(objects_of(locate(place)).url("store/") for place in (root, root.resolve()))
    for setting in (
        # GLOBAL where a cursor of this connection would else begin with the machine's own.
        "GLOBAL TimeZone = 'UTC'",
        f"memory_limit = {quoted(limits.memory)}",
        f"temp_directory = {quoted(str(root / 'tmp' / 'spill'))}",
        f"allowed_directories = [{', '.join(map(quoted, stores))}]",
        "GLOBAL python_enable_replacements = false",  # else FROM x reads the Python variable x
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


@contextmanager
def interruptible(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let Ctrl-C end a query wherever it comes.

    In one of three tries DuckDB 2.0 waited for its threads without telling them to stop. Python notes the signal in a
    socket at once, also while DuckDB holds the main thread; another thread then insists.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    noted, notes = socket.socketpair()
    notes.setblocking(False)
    ended = threading.Event()

    def insist() -> None:
        while signals := noted.recv(1):
            while signals[0] == signal.SIGINT and not ended.wait(INSIST_SECONDS):
                connection.interrupt()

    before = signal.set_wakeup_fd(notes.fileno(), warn_on_full_buffer=False)
    watcher = threading.Thread(target=insist, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        ended.set()
        notes.close()
        watcher.join()
        noted.close()


@contextmanager
def deadline(connection: duckdb.DuckDBPyConnection, limits: Limits) -> Iterator[float | None]:
    """Interrupt the connection when the time is over; yields that moment on the monotonic clock."""
    if not limits.seconds:
        yield None
        return
    timer = threading.Timer(limits.seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield time.monotonic() + limits.seconds
    finally:
        timer.cancel()


def stream(connection: duckdb.DuckDBPyConnection, statement: str, ends_at: float | None) -> pa.RecordBatchReader:
    """The statement's rows in batches, under column names that are unique."""
    try:
        reader = connection.sql(statement).to_arrow_reader(BATCH_ROWS)
    except duckdb.Error as error:
        raise explained(connection, statement, error) from None
    schema = pa.schema(
        field.with_name(name) for field, name in zip(reader.schema, unique_names(reader.schema.names), strict=True)
    )
    return pa.RecordBatchReader.from_batches(schema, batches(reader, schema, ends_at))


def batches(reader: pa.RecordBatchReader, schema: pa.Schema, ends_at: float | None) -> Iterator[pa.RecordBatch]:
    """The reader's batches; what DuckDB says while they are made becomes a sentence for the user."""
    while True:
        try:
            batch = next(reader, None)
        except (OSError, duckdb.Error) as error:  # Arrow's stream hands DuckDB's errors on as OSError
            raise as_user_error(error) from None
        if batch is None:
            return
        if ends_at is not None and time.monotonic() > ends_at:
            raise stopped()
        yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)


def explained(connection: duckdb.DuckDBPyConnection, statement: str, error: duckdb.Error) -> NewsmillError:
    """The error as a sentence; run again where it only failed to bind, because relations leave out the position."""
    if isinstance(error, duckdb.ProgrammingError):
        try:
            connection.execute(statement)
        except duckdb.Error as positioned:
            error = positioned
    return as_user_error(error)


def as_user_error(error: Exception) -> NewsmillError:
    """What kind of error it is: the limit, the machine, or else the query."""
    text = str(error)
    if text.startswith("INTERRUPT"):
        return stopped()
    damage = damage_told(error)
    if damage:
        return damage
    if text.startswith(("Out of Memory", "IO Error", "INTERNAL", "FATAL")):
        return NewsmillError(one_line(text))
    return WrongUse(one_line(text))


def unique_names(names: list[str]) -> list[str]:
    """Column names told apart: the second `a` becomes `a_2`."""
    kept: list[str] = []
    for name in names:
        candidates = (name, *(f"{name}_{number}" for number in range(2, len(names) + 2)))
        kept.append(next(candidate for candidate in candidates if candidate not in kept))
    return kept
