"""What the C library does with memory in a run that may take days."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# As malloc.h of glibc has them.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8


def share_one_heap() -> None:
    """Let all threads take their memory from one heap, from now on; elsewhere than with glibc nothing happens.

    By default each thread fills a heap of its own, and what one has freed no other can use. Threads here come and go, a
    few with every batch: joining 25 parts took 42 MB at its peak, with one heap 29, for the same time.
    """
    set_malloc(M_ARENA_MAX, 1)
    keep_blocks()


@contextmanager
def blocks_given_back() -> Iterator[None]:
    """Have blocks from a quarter of a megabyte up come from the system and go back to it at once, while this lasts.

    Commits and joins take blocks of all sizes, and what they left in the heap stayed: 14,000 articles took 387 MB with
    this and 410 without. For the recogniser's matrices the same would cost a tenth of its time.
    """
    set_malloc(M_TRIM_THRESHOLD, 128 << 10)
    set_malloc(M_MMAP_THRESHOLD, 256 << 10)
    try:
        yield
    finally:
        keep_blocks()


def keep_blocks() -> None:
    """What glibc comes to by itself in a process that frees large blocks: they stay in the heap for the next."""
    set_malloc(M_TRIM_THRESHOLD, 64 << 20)
    set_malloc(M_MMAP_THRESHOLD, 32 << 20)


def set_malloc(name: int, value: int) -> None:
    """One of malloc's settings, where there is glibc."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(name, value)
