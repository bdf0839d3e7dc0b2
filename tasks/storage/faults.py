"""Points at which a test can kill or fail the program, to prove that a fault there loses and doubles nothing."""

import os
import signal

# Name of the point at which this process dies by SIGKILL; set only by tests.
KILL_AT = os.environ.get("NEWSMILL_KILL_AT")


def fault_point(name: str) -> None:
    """Die here when a test asked for it; otherwise nothing."""
    if name == KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)


# Words that make the enrichment of an article, or writing its row, raise; set only by tests.
FAIL_ON = os.environ.get("NEWSMILL_FAIL_ON")
FAIL_COMMIT_ON = os.environ.get("NEWSMILL_FAIL_COMMIT_ON")


class InjectedFault(RuntimeError):
    """Raised because a test asked for it."""


def fail_on(text: str) -> None:
    """Raise when a test named words of this text; otherwise nothing."""
    if FAIL_ON and FAIL_ON in text:
        raise InjectedFault("a test asked for this failure")


def fail_commit_on(text: str) -> None:
    """Raise, as Arrow does for a value that it cannot hold, when a test named words of this text."""
    if FAIL_COMMIT_ON and FAIL_COMMIT_ON in text:
        raise InjectedFault("a test asked for this row to fail")
