"""Waiting for what happens in another process."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], limit_seconds: float = 60) -> None:
    """Return when the condition holds; fail after the limit."""
    deadline = time.monotonic() + limit_seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)
