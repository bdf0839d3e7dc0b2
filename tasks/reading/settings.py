"""What a user can set about reading, and nothing else that changes its outcome."""

from dataclasses import dataclass, field
from datetime import date

from tasks.reading.limits import ArchiveLimits

# Whole dumps of a year fit (20,000 articles are about 60 MB); a file is held in memory while it is read.
MAX_FILE_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """Settings of one run; equal settings and equal bytes give equal articles."""

    max_file_bytes: int = MAX_FILE_BYTES
    archives: ArchiveLimits = field(default_factory=ArchiveLimits)
    day_first: bool | None = None  # reads 03/04/2025: True as 3 April, False as March 4, None refuses it
    legacy_encoding: str | None = None  # reads files that are not Unicode; None finds out which encoding it is
    # Only the flag `future_date` looks at it, so it is no part of a pipeline's identity; None never flags.
    today: date | None = field(default=None, compare=False, repr=False)
