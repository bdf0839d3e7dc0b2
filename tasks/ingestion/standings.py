"""The standing of files and refusals: one row per key, replaced when it changes, so counts always add up."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import accumulate

import pyarrow as pa

from schemas.arrow import arrow_table
from schemas.file import File
from schemas.quarantine import Quarantined
from schemas.reasons import FileOutcome, QuarantineStatus, Reason
from schemas.tables import FILES, OUTCOMES, QUARANTINE
from tasks.ingestion.staging import StagedBlock, StagedFile
from tasks.storage.commit import Transaction
from tasks.storage.ledger import instant, microseconds

# Reading these again may end otherwise although size and time are the same.
TRY_AGAIN = {Reason.UNREADABLE, Reason.CHANGED_WHILE_READING, Reason.VANISHED}

Key = tuple[str | int | None, ...]
Edits = dict[Key, QuarantineStatus | None]
KEY_COLUMNS = {
    FILES.name: ("path", "file_id"),
    QUARANTINE.name: ("path", "file_id", "position_in_file"),
    OUTCOMES.name: ("file_id", "position_in_file"),
}

# The open refusals of what lay at a path before, whichever path they are noted under.
SUPERSEDED = """
SELECT path, file_id, position_in_file FROM quarantine q
WHERE status = 'open' AND file_id <> ?2 AND (path, file_id, position_in_file) IN (
    SELECT path, file_id, position_in_file FROM quarantine WHERE path = ?1
    UNION
    SELECT o.path, o.file_id, o.position_in_file FROM files f JOIN quarantine o ON o.file_id = f.file_id
    WHERE f.path = ?1 AND f.file_id <> ''
)
"""

UNREAD = "SELECT path, first_seen_us FROM files WHERE file_id = '' AND path IN (SELECT value FROM json_each(?))"


@dataclass(slots=True)
class Standings:
    """The files and quarantine rows that one commit adds or replaces."""

    commit: Transaction
    run_id: str
    now: datetime
    replay: bool = False
    input_id: int | None = None
    found: dict[tuple[int | None, bytes, bytes], str | None] = field(default_factory=dict)
    files: dict[Key, File] = field(default_factory=dict)
    refusals: dict[Key, Quarantined] = field(default_factory=dict)
    edits: dict[tuple[str, str], Edits] = field(default_factory=lambda: defaultdict(dict))

    @property
    def ledger(self) -> sqlite3.Connection:
        return self.commit.ledger

    def settle_files(self, staged: Sequence[StagedFile], counts: Counter[str]) -> set[str]:
        """Give every file its outcome; gives the file_ids whose blocks are known under another path."""
        repeated: set[str] = set()
        self.found |= {(self.input_id, file.folder, file.name): file.file_id for file in staged if file.name}
        for file in staged:
            outcome = self.outcome(file)
            if outcome is FileOutcome.DUPLICATE and file.file_id and file.outcome is not FileOutcome.DUPLICATE:
                repeated.add(file.file_id)
            # What stands as before was counted by the run that gave it its standing; a replay counts what it tried.
            if self.settle(file, outcome) or outcome is FileOutcome.DEFERRED or self.replay:
                counts[f"files_{outcome}"] += 1
        return repeated

    def outcome(self, file: StagedFile) -> FileOutcome:
        """The file's outcome, `duplicate` when another process stored its bytes under another path meanwhile."""
        if file.file_id is None or file.outcome not in (FileOutcome.READ, FileOutcome.REFUSED):
            return file.outcome
        rows = self.ledger.execute("SELECT path, outcome FROM files WHERE file_id = ?", (file.file_id,)).fetchall()
        # What was refused under another name, and could be read under this one, is stored nowhere yet.
        is_stored = any(outcome != FileOutcome.REFUSED for _, outcome in rows)
        is_known = is_stored if file.outcome is FileOutcome.READ else bool(rows)
        is_here = file.path in {path for path, _ in rows}
        return FileOutcome.DUPLICATE if is_known and not is_here else file.outcome

    def settle(self, file: StagedFile, outcome: FileOutcome) -> bool:
        """Enter one file and replace its row when its standing changed; gives whether it did."""
        if outcome is FileOutcome.DUPLICATE:
            file = replace(file, reason=None, detail=None, article_count=0)
        before = self.ledger.execute(
            "SELECT outcome, reason, first_seen_us FROM files WHERE path = ? AND file_id = ?",
            (file.path, file.file_id or ""),
        ).fetchone()
        changed = before is None or before[:2] != (outcome, file.reason)
        if changed:
            self.enter(file, outcome, before)
        if outcome is FileOutcome.REFUSED and file.reason and (changed or self.replay):
            self.quarantine(file.path, file.file_id, None, reason=file.reason, detail=file.detail)
        if file.file_id is not None:
            self.drop_unread(file.path)
            self.reopen(file.file_id)
        if outcome in {FileOutcome.READ, FileOutcome.DUPLICATE} and not self.replay:
            self.supersede(file)
        return changed

    def enter(self, file: StagedFile, outcome: FileOutcome, before: tuple[str, str | None, int] | None) -> None:
        """Give a file its new standing, in the place of the one before."""
        first_seen = instant(before[2]) if before else self.now
        if before:
            self.edit(FILES.name, first_seen, (file.path, file.file_id), None)
            if before[0] == FileOutcome.REFUSED and outcome is not FileOutcome.REFUSED:
                self.close(file.path, file.file_id, None)
        self.files[file.path, file.file_id] = self.file_row(file, outcome, first_seen)
        self.enter_file(file, outcome, first_seen)

    def file_row(self, file: StagedFile, outcome: FileOutcome, first_seen: datetime) -> File:
        return File(
            file_id=file.file_id,
            path=file.path,
            size_bytes=file.size_bytes,
            modified_at=file.modified_at,
            first_seen_at=first_seen,
            run_id=self.run_id,
            outcome=outcome,
            reason=file.reason,
            detail=file.detail,
            article_count=file.article_count,
        )

    def enter_file(self, file: StagedFile, outcome: FileOutcome, first_seen: datetime) -> None:
        self.ledger.execute(
            "INSERT INTO files VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET outcome = ?3, reason = ?4",
            (
                file.path,
                file.file_id or "",
                outcome,
                file.reason,
                microseconds(file.modified_at),
                microseconds(first_seen),
            ),
        )

    def drop_unread(self, path: str) -> None:
        """A path that could not be read before and can be now has one standing, the new one; so has its folder none."""
        here = json.dumps([*accumulate(path.split("/"), lambda folder, name: f"{folder}/{name}")])
        for above, first_seen_us in self.ledger.execute(UNREAD, (here,)).fetchall():
            self.ledger.execute("DELETE FROM files WHERE path = ? AND file_id = ''", (above,))
            self.edit(FILES.name, instant(first_seen_us), (above, None), None)
            self.close(above, None, None)

    def quarantine(
        self,
        path: str,
        file_id: str | None,
        position: int | None,
        *,
        reason: Reason,
        detail: str | None,
        status: QuarantineStatus = QuarantineStatus.OPEN,
    ) -> None:
        """Put a refusal in quarantine, or count another attempt at one that is there."""
        key = (path, file_id or "", position or 0)
        before = self.ledger.execute(
            "SELECT attempts, first_seen_us FROM quarantine WHERE path = ? AND file_id = ? AND position_in_file = ?",
            key,
        ).fetchone()
        attempts, first_us = (before[0] + 1, before[1]) if before else (1, microseconds(self.now))
        if before:
            self.edit(QUARANTINE.name, instant(first_us), (path, file_id, position), None)
        self.refusals[path, file_id, position] = Quarantined(
            file_id=file_id,
            path=path,
            position_in_file=position,
            reason=reason,
            detail=detail,
            status=status,
            attempts=attempts,
            first_seen_at=instant(first_us),
            last_seen_at=self.now,
        )
        self.ledger.execute(
            "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key, reason, status, attempts, first_us),
        )

    def close(
        self,
        path: str,
        file_id: str | None,
        position: int | None,
        status: QuarantineStatus = QuarantineStatus.REPLAYED,
    ) -> None:
        """Give a refusal another status: dealt with in one way or another."""
        key = (path, file_id or "", position or 0)
        row = self.ledger.execute(
            "UPDATE quarantine SET status = ? WHERE path = ? AND file_id = ? AND position_in_file = ?"
            " RETURNING first_seen_us",
            (status, *key),
        ).fetchone()
        if row:
            self.edit(QUARANTINE.name, instant(row[0]), (path, file_id, position), status)

    def supersede(self, file: StagedFile) -> None:
        """Close what other bytes at this path were refused for, unless these still lie elsewhere: it was mended."""
        rows = self.ledger.execute(SUPERSEDED, (file.path, file.file_id)).fetchall()
        for path, file_id, position in rows:
            if not self.lies_elsewhere(file_id, file):
                self.close(path, file_id or None, position or None, QuarantineStatus.SUPERSEDED)

    def lies_elsewhere(self, file_id: str, file: StagedFile) -> bool:
        """Whether some bytes lie at another path than this file's: as it was seen last, or as this commit finds it."""
        if any(path != file.path and bytes_id == file_id for path, bytes_id in self.files):
            return True
        seen = self.ledger.execute("SELECT input_id, folder, name FROM seen WHERE file_id = ?", (file_id,)).fetchall()
        here = (self.input_id, file.folder, file.name)
        # What is seen is noted after the commit: until then a file of this one is where `found` says.
        return any(place != here and self.found.get(place, file_id) == file_id for place in seen)

    def reopen(self, file_id: str) -> None:
        """Refused bytes that lie in the input again, at whatever path, wait again."""
        rows = self.ledger.execute(
            "SELECT path, position_in_file FROM quarantine WHERE file_id = ? AND status = 'superseded'", (file_id,)
        ).fetchall()
        for path, position in rows:
            self.close(path, file_id, position or None, QuarantineStatus.OPEN)

    def drop_refused_outcome(self, block: StagedBlock) -> bool:
        """Take out the outcome of a block that was refused before, so that it can become what it now is."""
        key = (block.file_id, block.position_in_file)
        row = self.ledger.execute(
            "DELETE FROM outcomes WHERE file_id = ? AND position_in_file = ? AND outcome = 'refused'"
            " RETURNING ingested_us",
            key,
        ).fetchone()
        if row:
            self.edit(OUTCOMES.name, instant(row[0]), key, None)
        return row is not None

    def edit(self, table: str, first_seen: datetime, key: Key, status: QuarantineStatus | None) -> None:
        """Give the row with this key another status, or without one take it out, when the rest is written."""
        # An archive may hold a name many times: then the row is not written yet.
        if table == FILES.name and key in self.files:
            del self.files[key]
        elif table == QUARANTINE.name and key in self.refusals:
            refusal = self.refusals.pop(key)
            if status is not None:
                self.refusals[key] = replace(refusal, status=status)
        else:
            self.edit_written(table, first_seen, key, status)

    def edit_written(self, table: str, first_seen: datetime, key: Key, status: QuarantineStatus | None) -> None:
        """Note what is to become of a row that stood before."""
        of_month = self.edits[table, f"{first_seen:%Y-%m}"]
        # A row that goes and one that changes: it goes.
        of_month[key] = status if of_month.get(key, status) else None

    def write(self) -> None:
        """Edit the rows that stood before, each part once, then write the rows gathered."""
        for (table, month), edits in self.edits.items():
            names, values = KEY_COLUMNS[table], {str(key[0]) for key in edits}
            self.commit.rewrite(table, month, names[0], values, partial(with_edits, names=names, edits=edits))
        self.edits.clear()
        if self.files:
            self.commit.append(FILES.name, arrow_table(FILES.row, self.files.values()))
        if self.refusals:
            self.commit.append(QUARANTINE.name, arrow_table(QUARANTINE.row, self.refusals.values()))
        self.files.clear()
        self.refusals.clear()


def with_edits(rows: pa.Table, *, names: tuple[str, ...], edits: Edits) -> pa.Table:
    """The rows without those that go, and with the statuses that change."""
    keys = list(zip(*(rows[name].to_pylist() for name in names), strict=True))
    changed = {number: edits[key] for number, key in enumerate(keys) if key in edits}
    if any(changed.values()):
        statuses = [changed.get(number) or before for number, before in enumerate(rows["status"].to_pylist())]
        rows = rows.set_column(rows.schema.get_field_index("status"), rows.schema.field("status"), pa.array(statuses))
    return rows.filter([changed.get(number, "kept") is not None for number in range(len(keys))])
