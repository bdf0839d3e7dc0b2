"""The commit of one batch: every file and block gets its outcome, under the writer lock, in one transaction."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from schemas.arrow import arrow_table
from schemas.article import Article
from schemas.outcome import Outcome
from schemas.reasons import ArticleOutcome, QuarantineStatus, Reason, RunKind
from schemas.tables import ARTICLES, ENTITIES, LOCATIONS, OUTCOMES
from tasks.identity.duplicates import link_duplicates
from tasks.identity.index import Index
from tasks.identity.lines import remember_lines
from tasks.identity.versions import Arrival, Delivery, Verdict, find_delivery, identify
from tasks.ingestion.article_rows import article_row, mention_rows, renew_links
from tasks.ingestion.counting import Expected, Tally, append_all, check_mentions, check_stored
from tasks.ingestion.known import is_forgotten, refused
from tasks.ingestion.staging import Slice, StagedBlock, block_fingerprints, read_hashes, read_slice
from tasks.ingestion.standings import Standings
from tasks.storage.commit import Transaction, transaction
from tasks.storage.faults import fail_commit_on
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import microseconds
from tasks.storage.raw import delete_raw


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What every row of a run carries."""

    run_id: str
    kind: str
    pipeline_id: str
    window_days: int
    input_id: int | None = None


@dataclass(slots=True, kw_only=True)
class SliceCommit:
    """One slice on its way into the warehouse."""

    staged: Slice
    context: RunContext
    commit: Transaction
    now: datetime
    index: Index
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: list[Outcome] = field(default_factory=list)
    stored: dict[int, Verdict] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    taken_down: set[str] = field(default_factory=set)

    def refuse_forgotten(self) -> None:
        """Refuse what was taken down since it was read, and mark its files: their bytes go too."""
        ledger = self.commit.ledger
        for number, block in enumerate(self.staged.blocks):
            if block.content_hash and is_forgotten(ledger, "content", block.content_hash):
                self.staged.blocks[number] = refused(block, Reason.FORGOTTEN, None)
                self.taken_down.add(block.file_id)
                mark = ("file", block.file_id, microseconds(self.now), self.context.run_id)
                ledger.execute("INSERT OR IGNORE INTO forgotten VALUES (?, ?, ?, ?)", mark)


class TrialOver(Exception):
    """A trial came to its end: everything could be written, nothing was committed."""


# Articles that the tables cannot take, by slice and block, each with the error it caused.
Untakeable = Mapping[tuple[int, int], str]


def commit_slices(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    folders: Sequence[Path],
    context: RunContext,
    *,
    expected: Expected | None = None,
    untakeable: Untakeable | None = None,
    is_trial: bool = False,
) -> Counter[str]:
    """Commit a batch, slice after slice in one commit; gives how many files and blocks had which outcome.

    Raises BrokenCount when what comes out is not what went in, and TrialOver where a trial would have committed.
    """
    counts: Counter[str] = Counter()
    tally = Tally()
    taken_down: set[str] = set()
    key = f"{context.run_id}/{folders[0].name}" if folders else None
    with transaction(warehouse, ledger, context.kind, context.run_id, key) as commit:
        hashes = content_hashes(folders)
        for slice_no, folder in enumerate(folders):
            now = datetime.now(UTC)
            index = Index(ledger)
            staged = read_slice(folder)
            tally.add(staged)
            refuse_untakeable(staged.blocks, slice_no, untakeable or {})
            work = SliceCommit(staged=staged, context=context, commit=commit, now=now, index=index)
            standings = Standings(
                commit, context.run_id, now, replay=context.kind == RunKind.REPLAY, input_id=context.input_id
            )
            repeated = standings.settle_files(work.staged.files, counts)
            work.refuse_forgotten()
            tally.judged.update(judge_blocks(work, standings, repeated, hashes))
            # Before the outcomes: it takes out those that replayed refusals had.
            standings.write()
            write_articles(work)
            if work.outcomes:
                append_all(commit, OUTCOMES.name, arrow_table(OUTCOMES.row, work.outcomes))
            counts.update(work.counts)
            taken_down |= work.taken_down
        if expected:
            tally.check(expected)
        if is_trial:
            raise TrialOver
    for file_id in taken_down:
        delete_raw(warehouse, file_id)
    return counts


def refuse_untakeable(blocks: list[StagedBlock], slice_no: int, untakeable: Untakeable) -> None:
    """Refuse those blocks of a slice whose rows cannot be written."""
    for (of_slice, number), error in untakeable.items():
        if of_slice == slice_no:
            blocks[number] = refused(blocks[number], Reason.FAILED_PROCESSING, error)


def content_hashes(folders: Iterable[Path]) -> dict[str, set[str]]:
    """The content hashes of each file's blocks, also of a file that is cut into slices."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder in folders:
        for file_id, content_hash in read_hashes(folder):
            found[file_id].add(content_hash)
    return found


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
        work.counts[f"articles_{outcome.outcome}"] += 1
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
    if verdict.outcome not in (ArticleOutcome.NEW, ArticleOutcome.NEW_VERSION):
        return outcome_row(work, block, verdict.outcome, verdict)
    work.stored[number] = verdict
    work.touched.add(verdict.article_id)
    prints = block_fingerprints(block)
    work.touched |= link_duplicates(
        verdict.article_id, verdict.version_no, prints, work.index, work.context.window_days
    )
    remember_lines(work.commit.ledger, verdict.article_id, block.line_keys)
    return outcome_row(work, block, final_outcome(work.index, verdict), verdict)


def final_outcome(index: Index, verdict: Verdict) -> ArticleOutcome:
    """A new article that copies a stored one is a near-duplicate; a new version stays one."""
    copies = any(version.duplicate_of for version in index.by_article(verdict.article_id))
    return ArticleOutcome.NEAR_DUPLICATE if copies and verdict.outcome is ArticleOutcome.NEW else verdict.outcome


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


def write_articles(work: SliceCommit) -> None:
    """Write the stored blocks with their mentions, then renew the rows of older versions whose links changed."""
    rows = list(stored_rows(work))
    check_stored(work.outcomes, rows)
    if not rows:
        return
    append_all(work.commit, ARTICLES.name, arrow_table(ARTICLES.row, rows))
    owners = dict(zip(work.stored, rows, strict=True))
    entities = mention_rows(ENTITIES.row, work.staged.entities, owners)
    locations = mention_rows(LOCATIONS.row, work.staged.locations, owners)
    check_mentions(rows, entities=entities.num_rows, locations=locations.num_rows)
    for table, mentions in ((ENTITIES, entities), (LOCATIONS, locations)):
        if mentions.num_rows:
            append_all(work.commit, table.name, mentions)
    new = {(row.article_id, row.version_no) for row in rows}
    renew_links(work.commit, work.index, work.touched, new)


def stored_rows(work: SliceCommit) -> Iterator[Article]:
    """The articles rows of the stored blocks, in the order of the slice."""
    entity_counts = block_counts(work.staged.entities)
    location_counts = block_counts(work.staged.locations)
    for number, verdict in work.stored.items():
        versions = work.index.by_article(verdict.article_id)
        (version,) = (v for v in versions if v.version_no == verdict.version_no)
        fail_commit_on(work.staged.blocks[number].text or "")
        yield article_row(
            work.staged.blocks[number],
            version,
            entity_count=entity_counts[number],
            location_count=location_counts[number],
            now=work.now,
            run_id=work.context.run_id,
            pipeline_id=work.context.pipeline_id,
        )


def block_counts(mentions: pa.Table) -> Counter[int]:
    """Mentions of each block."""
    return Counter(mentions["block"].to_pylist())
