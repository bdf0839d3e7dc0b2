"""The bytes of one file or archive member, or why they are not taken in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.reasons import FileOutcome, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """One file read whole, unchanged while it was read."""

    path: str
    file_id: str  # sha256 of data, hexadecimal
    data: bytes
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefusal:
    """One path that is skipped, refused or deferred; file_id and data are None when it was not read."""

    path: str
    outcome: FileOutcome
    reason: Reason
    detail: str | None
    size_bytes: int
    modified_at: datetime
    file_id: str | None = None
    data: bytes | None = None


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(modified_ns: int) -> datetime:
    """Nanoseconds since 1970 as a UTC time; a file's clock may show years that a calendar lacks."""
    try:
        return EPOCH + timedelta(microseconds=modified_ns // 1000)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if modified_ns > 0 else datetime.min.replace(tzinfo=UTC)
