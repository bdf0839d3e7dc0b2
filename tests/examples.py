"""Valid rows for tests: each builder fills every column, a test names only the columns it is about."""

from dataclasses import fields
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from schemas.article import Article
from schemas.entity import Entity
from schemas.file import File
from schemas.location import Location
from schemas.outcome import Outcome
from schemas.quarantine import Quarantined
from schemas.reasons import (
    ArticleOutcome,
    EnrichmentStatus,
    FileOutcome,
    Level,
    QuarantineStatus,
    Reason,
    Role,
    RunKind,
    RunStatus,
    Section,
)
from schemas.run import Run

DAY = date(2025, 12, 1)
NOON = datetime(2025, 12, 1, 12, 0, tzinfo=UTC)
HEADLINE = "Flood closes bridge in Leeds"
STANDFIRST = "The river Aire rose two metres overnight."
BODY = "Ada Lovelace of Leeds City Council said the bridge would stay shut.\nRepairs begin on Friday."


def file_id(text: str = "dump.txt") -> str:
    """sha256 of a text, as the id of the file that holds it."""
    return sha256(text.encode()).hexdigest()


def article(*, body: str = BODY, **changes: Any) -> Article:
    """A current original in December 2025; `text` and `word_count` follow from headline, standfirst and `body`."""
    row: dict[str, Any] = {
        "article_id": "a1",
        "version_no": 1,
        "is_current": True,
        "file_id": file_id(),
        "position_in_file": 1,
        "published_date": DAY,
        "published_at": None,
        "headline": HEADLINE,
        "standfirst": STANDFIRST,
        "paragraph_count": body.count("\n") + 1,
        "language": "en",
        "language_confidence": 0.99,
        "byline": None,
        "dateline": None,
        "duplicate_of": None,
        "duplicate_kind": None,
        "similarity": None,
        "source": None,
        "noise": [],
        "removed_lines": [],
        "enrichment_status": EnrichmentStatus.DONE,
        "entity_count": 0,
        "location_count": 0,
        "flags": [],
        "first_seen_at": NOON,
        "ingested_at": NOON,
        "run_id": "r1",
        "pipeline_id": "p1",
    } | changes
    parts = [part for part in (row["headline"], row["standfirst"], body) if part is not None]
    row.setdefault("text", "\n".join(parts))
    row.setdefault("word_count", len(row["text"].split()))
    identity = f"{row['published_date']}\n{row['headline']}\n{row['text']}"
    row.setdefault("content_hash", sha256(identity.encode()).hexdigest())
    return Article(**row)


def entity(**changes: Any) -> Entity:
    """The mention "Leeds" in the headline of `article()`; `surface` changed alone keeps start and moves the end."""
    row: dict[str, Any] = {
        "article_id": "a1",
        "version_no": 1,
        "mention_no": 1,
        "start_char": 23,
        "section": Section.HEADLINE,
        "surface": "Leeds",
        "label": "GPE",
        "canonical_method": "own_name",
        "published_date": DAY,
        "pipeline_id": "p1",
    } | changes
    row.setdefault("end_char", row["start_char"] + len(row["surface"]))
    row.setdefault("canonical_name", row["surface"])
    row.setdefault("entity_id", sha256(f"{row['label']}:{row['canonical_name']}".encode()).hexdigest()[:16])
    return Entity(**row)


def location(**changes: Any) -> Location:
    """The place "Leeds" in the headline of `article()`, resolved to the English city."""
    row: dict[str, Any] = {
        "article_id": "a1",
        "version_no": 1,
        "mention_no": 1,
        "start_char": 23,
        "section": Section.HEADLINE,
        "surface": "Leeds",
        "geonames_id": 2644688,
        "place_name": "Leeds",
        "feature_class": "P",
        "feature_code": "PPL",
        "level": Level.CITY,
        "country_code": "GB",
        "admin1_code": "GB.ENG",
        "admin1_name": "England",
        "latitude_deg": 53.79648,
        "longitude_deg": -1.54785,
        "population": 455123,
        "confidence": 0.95,
        "method": "population",
        "role": Role.LITERAL,
        "runner_up_geonames_id": None,
        "unresolved_reason": None,
        "published_date": DAY,
        "pipeline_id": "p1",
    } | changes
    row.setdefault("end_char", row["start_char"] + len(row["surface"]))
    return Location(**row)


UNRESOLVED: dict[str, None] = dict.fromkeys(
    (
        "geonames_id",
        "place_name",
        "feature_class",
        "feature_code",
        "level",
        "country_code",
        "admin1_code",
        "admin1_name",
        "latitude_deg",
        "longitude_deg",
        "population",
        "confidence",
        "method",
    )
)


def unresolved(**changes: Any) -> Location:
    """A place mention without a gazetteer entry; give `unresolved_reason`."""
    return location(**(UNRESOLVED | {"unresolved_reason": "not_in_gazetteer"} | changes))


def file(**changes: Any) -> File:
    """A file that was read and held one article block."""
    row: dict[str, Any] = {
        "file_id": file_id(),
        "path": "dump.txt",
        "size_bytes": 512,
        "modified_at": NOON,
        "first_seen_at": NOON,
        "run_id": "r1",
        "outcome": FileOutcome.READ,
        "reason": None,
        "detail": None,
        "article_count": 1,
    }
    return File(**(row | changes))


def outcome(**changes: Any) -> Outcome:
    """The outcome `new` of the block that became `article()`."""
    row: dict[str, Any] = {
        "file_id": file_id(),
        "position_in_file": 1,
        "outcome": ArticleOutcome.NEW,
        "reason": None,
        "detail": None,
        "article_id": "a1",
        "version_no": 1,
        "run_id": "r1",
        "ingested_at": NOON,
    }
    return Outcome(**(row | changes))


def refused(**changes: Any) -> Outcome:
    """The outcome of a block that was refused because its date is no day."""
    refusal = {
        "outcome": ArticleOutcome.REFUSED,
        "reason": Reason.INVALID_DATE,
        "detail": "2025-02-30",
        "article_id": None,
        "version_no": None,
    }
    return outcome(**(refusal | changes))


def quarantined(**changes: Any) -> Quarantined:
    """An open refusal of the first block of a file, for its impossible date."""
    row: dict[str, Any] = {
        "file_id": file_id(),
        "path": "dump.txt",
        "position_in_file": 1,
        "reason": Reason.INVALID_DATE,
        "detail": "2025-02-30",
        "status": QuarantineStatus.OPEN,
        "attempts": 1,
        "first_seen_at": NOON,
        "last_seen_at": NOON,
    }
    return Quarantined(**(row | changes))


def run(**changes: Any) -> Run:
    """A finished ingest; every count is 0 unless named."""
    counts = {field.name: 0 for field in fields(Run) if field.name.startswith(("files_", "articles_"))}
    row: dict[str, Any] = {
        "run_id": "r1",
        "kind": RunKind.INGEST,
        "status": RunStatus.DONE,
        "started_at": NOON,
        "finished_at": NOON,
        "flow_run_id": None,
        "detail": None,
        "words": 0,
        "reading_seconds": 0.0,
        "enriching_seconds": 0.0,
        "storing_seconds": 0.0,
        "pipeline_id": "p1",
    }
    return Run(**(counts | row | changes))
