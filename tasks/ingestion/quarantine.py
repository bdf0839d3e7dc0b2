"""What stands in quarantine, for someone to look at: why, since when, how large, and the bytes themselves."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from schemas.errors import NewsmillError
from schemas.reasons import QuarantineStatus, Reason
from tasks.reading.extracts import find_block_bytes
from tasks.reading.names import is_archive
from tasks.reading.settings import ReadingSettings
from tasks.storage.layout import locate
from tasks.storage.opening import open_warehouse
from tasks.storage.raw import has_raw, read_raw


class Refusal(Protocol):
    """What a selection looks at."""

    @property
    def file_id(self) -> str | None: ...
    @property
    def path(self) -> str: ...
    @property
    def reason(self) -> Reason: ...
    @property
    def first_seen_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which refusals: all, or those of a reason, a file or days.

    A file is named by its path, an archive's for all its members, or by the beginning of its id; days are those on
    which a refusal was first seen, UTC, both included.
    """

    reason: Reason | None = None
    file: str | None = None
    since: date | None = None
    until: date | None = None

    def takes(self, refusal: Refusal) -> bool:
        """Whether a refusal is selected."""
        day = refusal.first_seen_at.date()
        return (
            (self.reason is None or refusal.reason == self.reason)
            and (self.file is None or is_named(refusal, self.file))
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )

    @property
    def is_everything(self) -> bool:
        """Whether nothing was named."""
        return self == Selection()


def is_named(refusal: Refusal, name: str) -> bool:
    """Whether a path, an archive's path or the beginning of an id means this refusal."""
    by_path = refusal.path == name or refusal.path.startswith(f"{name}!")
    return by_path or (refusal.file_id or "").startswith(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the view `refusals`; `file_id` is null when nothing was read, `position_in_file` for a whole file."""

    first_seen_at: datetime
    last_seen_at: datetime
    status: QuarantineStatus
    reason: Reason
    detail: str | None
    attempts: int
    path: str
    position_in_file: int | None
    file_id: str | None
    size_bytes: int | None


def list_refusals(
    warehouse: Path, selection: Selection, status: QuarantineStatus | None = QuarantineStatus.OPEN
) -> list[Entry]:
    """The selected refusals of a status, or of any, oldest first."""
    columns = [field.name for field in fields(Entry)]
    with open_warehouse(warehouse) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.view("refusals").order("first_seen_at, path, file_id, position_in_file")
        records = rows.select(*columns).to_arrow_table().to_pylist()
    entries = (
        Entry(**record | {"status": QuarantineStatus(record["status"]), "reason": Reason(record["reason"])})
        for record in records
    )
    return [entry for entry in entries if status in {None, entry.status} and selection.takes(entry)]


def refused_bytes(warehouse: Path, entry: Entry, reading: ReadingSettings | None = None) -> bytes:
    """The kept bytes of a refused file, or of the refused block; raises NewsmillError when there are none."""
    if not entry.file_id:
        raise NewsmillError(f"{entry.path} could not be read, so nothing of it is kept; {next_try(entry)}")
    if not has_raw(locate(warehouse), entry.file_id):
        raise NewsmillError(f"The bytes of {entry.path} are not kept: {missing_because(entry)}")
    data = read_raw(locate(warehouse), entry.file_id)
    return (
        data
        if entry.position_in_file is None
        else find_block_bytes(data, entry.position_in_file, reading or ReadingSettings())
    )


def next_try(entry: Entry) -> str:
    """When what could not be read is tried again: the next ingest passes by what it knows and could open."""
    if entry.reason is Reason.UNREADABLE:
        return "the next ingest tries again."
    archive, _, _ = entry.path.rpartition("!")
    changing = f"{archive} changes or is replayed" if is_archive(archive) else "it changes"
    return f"it is tried again when {changing}."


def missing_because(entry: Entry) -> str:
    """Why there are no bytes of a refusal that was read."""
    if entry.reason is Reason.FORGOTTEN or entry.status is QuarantineStatus.DISCARDED:
        return "they were taken down, or deleted after the refusal was discarded."
    return "they were deleted from the warehouse's folder."
