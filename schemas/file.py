"""The `files` table: one row per path and its bytes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from schemas.columns import BIGINT
from schemas.reasons import FileOutcome, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The latest standing of one (path, file_id)."""

    file_id: Annotated[str | None, "sha256 of the bytes; null when they were not read."]
    path: Annotated[
        str, "Path relative to the input, `archive!member` inside archives; bytes that are not UTF-8 appear as \\xNN."
    ]
    size_bytes: Annotated[int, "Size when read.", BIGINT]
    modified_at: Annotated[datetime, "Modification time of the file, UTC."]
    first_seen_at: Annotated[datetime, "When this path with these bytes was first met, UTC."]
    run_id: Annotated[str, "Run that gave the latest standing."]
    outcome: Annotated[FileOutcome, "What became of it."]
    reason: Annotated[Reason | None, "Why; null when read or duplicate."]
    detail: Annotated[str | None, "What exactly was found; null when there is nothing to add."]
    article_count: Annotated[int, "Article blocks read from it, refused ones included."]
