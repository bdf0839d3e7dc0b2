"""A small week of news: a corrected flood story, a copy of it, two older stories, and files that were refused."""

from datetime import UTC, date, datetime
from typing import Any

import duckdb

from tests.example_warehouse import memory_warehouse
from tests.examples import (
    article,
    entity,
    file,
    file_id,
    location,
    outcome,
    quarantined,
    refused,
    run,
    unresolved,
)

LATER = datetime(2025, 12, 3, 18, 0, tzinfo=UTC)
NOVEMBER = date(2025, 11, 20)
THIRD = date(2025, 12, 3)
PARIS: dict[str, Any] = {
    "surface": "Paris",
    "geonames_id": 2988507,
    "place_name": "Paris",
    "country_code": "FR",
    "admin1_code": "FR.11",
    "admin1_name": "Île-de-France",
    "latitude_deg": 48.85341,
    "longitude_deg": 2.3488,
    "section": "body",
}
ADA: dict[str, Any] = {"surface": "Ada Lovelace", "label": "PERSON", "start_char": 71, "section": "body"}
KING: dict[str, Any] = {"surface": "William King", "label": "PERSON", "start_char": 90, "section": "body"}

# a1 a flood in December, corrected once; a2 copies it; a3 and a4 two older stories; c.txt holds a refused block.
ARTICLES = [
    article(is_current=False, headline="Flood shuts bridge in Leeds", source="herald", entity_count=1),
    article(
        version_no=2,
        file_id=file_id("b"),
        source="herald",
        entity_count=4,
        location_count=3,
        flags=["short_body"],
        run_id="r2",
    ),
    article(
        article_id="a2",
        position_in_file=2,
        published_date=THIRD,
        duplicate_of="a1",
        duplicate_kind="near",
        similarity=0.91234,
        source="tribune",
        flags=["short_body", "future_date"],
    ),
    article(
        article_id="a3",
        position_in_file=3,
        published_date=NOVEMBER,
        headline="Ada Lovelace visits Paris",
        standfirst=None,
        entity_count=3,
        location_count=1,
        pipeline_id="p0",
        first_seen_at=LATER,
    ),
    article(
        article_id="a4",
        position_in_file=4,
        published_date=NOVEMBER,
        headline="Paris applauds",
        standfirst=None,
        language=None,
        language_confidence=None,
        enrichment_status="no_model",
    ),
]
ENTITIES = [
    entity(),
    entity(version_no=2),
    entity(version_no=2, mention_no=2, **ADA),
    entity(version_no=2, mention_no=3, surface="UN", label="ORG", start_char=200),
    entity(version_no=2, mention_no=4, **KING),
    entity(article_id="a3", published_date=NOVEMBER, **ADA),
    entity(
        article_id="a3",
        mention_no=2,
        published_date=NOVEMBER,
        canonical_name="Ada Lovelace",
        **ADA | {"surface": "Lovelace"},
    ),
    entity(article_id="a3", mention_no=3, published_date=NOVEMBER, **KING),
]
LOCATIONS = [
    location(version_no=2),
    location(version_no=2, mention_no=2, section="body", start_char=700, role="organisation"),
    unresolved(version_no=2, mention_no=3, surface="Nowhere", section="body", start_char=800),
    location(article_id="a3", published_date=NOVEMBER, **PARIS),
]
FILES = [
    file(article_count=4),
    file(path="b.txt", file_id=file_id("b"), modified_at=LATER),
    file(path="c.txt", file_id=file_id("c")),
    file(path="copy/b.txt", file_id=file_id("b"), outcome="duplicate"),
    file(path="photo.jpg", file_id=file_id("p"), outcome="refused", reason="binary", article_count=0),
    file(path=".hidden", file_id=None, outcome="skipped", reason="hidden", article_count=0),
]
OUTCOMES = [
    outcome(),
    outcome(file_id=file_id("b"), outcome="new_version", version_no=2, ingested_at=LATER, run_id="r2"),
    outcome(position_in_file=2, article_id="a2", outcome="near_duplicate"),
    outcome(position_in_file=3, article_id="a3"),
    outcome(position_in_file=4, article_id="a4"),
    refused(file_id=file_id("c")),
]
QUARANTINE = [
    quarantined(path="c.txt", file_id=file_id("c")),
    quarantined(
        path="photo.jpg", file_id=file_id("p"), position_in_file=None, reason="binary", detail=None, last_seen_at=LATER
    ),
    quarantined(path="d.txt", file_id=file_id("d"), status="discarded"),
]
RUNS = [
    run(run_id="r1", articles_new=3, articles_near_duplicate=1, articles_refused=1, files_read=2, files_refused=1),
    run(
        run_id="r2",
        started_at=LATER,
        finished_at=LATER.replace(second=2),
        files_read=1,
        articles_new_version=1,
        words=3000,
    ),
]


NEWS: dict[str, list[Any]] = {
    "articles": ARTICLES,
    "entities": ENTITIES,
    "locations": LOCATIONS,
    "files": FILES,
    "outcomes": OUTCOMES,
    "quarantine": QUARANTINE,
    "runs": RUNS,
}


def news_warehouse() -> duckdb.DuckDBPyConnection:
    """The warehouse that holds all of it."""
    return memory_warehouse(**NEWS)
