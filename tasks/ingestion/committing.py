"""The commit of one batch: every file and block gets its outcome, under the writer lock, in one transaction."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from schemas.arrow import arrow_table
from schemas.article import Article
from schemas.reasons import Reason, RunKind
from schemas.tables import ARTICLES, ENTITIES, LOCATIONS, OUTCOMES
from tasks.identity.duplicates import Linking
from tasks.identity.index import Index
from tasks.ingestion.article_rows import article_row, mention_rows, renew_links
from tasks.ingestion.counting import Expected, Tally, append_all, check_mentions, check_stored
from tasks.ingestion.judging import RunContext, SliceCommit, judge_blocks
from tasks.ingestion.known import refused
from tasks.ingestion.staging import StagedBlock, read_hashes, read_slice
from tasks.ingestion.standings import Standings
from tasks.storage.commit import transaction
from tasks.storage.faults import fail_commit_on
from tasks.storage.layout import Warehouse
from tasks.storage.raw import delete_raw


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
    publishes: bool = True,
) -> Counter[str]:
    """Commit a batch, slice after slice in one commit; gives how many files and blocks had which outcome.

    Without `publishes` readers see it with the next commit that does.

    Raises BrokenCount when what comes out is not what went in, and TrialOver where a trial would have committed.
    """
    counts: Counter[str] = Counter()
    tally = Tally()
    taken_down: set[str] = set()
    found: dict[tuple[int | None, bytes, bytes], str | None] = {}
    key = f"{context.run_id}/{folders[0].name}" if folders else None
    with transaction(warehouse, ledger, context.kind, context.run_id, key, publishes=publishes) as commit:
        hashes = content_hashes(folders)
        for slice_no, folder in enumerate(folders):
            now = datetime.now(UTC)
            index = Index(ledger)
            staged = read_slice(folder)
            tally.add(staged)
            refuse_untakeable(staged.blocks, slice_no, untakeable or {})
            linking = Linking(index, context.window_days)
            work = SliceCommit(staged=staged, context=context, commit=commit, now=now, index=index, linking=linking)
            standings = Standings(
                commit,
                context.run_id,
                now,
                replay=context.kind == RunKind.REPLAY,
                input_id=context.input_id,
                found=found,
            )
            repeated = standings.settle_files(work.staged.files, counts)
            work.refuse_forgotten()
            tally.judged.update(judge_blocks(work, standings, repeated, hashes))
            work.settle_links()
            work.confirm_files()
            # Before the outcomes: it takes out those that replayed refusals had.
            standings.write()
            write_articles(work)
            if work.outcomes:
                append_all(commit, OUTCOMES.name, arrow_table(OUTCOMES.row, work.outcomes))
            counts.update(f"articles_{outcome.outcome}" for outcome in work.outcomes)
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


def write_articles(work: SliceCommit) -> None:
    """Write the stored blocks with their mentions, then renew the rows of older versions whose links changed."""
    rows = list(stored_rows(work))
    check_stored(work.outcomes, rows)
    if rows:
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
    ids = {verdict.article_id for verdict in work.stored.values()}
    versions = {version.key: version for version in work.index.outlines_of(ids)}
    for number, verdict in work.stored.items():
        version = versions[verdict.article_id, verdict.version_no]
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
