"""Fixtures of the tests of reading."""

import ctypes
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The first example loads the language model, and other work shares the machine: a test of time measures CPU time.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

CAPABILITIES_VERSION_3 = 0x20080522
DAC_OVERRIDE, DAC_READ_SEARCH = 1, 2


class Head(ctypes.Structure):
    """The kernel's `cap_user_header_t`."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


Data = ctypes.c_uint32 * 6  # effective, permitted, inheritable; then the same for capabilities 32 and up


@pytest.fixture
def without_root_powers() -> Iterator[None]:
    """Root too is refused what the mode of a file forbids, for the length of one test."""
    libc = ctypes.CDLL(None, use_errno=True)
    head, data = Head(CAPABILITIES_VERSION_3, 0), Data()
    if os.geteuid() != 0:
        yield
        return
    assert libc.capget(ctypes.byref(head), data) == 0
    before = data[0]
    data[0] = before & ~(1 << DAC_OVERRIDE | 1 << DAC_READ_SEARCH)
    assert libc.capset(ctypes.byref(head), data) == 0
    try:
        yield
    finally:
        data[0] = before
        assert libc.capset(ctypes.byref(head), data) == 0
