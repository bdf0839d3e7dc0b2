"""The `quarantine` table: one row per refusal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from schemas.reasons import QuarantineStatus, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """One refused file or article block; its bytes are kept."""

    file_id: Annotated[str | None, "sha256 of the file's bytes; null when they could not be read."]
    path: Annotated[
        str, "Path relative to the input, `archive!member` inside archives; bytes that are not UTF-8 appear as \\xNN."
    ]
    position_in_file: Annotated[int | None, "Which block of the file, from 1; null when the whole file was refused."]
    reason: Annotated[Reason, "Why."]
    detail: Annotated[str | None, "What exactly was found; null when there is nothing to add."]
    status: Annotated[QuarantineStatus, "What has happened since."]
    attempts: Annotated[int, "How often it was tried, the first included."]
    first_seen_at: Annotated[datetime, "When it was first refused, UTC."]
    last_seen_at: Annotated[datetime, "When it was last tried, UTC."]
