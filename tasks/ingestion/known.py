"""What a batch may leave out because the warehouse has it: a look before the work; the commit decides for good."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from schemas.reasons import FileOutcome, Reason
from tasks.ingestion.staging import StagedBlock
from tasks.reading.names import is_unpacked
from tasks.storage.layout import locate
from tasks.storage.readonly import connect_readonly

# Whether an article was taken down, and whether it is stored.
KNOWN = """
SELECT EXISTS (SELECT 1 FROM forgotten WHERE kind = 'content' AND mark = ?1),
       EXISTS (SELECT 1 FROM versions WHERE content_hash = ?1)
"""


@dataclass(slots=True, kw_only=True)
class Known:
    """Bytes and articles that are stored, or that came earlier in this batch."""

    ledger: sqlite3.Connection
    paths_by_file: dict[tuple[str, bool], str] = field(default_factory=dict)
    contents: set[str] = field(default_factory=set)
    given: set[tuple[str, str | None]] = field(default_factory=set)

    @staticmethod
    @contextmanager
    def of(warehouse: Path) -> Iterator["Known"]:
        """What the warehouse knows at this moment."""
        ledger = connect_readonly(locate(warehouse).ledger)
        try:
            yield Known(ledger=ledger)
        finally:
            ledger.close()

    def file_outcome(self, file_id: str, path: str) -> FileOutcome | None:
        """The outcome of bytes that need not be read again; None when they are new."""
        rows = self.ledger.execute("SELECT path, outcome FROM files WHERE file_id = ?", (file_id,)).fetchall()
        stored = {stored_path: FileOutcome(outcome) for stored_path, outcome in rows}
        if is_forgotten(self.ledger, "file", file_id):
            return FileOutcome.READ if stored.get(path) is FileOutcome.READ else FileOutcome.SKIPPED
        standing = stored.get(path, FileOutcome.DUPLICATE if self.is_known(path, stored) else None)
        # Refused bytes that come again are read again: only reading knows the reason, and it may say yes today.
        if standing not in {None, FileOutcome.REFUSED}:
            return standing
        read_as = (file_id, is_unpacked(path))
        return None if self.paths_by_file.setdefault(read_as, path) == path else FileOutcome.DUPLICATE

    @staticmethod
    def is_known(path: str, stored: Mapping[str, FileOutcome]) -> bool:
        """Whether bytes that are stored under these paths say nothing new under another.

        An archive that came under the name of a text was refused; under its own name it is unpacked.
        """
        taken = any(outcome is not FileOutcome.REFUSED for outcome in stored.values())
        return taken or is_unpacked(path) in {is_unpacked(other) for other in stored}

    def is_repeated(self, path: str, file_id: str | None) -> bool:
        """Whether this path was given before in this batch with these bytes, or at all where none were read.

        An archive may hold a name twice: then it has a row for each of its bytes, and one without only if it has none.
        """
        is_given = (path, file_id) in self.given
        self.given |= {(path, file_id), (path, None)}
        return is_given

    def has_standing(self, path: str, file_id: str | None) -> bool:
        """Whether this path with these bytes has a row."""
        query = "SELECT 1 FROM files WHERE path = ? AND file_id = ?"
        return self.ledger.execute(query, (path, file_id or "")).fetchone() is not None

    def is_taken_down(self, block: StagedBlock) -> bool:
        """Whether the article of a block was taken down."""
        return block.content_hash is not None and is_forgotten(self.ledger, "content", block.content_hash)

    def judge(self, block: StagedBlock) -> StagedBlock:
        """The block, refused when it was taken down, without enrichment when its article is stored already."""
        if block.content_hash is None:
            return block
        is_taken_down, is_stored = self.ledger.execute(KNOWN, (block.content_hash,)).fetchone()
        if is_taken_down:
            return refused(block, Reason.FORGOTTEN, None)
        if is_stored or block.content_hash in self.contents:
            return replace(block, enrichment_status=None)
        self.contents.add(block.content_hash)
        return block


def is_forgotten(ledger: sqlite3.Connection, kind: str, mark: str) -> bool:
    """Whether a file or an article with this hash was taken down."""
    return ledger.execute("SELECT 1 FROM forgotten WHERE kind = ? AND mark = ?", (kind, mark)).fetchone() is not None


def refused(block: StagedBlock, reason: Reason, detail: str | None) -> StagedBlock:
    """The block as a refusal; nothing of its text stays."""
    return StagedBlock(
        file_id=block.file_id,
        path=block.path,
        source=block.source,
        modified_at=block.modified_at,
        position_in_file=block.position_in_file,
        reason=reason,
        detail=detail,
    )
