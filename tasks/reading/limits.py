"""How much an archive may unpack to, and how reading one stops."""

from dataclasses import dataclass
from typing import Annotated

from schemas.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """Limits of one archive with everything nested in it; counted while unpacking, whatever its headers say.

    An archive of the largest size that unpacks to all it may costs about a minute and no more memory than a small one.
    """

    max_archive_bytes: Annotated[int, "A dump of 2 million articles packs to about 1 GiB."] = 1 << 30
    max_unpacked_bytes: Annotated[int, "All members together; one member is bounded as any file is."] = 4 << 30
    max_ratio: Annotated[int, "News packs 3 to 10 times smaller, near-copies beside each other 50; bombs 1,000."] = 250
    ratio_from_bytes: Annotated[int, "What is this small harms nobody, however well it was packed."] = 64 << 20
    max_members: Annotated[int, "More are a commit of minutes; deliver them in several archives."] = 100_000
    max_depth: Annotated[int, "Archives in one another: a.zip!b.tar!c.gz!c is three deep."] = 3


class ArchiveRefused(Exception):
    """Unpacking ends here; what was read before stays."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class TooLarge(ArchiveRefused):
    """A member above the limit for one."""

    def __init__(self, limit: int) -> None:
        super().__init__(Reason.TOO_LARGE, f"more than {limit:,} bytes")


class Damaged(ArchiveRefused):
    """Bytes that are not as their format wants them."""

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.DAMAGED_ARCHIVE, detail)


@dataclass(slots=True, kw_only=True)
class Meter:
    """What one archive, with all that is nested in it, has unpacked to so far."""

    limits: ArchiveLimits
    archive_bytes: int
    unpacked_bytes: int = 0
    members: int = 0

    def add_bytes(self, count: int) -> None:
        """Count unpacked bytes. Raises `ArchiveRefused` when they are too many."""
        self.unpacked_bytes += count
        limits = self.limits
        if self.unpacked_bytes > limits.max_unpacked_bytes:
            raise too_large(f"unpacks to more than {limits.max_unpacked_bytes:,} bytes")
        beyond = self.unpacked_bytes > limits.ratio_from_bytes
        if beyond and self.unpacked_bytes > limits.max_ratio * self.archive_bytes:
            raise too_large(f"unpacks to more than {limits.max_ratio:,} times its {self.archive_bytes:,} bytes")

    def add_member(self) -> None:
        """Count one member. Raises `ArchiveRefused` when they are too many."""
        self.add_members(1)

    def add_members(self, count: int) -> None:
        """Count members. Raises `ArchiveRefused` when they are too many."""
        self.members += count
        if self.members > self.limits.max_members:
            raise too_large(f"more than {self.limits.max_members:,} members")


def too_large(detail: str) -> ArchiveRefused:
    """A limit was passed."""
    return ArchiveRefused(Reason.TOO_LARGE, detail)
