"""What a zip or tar archive says about one of its members."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.reasons import Reason
from tasks.reading.streams import Readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member as its archive describes it; `problem` says why it cannot be read."""

    name: str  # as os.fsdecode gives its bytes
    size_bytes: int  # as its archive says
    modified_s: float | None
    open: Callable[[], Readable] | None = None
    problem: tuple[Reason, str] | None = None
    is_alone: bool = False  # the one stream of a compressed file
