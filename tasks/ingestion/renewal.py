"""What a backfill changes: staged blocks held against stored rows, and the one commit that replaces them."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow import arrow_table
from schemas.article import Article
from schemas.tables import ARTICLES, ENTITIES, LOCATIONS
from tasks.identity.clusters import cluster
from tasks.identity.duplicates import relink
from tasks.identity.index import Index, StoredVersion
from tasks.identity.lines import forget_marked, remember_lines
from tasks.identity.versions import DAY_ZERO, new_version
from tasks.ingestion.article_rows import article_row, mention_rows, month_of_day, renew_links
from tasks.ingestion.committing import block_counts
from tasks.ingestion.judging import RunContext, arrival
from tasks.ingestion.staging import Slice, StagedBlock, block_fingerprints, read_slice
from tasks.storage.commit import Transaction, transaction
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, instant, live_parts
from tasks.storage.parts import Filters, read_part

# What may differ without anything having changed.
IGNORED = {"ingested_at", "pipeline_id"}

RENEWED_TABLES = (ARTICLES.name, ENTITIES.name, LOCATIONS.name)

Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One stored version whose rows differ from what today's code derives; `block` is its number in the slice."""

    key: Key
    folder: Path
    block: int
    old_month: str
    headline: str
    run_id: str
    kinds: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Renewed:
    """The rows of one slice as they would stand today; articles by number of block."""

    articles: dict[int, Article]
    mentions: dict[str, pa.Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A slice held against what is stored: the versions it derives again, those of them that differ, what failed."""

    derived: frozenset[Key]
    changes: list[Change]
    failures: list[str]


def compare_slice(warehouse: Warehouse, ledger: sqlite3.Connection, folder: Path, context: RunContext) -> Comparison:
    """The versions of a slice that differ from their stored rows, and in what."""
    staged, index = read_slice(folder), Index(ledger)
    owners = owned_blocks(staged, index)
    stored = {name: stored_rows(warehouse, ledger, name, owners.values()) for name in RENEWED_TABLES}
    run_ids = {key: rows[0]["run_id"] for key, rows in stored[ARTICLES.name].items()}
    renewed = renewed_rows(staged, owners, run_ids, context)
    mentions = {name: rows_by_key(rows) for name, rows in renewed.mentions.items()}
    changes = []
    for number, version in owners.items():
        key = (version.article_id, version.version_no)
        kinds = article_differences(stored[ARTICLES.name][key][0], asdict(renewed.articles[number]))
        kinds += [name for name, rows in mentions.items() if unlike(stored[name].get(key, []), rows.get(key, []))]
        if kinds or stored[ARTICLES.name][key][0]["pipeline_id"] != context.pipeline_id:
            changes.append(
                Change(
                    key=key,
                    folder=folder,
                    block=number,
                    old_month=month_of_day(version.published_day),
                    headline=staged.blocks[number].headline or "",
                    run_id=run_ids[key],
                    kinds=tuple(kinds or ["pipeline_id alone"]),
                )
            )
    failures = [
        f"{block.path}, article {block.position_in_file}: {block.detail}" for block in staged.blocks if block.reason
    ]
    derived = frozenset((version.article_id, version.version_no) for version in owners.values())
    return Comparison(derived=derived, changes=changes, failures=failures)


def owned_blocks(staged: Slice, index: Index) -> dict[int, StoredVersion]:
    """The stored version that each block derives again."""
    found = {}
    for number, block in enumerate(staged.blocks):
        versions = index.select("file_id = ? AND position_in_file = ?", block.file_id, block.position_in_file)
        if versions and block.reason is None and is_free(block, versions[0], index):
            found[number] = versions[0]
    return found


def is_free(block: StagedBlock, version: StoredVersion, index: Index) -> bool:
    """Whether no other stored version has the block's new content; two rows must not become one."""
    other = index.by_content(block.content_hash or "")
    return other is None or (other.article_id, other.version_no) == (version.article_id, version.version_no)


def stored_rows(
    warehouse: Warehouse, ledger: sqlite3.Connection, table: str, versions: Collection[StoredVersion]
) -> dict[Key, list[dict[str, Any]]]:
    """The stored rows of these versions."""
    months = sorted({month_of_day(version.published_day) for version in versions})
    ids = pa.array([version.article_id for version in versions], pa.string())
    # Parts are sorted by day: of a large month only the row groups with these days are read.
    days = [DAY_ZERO + timedelta(days=version.published_day) for version in versions] or [DAY_ZERO]
    between: Filters = [("published_date", ">=", min(days)), ("published_date", "<=", max(days))]
    parts = (read_part(warehouse, part, None, between) for month in months for part in live_parts(ledger, table, month))
    found = [rows.filter(pc.is_in(rows["article_id"], ids)) for rows in parts]
    return rows_by_key(pa.concat_tables(found)) if found else {}


def rows_by_key(rows: pa.Table) -> dict[Key, list[dict[str, Any]]]:
    """Rows of each version, in their order."""
    found: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.to_pylist():
        found[row["article_id"], row["version_no"]].append(row)
    return found


def renewed_rows(
    staged: Slice, owners: Mapping[int, StoredVersion], run_ids: Mapping[Key, str], context: RunContext
) -> Renewed:
    """The rows of a slice as they would be stored now."""
    entity_counts, location_counts = block_counts(staged.entities), block_counts(staged.locations)
    now = datetime.now(UTC)
    articles = {
        number: article_row(
            staged.blocks[number],
            replace(version, content_hash=staged.blocks[number].content_hash or ""),
            entity_count=entity_counts[number],
            location_count=location_counts[number],
            now=now,
            run_id=run_ids[version.article_id, version.version_no],
            pipeline_id=context.pipeline_id,
        )
        for number, version in owners.items()
    }
    tables = ((ENTITIES, staged.entities), (LOCATIONS, staged.locations))
    return Renewed(articles=articles, mentions={t.name: mention_rows(t.row, rows, articles) for t, rows in tables})


def article_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the columns that differ, but for those that always may."""
    return sorted(name for name in after if name not in IGNORED and after[name] != before[name])


def unlike(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    """Whether the mentions of a version differ in anything but their pipeline."""

    def bare(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [{name: value for name, value in row.items() if name not in IGNORED} for row in rows]
        return sorted(kept, key=lambda row: int(row["mention_no"]))

    return bare(before) != bare(after)


def commit_renewals(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    changes: list[Change],
    context: RunContext,
    *,
    marked: Collection[tuple[int, str, int]] = (),
    damaged: Collection[Part] = (),
) -> int:
    """Replace the rows of every changed version, in all tables, in one commit; gives the number of versions.

    `marked` are the recurring lines that these rows mark now, each with its article and that one's number of versions;
    `damaged` the parts that go unread, because the changes hold all that they held.
    """
    with transaction(warehouse, ledger, context.kind, context.run_id, f"{context.run_id}/renew") as commit:
        commit.removed.extend(damaged)
        index = Index(ledger)
        renewed: list[Change] = []
        loosened: set[str] = set()
        rewritten: list[Key] = []
        lines: list[tuple[str, Sequence[int]]] = []
        for folder, of_folder in by_folder(changes):
            blocks = read_slice(folder).blocks
            for change in still_possible(of_folder, blocks, index):
                block = blocks[change.block]
                if index.version(change.key).content_hash != block.content_hash:
                    loosened |= renew_index(change.key, block, index, loosened)
                    rewritten.append(change.key)
                lines.append((change.key[0], block.line_keys))
                renewed.append(change)
        touched = {article_id for article_id, _ in rewritten} | relink(loosened, rewritten, index, context.window_days)
        for article_id, keys in lines:
            remember_lines(ledger, article_id, keys)
        drop_rows(commit, renewed)
        for folder, of_folder in by_folder(renewed):
            append_rows(commit, read_slice(folder), of_folder, index, context)
        renew_links(commit, index, touched, {change.key for change in renewed})
        forget_marked(ledger, marked)
    return len(renewed)


def still_possible(changes: list[Change], blocks: list[StagedBlock], index: Index) -> Iterator[Change]:
    """The changes that hold under the lock, with the month in which the version lies now.

    Since they were found a version may have been taken down or moved, or another one, perhaps of this very backfill,
    may have got the same content.
    """
    for change in changes:
        stored = index.select("article_id = ? AND version_no = ?", *change.key)
        if stored and is_free(blocks[change.block], stored[0], index):
            yield replace(change, old_month=month_of_day(stored[0].published_day))


def by_folder(changes: Iterable[Change]) -> Iterable[tuple[Path, list[Change]]]:
    folders: dict[Path, list[Change]] = defaultdict(list)
    for change in changes:
        folders[change.folder].append(change)
    return folders.items()


def drop_rows(commit: Transaction, changes: list[Change]) -> None:
    """Take the old rows of the changed versions out of their months."""
    months: dict[str, set[Key]] = defaultdict(set)
    for change in changes:
        months[change.old_month].add(change.key)
    for month, keys in sorted(months.items()):
        ids = {article_id for article_id, _ in keys}
        for table in RENEWED_TABLES:
            commit.rewrite(table, month, "article_id", ids, lambda rows, keys=keys: without(rows, keys))  # type: ignore[misc]


def without(rows: pa.Table, keys: set[Key]) -> pa.Table:
    """The rows whose version is none of these."""
    pairs = zip(rows["article_id"].to_pylist(), rows["version_no"].to_pylist(), strict=True)
    return rows.filter(pa.array([pair not in keys for pair in pairs], pa.bool_()))


def renew_index(key: Key, block: StagedBlock, index: Index, loosened: Collection[str]) -> set[str]:
    """Bring the index up to a version's new text; gives the articles of its cluster, whose links are to be found anew.

    Of a cluster that was given before (`loosened`) nothing is given again.
    """
    article_id, version_no = key
    members = set() if article_id in loosened else {version.article_id for version in cluster({article_id}, index)}
    before = index.version(key)
    # Blocks of one file may have been delivered again at different times, and the plan of a file has only one of them.
    renewed = replace(arrival(block), modified_at=instant(before.modified_us))
    fresh = new_version(renewed, article_id, [], before.first_seen_us)
    index.renew(replace(fresh, version_no=version_no), block_fingerprints(block).bands)
    newest = max(index.by_article(article_id), key=lambda version: version.currency)
    index.set_current(article_id, newest.version_no)
    return members


def append_rows(commit: Transaction, staged: Slice, changes: list[Change], index: Index, context: RunContext) -> None:
    """Append the new rows of the changed versions."""
    run_ids = {change.key: change.run_id for change in changes}
    owners = {change.block: index.select("article_id = ? AND version_no = ?", *change.key)[0] for change in changes}
    renewed = renewed_rows(staged, owners, run_ids, context)
    commit.append(ARTICLES.name, arrow_table(ARTICLES.row, renewed.articles.values()))
    for table, rows in renewed.mentions.items():
        if rows.num_rows:
            commit.append(table, rows)
