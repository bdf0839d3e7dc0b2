"""Rows of articles, entities and locations once their article has an identity."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow import arrow_schema
from schemas.article import Article
from schemas.reasons import DuplicateKind, EnrichmentStatus
from tasks.identity.index import Index, StoredVersion
from tasks.identity.versions import DAY_ZERO
from tasks.ingestion.staging import StagedBlock
from tasks.storage.commit import Transaction
from tasks.storage.ledger import instant


def article_row(
    block: StagedBlock,
    version: StoredVersion,
    *,
    entity_count: int,
    location_count: int,
    now: datetime,
    run_id: str,
    pipeline_id: str,
) -> Article:
    """The articles row of a stored block."""
    assert block.published_date and block.headline is not None and block.text is not None
    return Article(
        article_id=version.article_id,
        version_no=version.version_no,
        is_current=version.is_current,
        file_id=block.file_id,
        position_in_file=block.position_in_file,
        published_date=block.published_date,
        published_at=block.published_at,
        headline=block.headline,
        standfirst=block.standfirst,
        text=block.text,
        paragraph_count=block.paragraph_count or 0,
        word_count=block.word_count or 0,
        language=block.language,
        language_confidence=block.language_confidence,
        byline=block.byline,
        dateline=block.dateline,
        content_hash=version.content_hash,
        duplicate_of=version.duplicate_of,
        duplicate_kind=DuplicateKind(version.duplicate_kind) if version.duplicate_kind else None,
        similarity=version.similarity,
        source=block.source,
        # Known when it was read and gone when it was committed: stored all the same, enriched by the next backfill.
        enrichment_status=block.enrichment_status or EnrichmentStatus.PENDING,
        entity_count=entity_count,
        location_count=location_count,
        flags=list(block.flags),
        noise=list(block.noise),
        removed_lines=list(block.removed_lines),
        first_seen_at=instant(version.first_seen_us),
        ingested_at=now,
        run_id=run_id,
        pipeline_id=pipeline_id,
    )


def mention_rows(row: type, staged: pa.Table, articles: Mapping[int, Article]) -> pa.Table:
    """The staged mentions of these articles (by block number), with their keys."""
    owner_of = pc.index_in(staged["block"], pa.array(list(articles), pa.int32()))
    kept, owner_of = staged.filter(owner_of.is_valid()), owner_of.drop_null()
    schema = arrow_schema(row)
    columns = [
        kept[field.name]
        if field.name in kept.column_names
        else pa.array([getattr(article, field.name) for article in articles.values()], field.type).take(owner_of)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def month_of_day(published_day: int) -> str:
    """The partition of a day counted from 1970-01-01."""
    # Not strftime, which writes the year 800 with three digits.
    return DAY_ZERO.fromordinal(DAY_ZERO.toordinal() + published_day).isoformat()[:7]


def renew_links(commit: Transaction, index: Index, article_ids: set[str], new: set[tuple[str, int]]) -> None:
    """Bring is_current and the duplicate columns of older rows up to the index, in the same commit."""
    months: dict[str, dict[tuple[str, int], StoredVersion]] = defaultdict(dict)
    for version in index.outlines_of(article_ids):
        if version.key not in new:
            months[month_of_day(version.published_day)][version.key] = version
    for month, versions in sorted(months.items()):
        ids = {article_id for article_id, _ in versions}
        commit.rewrite("articles", month, "article_id", ids, lambda rows, v=versions: with_links(rows, v))  # type: ignore[misc]


LINK_COLUMNS = ("is_current", "duplicate_of", "duplicate_kind", "similarity")


def with_links(rows: pa.Table, versions: Mapping[tuple[str, int], StoredVersion]) -> pa.Table:
    """The articles rows with the link columns of these versions replaced."""
    keys = list(zip(rows["article_id"].to_pylist(), rows["version_no"].to_pylist(), strict=True))
    for name in LINK_COLUMNS:
        values: list[Any] = rows[name].to_pylist()
        for position, key in enumerate(keys):
            if key in versions:
                values[position] = getattr(versions[key], name)
        field = rows.schema.field(name)
        rows = rows.set_column(rows.schema.get_field_index(name), field, pa.array(values, field.type))
    return rows
