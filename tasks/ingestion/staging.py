"""What a batch leaves for its commit: three Arrow files a slice, nothing decided yet that depends on the warehouse."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import pyarrow as pa

from schemas.arrow import NOISE_SPAN, arrow_schema
from schemas.columns import NoiseSpan
from schemas.reasons import EnrichmentStatus, FileOutcome, Reason
from tasks.enrichment.mentions import EntityMention, PlaceMention
from tasks.identity.fingerprints import Fingerprints

UTC_INSTANT = pa.timestamp("us", tz="UTC")
NUMBERS = pa.list_(pa.int64())


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """One file of a batch; `path` is for showing, `folder` and `name` are its own bytes."""

    path: str
    folder: bytes
    name: bytes
    size_bytes: int
    modified_ns: int
    modified_at: datetime
    file_id: str | None
    outcome: FileOutcome
    reason: Reason | None
    detail: str | None
    article_count: int


FILE_SCHEMA = pa.schema(
    {
        "path": pa.string(),
        "folder": pa.binary(),
        "name": pa.binary(),
        "size_bytes": pa.int64(),
        "modified_ns": pa.int64(),
        "modified_at": UTC_INSTANT,
        "file_id": pa.string(),
        "outcome": pa.string(),
        "reason": pa.string(),
        "detail": pa.string(),
        "article_count": pa.int32(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedBlock:
    """One article block: refused with a reason, or read, cleaned and enriched."""

    file_id: str
    path: str
    source: str | None
    modified_at: datetime
    position_in_file: int
    reason: Reason | None
    detail: str | None
    published_date: date | None = None
    published_at: datetime | None = None
    headline: str | None = None
    standfirst: str | None = None
    text: str | None = None
    paragraph_count: int | None = None
    word_count: int | None = None
    language: str | None = None
    language_confidence: float | None = None
    byline: str | None = None
    dateline: str | None = None
    flags: Sequence[str] = ()
    noise: Sequence[NoiseSpan] = ()
    removed_lines: Sequence[str] = ()
    line_keys: Annotated[Sequence[int], "Lines near its ends, by their hash: where many articles repeat them."] = ()
    enrichment_status: EnrichmentStatus | None = None
    content_hash: str | None = None
    text_hash: str | None = None
    headline_key: str | None = None
    shingles: bytes | None = None
    numbers: bytes | None = None
    bands: Sequence[int] = ()


BLOCK_SCHEMA = pa.schema(
    {
        "file_id": pa.string(),
        "path": pa.string(),
        "source": pa.string(),
        "modified_at": UTC_INSTANT,
        "position_in_file": pa.int32(),
        "reason": pa.string(),
        "detail": pa.string(),
        "published_date": pa.date32(),
        "published_at": UTC_INSTANT,
        "headline": pa.string(),
        "standfirst": pa.string(),
        "text": pa.string(),
        "paragraph_count": pa.int32(),
        "word_count": pa.int32(),
        "language": pa.string(),
        "language_confidence": pa.float64(),
        "byline": pa.string(),
        "dateline": pa.string(),
        "flags": pa.list_(pa.string()),
        "noise": pa.list_(NOISE_SPAN),
        "removed_lines": pa.list_(pa.string()),
        "line_keys": NUMBERS,
        "enrichment_status": pa.string(),
        "content_hash": pa.string(),
        "text_hash": pa.string(),
        "headline_key": pa.string(),
        "shingles": pa.binary(),
        "numbers": pa.binary(),
        "bands": NUMBERS,
    }
)

# The keys of a mention are known only at the commit; until then `block` says which staged block it belongs to.
MENTION_KEYS = ("article_id", "version_no", "published_date", "pipeline_id")


def mention_schema(row: type) -> pa.Schema:
    """The columns of a mention before its article has an identity."""
    own = [field for field in arrow_schema(row) if field.name not in MENTION_KEYS]
    return pa.schema([pa.field("block", pa.int32()), *own])


def mention_table(row: type, mentions: Sequence[tuple[int, Sequence[EntityMention | PlaceMention]]]) -> pa.Table:
    """Mentions of blocks as a table, numbered within their block from 1."""
    schema = mention_schema(row)
    flat = [mention for _, of_block in mentions for mention in of_block]
    if not flat:
        return schema.empty_table()
    # Mentions are tuples: turned into columns at once, not name by name of each.
    columns: dict[str, Any] = dict(zip(flat[0]._fields, zip(*flat, strict=True), strict=True))
    columns["block"] = [block for block, of_block in mentions for _ in of_block]
    columns["mention_no"] = [number for _, of_block in mentions for number in range(1, len(of_block) + 1)]
    return pa.Table.from_arrays([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The part of a batch that one commit takes in."""

    files: list[StagedFile]
    blocks: list[StagedBlock]
    entities: pa.Table
    locations: pa.Table


def write_slice(folder: Path, staged: Slice) -> None:
    """Leave a slice in a new folder."""
    folder.mkdir(parents=True)
    write_arrow(folder / "files.arrow", row_table(FILE_SCHEMA, staged.files))
    write_arrow(folder / "blocks.arrow", row_table(BLOCK_SCHEMA, staged.blocks))
    write_arrow(folder / "entities.arrow", staged.entities)
    write_arrow(folder / "locations.arrow", staged.locations)


def read_slice(folder: Path) -> Slice:
    """The slice that `write_slice` left."""
    return Slice(
        files=read_files(folder),
        blocks=read_rows(folder / "blocks.arrow", StagedBlock),
        entities=read_arrow(folder / "entities.arrow"),
        locations=read_arrow(folder / "locations.arrow"),
    )


def read_files(folder: Path) -> list[StagedFile]:
    """The files of a slice alone."""
    return read_rows(folder / "files.arrow", StagedFile)


def read_hashes(folder: Path) -> list[tuple[str, str]]:
    """The (file_id, content_hash) of the articles of a slice alone."""
    blocks = read_arrow(folder / "blocks.arrow")
    pairs = zip(blocks["file_id"].to_pylist(), blocks["content_hash"].to_pylist(), strict=True)
    return [(file_id, content_hash) for file_id, content_hash in pairs if content_hash is not None]


def delete_slice(folder: Path) -> None:
    """Delete a slice, or all of a run's: committed, or never to be."""
    shutil.rmtree(folder, ignore_errors=True)


ENUM_COLUMNS = {"outcome": FileOutcome, "reason": Reason, "enrichment_status": EnrichmentStatus}


Staged = TypeVar("Staged", StagedFile, StagedBlock)


def read_rows(file: Path, row: type[Staged]) -> list[Staged]:
    """The rows of a staged table."""
    table = read_arrow(file)
    columns = [column_values(field.name, table[field.name]) for field in table.schema]
    return [row(**dict(zip(table.column_names, values, strict=True))) for values in zip(*columns, strict=True)]


def column_values(name: str, column: pa.ChunkedArray) -> list[Any]:
    """The values of a staged column as its row class has them."""
    if column.type == NUMBERS:
        # Cut out of one list: each number by itself takes pyarrow ten times as long.
        flat = column.combine_chunks()
        numbers, ends = flat.flatten().tolist(), flat.offsets.tolist()
        return [numbers[start:end] for start, end in pairwise(ends)]
    values: list[Any] = column.to_pylist()
    if name in ENUM_COLUMNS:
        return [None if value is None else ENUM_COLUMNS[name](value) for value in values]
    return values


def row_table(schema: pa.Schema, rows: Iterable[Any]) -> pa.Table:
    kept = list(rows)
    arrays = [pa.array([getattr(row, field.name) for row in kept], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def write_arrow(file: Path, table: pa.Table) -> None:
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_arrow(file: Path) -> pa.Table:
    with pa.OSFile(str(file), "rb") as source, pa.ipc.open_file(source) as reader:
        return reader.read_all()


def block_fingerprints(block: StagedBlock) -> Fingerprints:
    """The fingerprints of a block that was read."""
    assert block.content_hash and block.text_hash and block.headline_key is not None
    return Fingerprints(
        content_hash=block.content_hash,
        text_hash=block.text_hash,
        headline_key=block.headline_key,
        shingles=np.frombuffer(block.shingles or b"", np.uint32),
        numbers=np.frombuffer(block.numbers or b"", np.uint32),
        bands=tuple(block.bands),
    )
