"""Ctrl-C and SIGTERM: the first ends a command with everything committed so far kept, a second one at once."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import NewsmillError, is_interrupted_call

SIGNALS = (signal.SIGINT, signal.SIGTERM)

# `timeout` and some terminals send a signal twice in the same moment; a person does not.
SAME_MOMENT_SECONDS = 0.5

# What the last command was stopped by, and when.
received: dict[str, float] = {}


@contextmanager
def signals_end_commands() -> Iterator[None]:
    """Within the block both signals raise KeyboardInterrupt the first time and end the process the second."""
    received.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, stop)) for number in SIGNALS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def stop(number: int, _frame: object) -> None:
    """What a signal does; child processes end when they find this one gone."""
    now = time.monotonic()
    first = received.setdefault("at", now)
    received.setdefault("signal", number)
    if first == now:
        raise KeyboardInterrupt
    if now - first > SAME_MOMENT_SECONDS:
        os._exit(exit_code())


def is_stop(error: BaseException) -> bool:
    """Whether it is one of the signals, or what Prefect, DuckDB in a query or pydantic in a call makes of it."""
    names = {"KeyboardInterrupt", "TerminationSignal", "Abort"}
    return type(error).__name__ in names or is_interrupted_call(error)


class Stopped(NewsmillError):
    """A command was stopped by a signal; the text says what is kept."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code()


def exit_code() -> int:
    """What a shell is told of a command that was stopped: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + int(received.get("signal", signal.SIGINT))
