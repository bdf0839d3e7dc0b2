"""Opening what lies below the input folder without ever following a link on the way."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

# O_NONBLOCK: a pipe put in a file's place must not hang the run; O_NOCTTY: nor a terminal take it over.
READ_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
READ_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


def open_below(root: str, path: str, flags: int) -> int:
    """A descriptor of `path` below `root`, opened one folder at a time so that a swapped-in link is refused.

    The names together may be longer than the system lets one path be. Raises `OSError`.
    """
    *folders, name = path.split("/") if path else ["."]
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            at, above = os.open(folder, READ_FOLDER, dir_fd=at), at
            os.close(above)
        return os.open(name, flags, dir_fd=at)
    finally:
        os.close(at)


@contextmanager
def opened_below(root: str, path: str, flags: int) -> Iterator[int]:
    """`open_below`, closed at the end."""
    descriptor = open_below(root, path, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
