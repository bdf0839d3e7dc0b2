"""Locks that the kernel releases when their holder dies, so that a kill -9 leaves none behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold an exclusive lock, waiting for it as long as it takes."""
    file.parent.mkdir(exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def locked_if_free(file: Path) -> Iterator[bool]:
    """Hold an exclusive lock when nobody else does; gives whether it is held."""
    try:
        file.parent.mkdir(exist_ok=True)  # somebody may have cleaned up tmp/
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    except OSError:  # a read-only warehouse cannot be locked, nor changed
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def is_locked(file: Path) -> bool:
    """Whether another program holds the lock; makes no file."""
    if not file.exists():
        return False
    with locked_if_free(file) as held:
        return not held and os.access(file, os.W_OK)
