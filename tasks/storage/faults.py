"""Points at which a test can kill the program, to prove that a crash there loses and doubles nothing."""

import os
import signal

# Name of the point at which this process dies by SIGKILL; set only by tests.
KILL_AT = os.environ.get("NEWSMILL_KILL_AT")


def fault_point(name: str) -> None:
    """Die here when a test asked for it; otherwise nothing."""
    if name == KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)
