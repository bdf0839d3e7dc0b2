"""Nothing is lost between the folder and the tables: what went in is counted against what comes out, before COMMIT."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from schemas.article import Article
from schemas.outcome import Outcome
from schemas.reasons import ArticleOutcome, EnrichmentStatus, FileOutcome
from tasks.ingestion.plans import BatchPlan, PreparedBatch
from tasks.ingestion.staging import Slice, StagedFile
from tasks.storage.commit import Transaction

# Blocks with these outcomes have a row of their own in articles.
STORED = {ArticleOutcome.NEW, ArticleOutcome.NEW_VERSION, ArticleOutcome.NEAR_DUPLICATE}
NAMED = 3  # of what is missing, so many are named


class BrokenCount(RuntimeError):
    """What was read and what was counted differ: a fault of the program; nothing is committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a batch set out with: its files by folder and name, None where a plan names none, and its blocks."""

    files: frozenset[tuple[bytes, bytes]] | None
    blocks: int


def expected_of(batch: PreparedBatch) -> Expected:
    """What the commit of a batch has to account for."""
    plan = batch.plan
    names = frozenset(split_path(file.path) for file in plan.files) if isinstance(plan, BatchPlan) else None
    return Expected(files=names, blocks=batch.blocks)


def split_path(path: str) -> tuple[bytes, bytes]:
    """Folder and name of a path of the input, as bytes."""
    folder, _, name = path.rpartition("/")
    return folder.encode("utf-8", "surrogateescape"), name.encode("utf-8", "surrogateescape")


@dataclass(slots=True)
class Tally:
    """What one commit has dealt with, over all slices of its batch."""

    files: set[tuple[bytes, bytes]] = field(default_factory=set)
    announced: dict[str, int] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    blocks: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)

    def add(self, staged: Slice) -> None:
        """Count what a slice brings; raises BrokenCount when it has a mention of a block that was not searched."""
        # A member of an archive has no name of its own in the folder: its archive was planned.
        self.files |= {(file.folder, file.name) for file in staged.files if file.name}
        for file in staged.files:
            self.announce(file)
        self.blocks.update(block.file_id for block in staged.blocks)
        self.paths.update({block.file_id: block.path for block in staged.blocks})
        check_mentioned(staged)

    def announce(self, file: StagedFile) -> None:
        """Note how many articles a file says it has."""
        if file.file_id and file.outcome is FileOutcome.READ:
            self.announced[file.file_id] = self.announced.get(file.file_id, 0) + file.article_count
            self.paths[file.file_id] = file.path

    def check(self, expected: Expected) -> None:
        """Raise BrokenCount unless every planned file and every block of it is accounted for."""
        if expected.files is not None:
            check_same_files(expected.files, self.files)
            self.check_announced()
        if self.blocks.total() != expected.blocks:
            raise BrokenCount(f"{expected.blocks} blocks were read, {self.blocks.total()} came to the commit")
        for file_id, count in self.blocks.items():
            if self.judged[file_id] != count:
                raise BrokenCount(f"{self.paths[file_id]}: {count} blocks read, {self.judged[file_id]} with an outcome")

    def check_announced(self) -> None:
        """Raise BrokenCount unless each file has as many blocks as it says."""
        for file_id in self.announced.keys() | self.blocks.keys():
            announced, found = self.announced.get(file_id, 0), self.blocks[file_id]
            if announced != found:
                raise BrokenCount(f"{self.paths[file_id]}: {announced} articles announced, {found} blocks found")


def check_same_files(planned: Collection[tuple[bytes, bytes]], settled: Collection[tuple[bytes, bytes]]) -> None:
    """Raise BrokenCount unless the files with an outcome are those that were planned."""
    for sentence, names in (
        ("planned files have no outcome", set(planned) - set(settled)),
        ("files have an outcome and were not planned", set(settled) - set(planned)),
    ):
        if names:
            shown = [repr(b"/".join(filter(None, name))) for name in sorted(names)[:NAMED]]
            raise BrokenCount(f"{len(names)} {sentence}: {', '.join(shown)}{' …' * (len(names) > NAMED)}")


def check_mentioned(staged: Slice) -> None:
    """Raise BrokenCount when a mention belongs to no block, or to one in which nobody looked."""
    searched = [n for n, block in enumerate(staged.blocks) if block.enrichment_status is EnrichmentStatus.DONE]
    for name, mentions in (("entities", staged.entities), ("locations", staged.locations)):
        strays = pc.invert(pc.is_in(mentions["block"], pa.array(searched, pa.int32())))
        if count := pc.sum(strays).as_py():
            raise BrokenCount(f"{count} {name} belong to no article that was searched")


def append_all(commit: Transaction, table: str, rows: pa.Table) -> None:
    """Add rows to a table; raises BrokenCount unless the parts written hold every one of them."""
    before = len(commit.added)
    commit.append(table, rows)
    written = sum(part.row_count for part in commit.added[before:])
    if written != rows.num_rows:
        raise BrokenCount(f"{rows.num_rows} rows for {table}, {written} in the parts written")


def check_stored(outcomes: Sequence[Outcome], rows: Sequence[Article]) -> None:
    """Raise BrokenCount unless every accepted block has its row."""
    accepted = sum(outcome.outcome in STORED for outcome in outcomes)
    if accepted != len(rows):
        raise BrokenCount(f"{accepted} blocks were accepted, {len(rows)} articles rows made of them")


def check_mentions(rows: Sequence[Article], *, entities: int, locations: int) -> None:
    """Raise BrokenCount unless the articles count as many mentions as are written."""
    for name, counted, written in (
        ("entities", sum(row.entity_count for row in rows), entities),
        ("locations", sum(row.location_count for row in rows), locations),
    ):
        if counted != written:
            raise BrokenCount(f"The articles count {counted} {name}, {written} are written")


def check_all_done(planned: int, done: int) -> None:
    """Raise BrokenCount unless every file that a run found has been through a commit."""
    if planned != done:
        raise BrokenCount(f"{planned} files were planned, {done} were dealt with")
