"""How reading says no: to a whole file, or to one article block of it."""

from dataclasses import dataclass

from schemas.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRefusal:
    """Nothing of the file is taken in."""

    reason: Reason
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRefusal:
    """One block of a file is not taken in; its neighbours are."""

    position_in_file: int
    reason: Reason
    detail: str | None = None
