"""How fast a run goes and how long it will take: computed from how far it was and when."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """How far a run is; what there is in all is None until it has been counted."""

    files_planned: int
    files_done: int
    bytes_done: int
    articles: int
    words: int
    files_found: int | None
    bytes_found: int | None

    @property
    def share(self) -> float | None:
        """Which part of the bytes is dealt with, 0 to 1; None while nobody knows how many there are."""
        if self.bytes_found is None:
            return None
        return min(1.0, self.bytes_done / self.bytes_found) if self.bytes_found else 1.0


# Speed is that of the last minute, and of so many commits where a minute sees fewer.
WINDOW_SECONDS = 60.0
FEWEST_MARKS = 5


@dataclass(slots=True)
class Pace:
    """The speed of a run, from what `note` is told after each commit."""

    clock: Callable[[], float] = time.monotonic
    marks: deque[tuple[float, RunProgress]] = field(default_factory=deque)

    def note(self, progress: RunProgress) -> None:
        """Take down how far the run is, if it came further."""
        now = self.clock()
        if self.marks and self.marks[-1][1].files_done == progress.files_done:
            self.marks[-1] = (self.marks[-1][0], progress)
            return
        self.marks.append((now, progress))
        while len(self.marks) > FEWEST_MARKS and now - self.marks[0][0] > WINDOW_SECONDS:
            self.marks.popleft()

    def rate(self, name: str) -> float | None:
        """So many bytes, articles or words (the name of a field) a second; None before the first commit."""
        if len(self.marks) < 2:
            return None
        (start, before), (end, after) = self.marks[0], self.marks[-1]
        return float(getattr(after, name) - getattr(before, name)) / max(end - start, 1e-6)

    def seconds_left(self) -> float | None:
        """How long the rest will take at this speed; None while that cannot be told."""
        rate = self.rate("bytes_done")
        if not rate or not self.marks:
            return None
        at, progress = self.marks[-1]
        if progress.bytes_found is None:
            return None
        return max(0.0, (progress.bytes_found - progress.bytes_done) / rate - (self.clock() - at))

    def sentence(self) -> str:
        """Articles so far, speed and time left, as far as they are known: `1,200 articles · 31/s · … · 4 min left`."""
        articles = self.marks[-1][1].articles if self.marks else 0
        parts = [f"{articles:,} articles"]
        if (speed := self.rate("articles")) is not None:
            parts += [f"{rate_shown(speed)}/s", f"{self.rate('words'):,.0f} words/s"]
        if (left := self.seconds_left()) is not None:
            parts.append(f"{duration(left)} left")
        return " · ".join(parts)


@dataclass(slots=True)
class FilePace:
    """The speed of work that knows from the beginning how many files it has; it begins when this is made."""

    clock: Callable[[], float] = time.monotonic
    began_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.began_at = self.clock()

    def sentence(self, done: int, total: int) -> str:
        """Speed and time left: `12 files/s · 4 min left`; empty before the first file."""
        spent = max(self.clock() - self.began_at, 1e-6)
        if not done:
            return ""
        return f"{rate_shown(done / spent)} files/s · {duration(spent / done * (total - done))} left"


def rate_shown(rate: float) -> str:
    """A speed as it is told: `1,204`, `31`, and when it is slow `0.4`."""
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def duration(seconds: float) -> str:
    """A time that is told at a glance: `40 s`, `4 min`, `2 h 10 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
