"""Rows of files, outcomes, quarantine and runs made again from the ledger, which has their keys and outcomes."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from schemas.arrow import arrow_table
from schemas.file import File
from schemas.outcome import Outcome
from schemas.quarantine import Quarantined
from schemas.reasons import ArticleOutcome, FileOutcome, QuarantineStatus, Reason, RunKind, RunStatus
from schemas.run import Run
from schemas.tables import FILES, OUTCOMES, QUARANTINE, RUNS, TABLES
from tasks.ingestion.runs import RunRecord
from tasks.ingestion.standings import KEY_COLUMNS
from tasks.storage.commit import Transaction
from tasks.storage.ledger import Part, instant
from tasks.storage.parts import read_part
from tasks.storage.raw import has_raw, read_raw

KEYS = {**KEY_COLUMNS, RUNS.name: ("run_id",)}


def rebuild_rows(commit: Transaction, damaged: Iterable[Part]) -> int:
    """Put in the place of damaged parts the rows that the ledger knows and no sound part has; gives their number."""
    months: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in damaged:
        months[part.table_name, part.month].append(part)
    rebuilt = 0
    for (table, month), parts in months.items():
        commit.removed.extend(parts)
        kept = set(kept_keys(commit, table, month))
        column = TABLES[table].partitioned_by
        rows = [
            row
            for row in LEDGER_ROWS[table](commit.ledger)
            if f"{getattr(row, column):%Y-%m}" == month and key_of(row, KEYS[table]) not in kept
        ]
        if table == FILES.name:
            rows = [row if row.size_bytes else replace(row, size_bytes=kept_bytes(commit, row)) for row in rows]
        if rows:
            commit.append(table, arrow_table(TABLES[table].row, rows))
        rebuilt += len(rows)
    return rebuilt


def kept_keys(commit: Transaction, table: str, month: str) -> Iterator[tuple[Any, ...]]:
    """The keys in the sound parts of a month."""
    for part in commit.live(table, month):
        rows = read_part(commit.warehouse, part, list(KEYS[table]))
        yield from zip(*(rows[name].to_pylist() for name in KEYS[table]), strict=True)


def key_of(row: Any, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def run_at(ledger: sqlite3.Connection, moment_us: int) -> str:
    """The run that committed a row of this moment: commits come one after the other, each begun before its rows."""
    query = "SELECT run_id FROM commits WHERE committed_us <= ? ORDER BY committed_us DESC LIMIT 1"
    row = ledger.execute(query, (moment_us,)).fetchone()
    return row[0] if row else "unknown"


def kept_bytes(commit: Transaction, file: File) -> int:
    """The size of a file whose path holds other bytes by now, from what is kept of it; 0 when nothing is."""
    if file.file_id is None or not has_raw(commit.warehouse, file.file_id):
        return 0
    return len(read_raw(commit.warehouse, file.file_id))


def file_rows(ledger: sqlite3.Connection) -> Iterator[File]:
    """Every file's standing; what it was refused for in particular is not known any more."""
    size = "(SELECT max(size_bytes) FROM seen WHERE seen.file_id = f.file_id)"
    count = "(SELECT count(*) FROM outcomes o WHERE o.file_id = f.file_id AND f.outcome = 'read')"
    query = f"SELECT path, file_id, outcome, reason, modified_us, first_seen_us, {size}, {count} FROM files f"  # noqa: S608
    for path, file_id, outcome, reason, modified_us, first_us, size_bytes, article_count in ledger.execute(query):
        yield File(
            file_id=file_id or None,
            path=path,
            size_bytes=size_bytes or 0,
            modified_at=instant(modified_us),
            first_seen_at=instant(first_us),
            run_id=run_at(ledger, first_us),
            outcome=FileOutcome(outcome),
            reason=Reason(reason) if reason else None,
            detail=None,
            article_count=article_count,
        )


def outcome_rows(ledger: sqlite3.Connection) -> Iterator[Outcome]:
    """Every block's outcome; a refused one's reason is that of its place in quarantine."""
    query = (
        "SELECT o.file_id, o.position_in_file, o.outcome, o.article_id, o.version_no, o.ingested_us,"
        " (SELECT max(reason) FROM quarantine q"
        " WHERE q.file_id = o.file_id AND q.position_in_file = o.position_in_file AND o.outcome = 'refused')"
        " FROM outcomes o"
    )
    for file_id, position, outcome, article_id, version_no, ingested_us, reason in ledger.execute(query):
        yield Outcome(
            file_id=file_id,
            position_in_file=position,
            outcome=ArticleOutcome(outcome),
            reason=Reason(reason) if reason else None,
            detail=None,
            article_id=article_id,
            version_no=version_no,
            run_id=run_at(ledger, ingested_us),
            ingested_at=instant(ingested_us),
        )


def quarantine_rows(ledger: sqlite3.Connection) -> Iterator[Quarantined]:
    """Every refusal; when it was last tried is not known any more, so it stands with its first time."""
    query = "SELECT path, file_id, position_in_file, reason, status, attempts, first_seen_us FROM quarantine"
    for path, file_id, position, reason, status, attempts, first_us in ledger.execute(query):
        yield Quarantined(
            file_id=file_id or None,
            path=path,
            position_in_file=position or None,
            reason=Reason(reason),
            detail=None,
            status=QuarantineStatus(status),
            attempts=attempts,
            first_seen_at=instant(first_us),
            last_seen_at=instant(first_us),
        )


def run_rows(ledger: sqlite3.Connection) -> Iterator[Run]:
    """Every run that has ended; its counts are not known any more."""
    query = "SELECT run_id, kind, started_us, finished_us FROM runs WHERE finished_us IS NOT NULL"
    for run_id, kind, started_us, finished_us in ledger.execute(query):
        record = RunRecord(run_id=run_id, kind=RunKind(kind), started_at=instant(started_us), detail=LOST_COUNTS)
        yield record.row(RunStatus.DONE, instant(finished_us))


LOST_COUNTS = "its counts, and whether it failed, were lost with a damaged file"
LEDGER_ROWS: dict[str, Callable[[sqlite3.Connection], Iterator[Any]]] = {
    FILES.name: file_rows,
    OUTCOMES.name: outcome_rows,
    QUARANTINE.name: quarantine_rows,
    RUNS.name: run_rows,
}
