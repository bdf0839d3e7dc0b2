"""A warehouse in which things used to arrive every day, and what it takes in after a silence."""

from datetime import UTC, datetime, timedelta

from schemas.arrow import arrow_table
from schemas.article import Article
from schemas.reasons import RunKind
from tasks.storage.commit import transaction
from tasks.storage.opening import writing
from tests.examples import article
from tests.ingestion.mill import Mill

PAST_DAYS = 20


def fall_silent(mill: Mill, source: str | None = None, days: int = 5) -> Mill:
    """Store an article a day, the last of them so many days ago."""
    now = datetime.now(UTC)
    arrivals = [
        article(article_id=f"{source}-{day}", first_seen_at=now - timedelta(days=day), source=source)
        for day in range(days, days + PAST_DAYS)
    ]
    with (
        writing(mill.warehouse) as (warehouse, ledger),
        transaction(warehouse, ledger, RunKind.INGEST, f"past-{source}", f"past/{source}") as commit,
    ):
        commit.append("articles", arrow_table(Article, arrivals))
    return mill
