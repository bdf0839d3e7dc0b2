"""What is handed to a worker and what comes back: small, picklable, references instead of rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from schemas.reasons import Reason
from tasks.reading.discovery import FoundFile
from tasks.settings import Settings
from tasks.storage.layout import locate, scratch_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """Files to read together; `isolate` enriches article by article and refuses the one that fails."""

    run_id: str
    batch_no: int
    files: tuple[FoundFile, ...]
    settings: Settings
    isolate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedBatch:
    """Where the slices of a batch lie, and what they cost."""

    plan: "Plan"
    slices: tuple[Path, ...]
    files: int
    blocks: int
    words: int
    reading_seconds: float
    enriching_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedBatch:
    """A batch whose every attempt raised; `error` is the last one, in a line."""

    plan: "Plan"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A file of which some stored blocks are derived again; `seen_on` is the day it first arrived, UTC."""

    file_id: str
    path: str
    positions: tuple[int, ...]
    seen_on: date
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalPlan:
    """Stored files to derive again together, from their raw bytes or, with `reparse` off, from their stored text.

    `without` are the paths of parts that cannot be read.
    """

    run_id: str
    batch_no: int
    files: tuple[Renewal, ...]
    settings: Settings
    months: frozenset[str]
    reparse: bool
    isolate: bool = False
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One open refusal; `file_id` is '' when nothing was read, `position_in_file` None for the whole file."""

    file_id: str
    path: str
    position_in_file: int | None
    reason: Reason
    attempts: int
    first_seen_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPlan:
    """Refusals to read again together from their kept bytes."""

    run_id: str
    batch_no: int
    files: tuple[Refused, ...]
    settings: Settings
    isolate: bool = True


Plan = BatchPlan | RenewalPlan | ReplayPlan

# Answers each plan once, in any order, and pulls plans lazily: a few in flight bound memory and disk.
Answers = Iterator[PreparedBatch | FailedBatch]
Prepare = Callable[[Iterable[Plan]], Answers]


def slice_folder(plan: Plan, number: int) -> Path:
    """A folder that no other attempt at this batch uses."""
    attempt = f"{plan.batch_no:06d}-{number:04d}-{scratch_mark()}"
    return locate(plan.settings.warehouse).tmp / "runs" / plan.run_id / attempt
