"""The `outcomes` table: one row per article block read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from schemas.reasons import ArticleOutcome, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one article block; (file_id, position_in_file) is unique."""

    file_id: Annotated[str, "sha256 of the file the block was read from."]
    position_in_file: Annotated[int, "Which block of the file, from 1."]
    outcome: Annotated[ArticleOutcome, "What became of it."]
    reason: Annotated[Reason | None, "Why it was refused; null otherwise."]
    detail: Annotated[str | None, "What exactly was found; null when there is nothing to add."]
    article_id: Annotated[str | None, "Article stored or repeated; null when refused."]
    version_no: Annotated[int | None, "Version stored or repeated; null when refused."]
    run_id: Annotated[str, "Run that gave this outcome."]
    ingested_at: Annotated[datetime, "When it was given, UTC."]
