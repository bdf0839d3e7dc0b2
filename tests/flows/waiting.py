"""Waiting for what happens in another process."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread


def wait_until(condition: Callable[[], object], limit_seconds: float = 60) -> None:
    """Return when the condition holds; TimeoutError after the limit."""
    deadline = time.monotonic() + limit_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("waited in vain")
        time.sleep(0.2)


def processes_below(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    children = [int(child) for thread in Path(f"/proc/{pid}/task").glob("*/children") for child in read(thread).split()]
    return children + [grandchild for child in children for grandchild in processes_below(child)]


def kill(pids: Iterable[int]) -> None:
    """End processes in the middle of their work."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def read(file: Path) -> str:
    """What a file of a thread holds; nothing once it has ended."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Something that is done in a thread during the block, and has to have succeeded."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001
            raised.append(error)

    thread = Thread(target=run)
    thread.start()
    yield
    thread.join()
    for error in raised:
        raise error
