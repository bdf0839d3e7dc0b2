"""Every block of a slice gets its one outcome: refused, known already, or stored as new or as a version."""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from schemas.outcome import Outcome
from schemas.reasons import ArticleOutcome, FileOutcome, QuarantineStatus, Reason, RunKind
from tasks.identity.duplicates import Linking
from tasks.identity.index import Index
from tasks.identity.lines import remember_lines
from tasks.identity.versions import Arrival, Delivery, Verdict, confirm, find_delivery, identify
from tasks.ingestion.known import refused
from tasks.ingestion.staging import Slice, StagedBlock, block_fingerprints
from tasks.ingestion.standings import Standings
from tasks.storage.commit import Transaction
from tasks.storage.ledger import microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What every row of a run carries."""

    run_id: str
    kind: str
    pipeline_id: str
    window_days: int
    input_id: int | None = None


FORGOTTEN = "SELECT mark FROM forgotten WHERE kind = 'content' AND mark IN (SELECT value FROM json_each(?))"


@dataclass(slots=True, kw_only=True)
class SliceCommit:
    """One slice on its way into the warehouse."""

    staged: Slice
    context: RunContext
    commit: Transaction
    now: datetime
    index: Index
    linking: Linking
    outcomes: list[Outcome] = field(default_factory=list)
    stored: dict[int, Verdict] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    taken_down: set[str] = field(default_factory=set)

    def settle_links(self) -> None:
        """Enter what the stored blocks copy, and their lines: copies of one article count once, so links come first."""
        self.touched |= self.linking.settle()
        for number, verdict in self.stored.items():
            remember_lines(self.commit.ledger, verdict.article_id, self.staged.blocks[number].line_keys)

    def confirm_files(self) -> None:
        """Note which versions lie at their paths again: the same bytes, put back or touched."""
        for file in self.staged.files:
            later = "UPDATE files SET modified_us = ?1 WHERE path = ?2 AND file_id = ?3 AND modified_us < ?1"
            changed = self.commit.ledger.execute(later, (microseconds(file.modified_at), file.path, file.file_id or ""))
            if changed.rowcount and file.outcome in {FileOutcome.READ, FileOutcome.DUPLICATE}:
                here = self.index.versions_at(file.path)
                for version in self.index.versions_in(file.file_id or ""):
                    self.touched |= confirm(version, file.modified_at, here[version.article_id], self.index)

    def refuse_forgotten(self) -> None:
        """Refuse what was taken down since it was read, and mark its files: their bytes go too."""
        ledger = self.commit.ledger
        hashes = json.dumps([block.content_hash for block in self.staged.blocks if block.content_hash])
        forgotten = {mark for (mark,) in ledger.execute(FORGOTTEN, (hashes,))}
        for number, block in enumerate(self.staged.blocks):
            if block.content_hash in forgotten:
                self.staged.blocks[number] = refused(block, Reason.FORGOTTEN, None)
                self.taken_down.add(block.file_id)
                mark = ("file", block.file_id, microseconds(self.now), self.context.run_id)
                ledger.execute("INSERT OR IGNORE INTO forgotten VALUES (?, ?, ?, ?)", mark)


def judge_blocks(
    work: SliceCommit, standings: Standings, repeated: set[str], hashes: dict[str, set[str]]
) -> Counter[str]:
    """Give every block its one outcome; blocks of repeated bytes and blocks judged before have theirs already.

    Gives how many blocks of each file have an outcome now.
    """
    judged: Counter[str] = Counter()
    for number, block in enumerate(work.staged.blocks):
        reopened = work.context.kind == RunKind.REPLAY and standings.drop_refused_outcome(block)
        if not reopened and (block.file_id in repeated or is_judged(work.commit.ledger, block)):
            judged[block.file_id] += 1
            continue
        if block.file_id not in work.deliveries:
            delivery = find_delivery(block.file_id, block.path, hashes.get(block.file_id, ()), work.index)
            work.deliveries[block.file_id] = delivery
        outcome = refuse(work, standings, block) if block.reason else accept(work, standings, number)
        work.outcomes.append(outcome)
        enter_outcome(work.commit.ledger, outcome)
    judged.update(outcome.file_id for outcome in work.outcomes)
    return judged


def is_judged(ledger: sqlite3.Connection, block: StagedBlock) -> bool:
    """Whether another run, or this one before a crash, gave the block its outcome."""
    key = (block.file_id, block.position_in_file)
    query = "SELECT 1 FROM outcomes WHERE file_id = ? AND position_in_file = ?"
    return ledger.execute(query, key).fetchone() is not None


def enter_outcome(ledger: sqlite3.Connection, outcome: Outcome) -> None:
    """Enter the key of an outcome; the ledger refuses a second one for the same block."""
    ledger.execute(
        "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?)",
        (
            outcome.file_id,
            outcome.position_in_file,
            outcome.outcome,
            outcome.article_id,
            outcome.version_no,
            microseconds(outcome.ingested_at),
        ),
    )


def refuse(work: SliceCommit, standings: Standings, block: StagedBlock) -> Outcome:
    """The outcome of a refused block, and its place in quarantine."""
    assert block.reason is not None
    taken_down = block.reason is Reason.FORGOTTEN
    status = QuarantineStatus.DISCARDED if taken_down else QuarantineStatus.OPEN
    standings.quarantine(
        block.path, block.file_id, block.position_in_file, reason=block.reason, detail=block.detail, status=status
    )
    return outcome_row(work, block, ArticleOutcome.REFUSED, None)


def accept(work: SliceCommit, standings: Standings, number: int) -> Outcome:
    """The outcome of an article: stored as new or as a version, or known already."""
    block = work.staged.blocks[number]
    if work.context.kind == RunKind.REPLAY:
        standings.close(block.path, block.file_id, block.position_in_file)
    verdict = identify(arrival(block), work.deliveries[block.file_id], work.index, microseconds(work.now))
    outcome = verdict.outcome
    if outcome in (ArticleOutcome.NEW, ArticleOutcome.NEW_VERSION):
        work.stored[number] = verdict
        work.touched.add(verdict.article_id)
        copies = work.linking.add((verdict.article_id, verdict.version_no), block.bands)
        outcome = ArticleOutcome.NEAR_DUPLICATE if copies and outcome is ArticleOutcome.NEW else outcome
    elif outcome is ArticleOutcome.UNCHANGED:
        version = work.index.version((verdict.article_id, verdict.version_no))
        work.touched |= confirm(
            version, block.modified_at, work.deliveries[block.file_id].versions_of(version.article_id), work.index
        )
    return outcome_row(work, block, outcome, verdict)


def arrival(block: StagedBlock) -> Arrival:
    """What identity sees of a block."""
    assert block.published_date is not None
    return Arrival(
        file_id=block.file_id,
        position_in_file=block.position_in_file,
        path=block.path,
        source=block.source,
        published_date=block.published_date,
        published_at=block.published_at,
        modified_at=block.modified_at,
        fingerprints=block_fingerprints(block),
    )


def outcome_row(work: SliceCommit, block: StagedBlock, outcome: ArticleOutcome, verdict: Verdict | None) -> Outcome:
    return Outcome(
        file_id=block.file_id,
        position_in_file=block.position_in_file,
        outcome=outcome,
        reason=block.reason,
        detail=block.detail,
        article_id=verdict.article_id if verdict else None,
        version_no=verdict.version_no if verdict else None,
        run_id=work.context.run_id,
        ingested_at=work.now,
    )
