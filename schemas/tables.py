"""The tables of the warehouse: row class, partition and order of each."""

from dataclasses import dataclass

from schemas.article import Article
from schemas.entity import Entity
from schemas.file import File
from schemas.location import Location
from schemas.outcome import Outcome
from schemas.quarantine import Quarantined
from schemas.run import Run

# Rises when a column is added; older Parquet then lacks it and reads as null.
SCHEMA_VERSION = 3

# DuckDB scans in units of row groups: 122,880 is its own default, articles are wide and take fewer.
ROW_GROUP_ROWS = 122_880
ARTICLE_ROW_GROUP_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its rows, the column whose month is its partition, and the order inside a file.

    `seldom_repeated` are columns that a file keeps as they are: a dictionary of them was larger, and slower to read.
    """

    name: str
    row: type
    partition: str
    partitioned_by: str
    order: tuple[str, ...]
    row_group_rows: int = ROW_GROUP_ROWS
    bloom_filters: tuple[str, ...] = ()
    seldom_repeated: tuple[str, ...] = ()


def published(
    name: str, row: type, *order: str, rows: int = ROW_GROUP_ROWS, seldom_repeated: tuple[str, ...] = ()
) -> Table:
    """A table partitioned by month of publication, with a bloom filter for looking up one article."""
    return Table(
        name=name,
        row=row,
        partition="published_month",
        partitioned_by="published_date",
        order=("published_date", "article_id", "version_no", *order),
        row_group_rows=rows,
        bloom_filters=("article_id",),
        seldom_repeated=seldom_repeated,
    )


def ingested(name: str, row: type, partitioned_by: str, *order: str, seldom_repeated: tuple[str, ...] = ()) -> Table:
    """A table partitioned by month of ingestion."""
    return Table(
        name=name,
        row=row,
        partition="ingested_month",
        partitioned_by=partitioned_by,
        order=(partitioned_by, *order),
        seldom_repeated=seldom_repeated,
    )


ARTICLES = published(
    "articles",
    Article,
    rows=ARTICLE_ROW_GROUP_ROWS,
    seldom_repeated=("article_id", "headline", "standfirst", "text", "content_hash"),
)
ENTITIES = published("entities", Entity, "mention_no")
LOCATIONS = published("locations", Location, "mention_no")
FILES = ingested("files", File, "first_seen_at", "path", seldom_repeated=("file_id", "path"))
OUTCOMES = ingested("outcomes", Outcome, "ingested_at", "file_id", "position_in_file", seldom_repeated=("article_id",))
QUARANTINE = ingested("quarantine", Quarantined, "first_seen_at", "path", "position_in_file")
RUNS = ingested("runs", Run, "started_at", "run_id")

TABLES: dict[str, Table] = {
    table.name: table for table in (ARTICLES, ENTITIES, LOCATIONS, FILES, OUTCOMES, QUARANTINE, RUNS)
}
