"""A desk for each test."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.identity.desk import Desk, new_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk that has seen nothing."""
    fresh = new_desk()
    with closing(fresh.index.ledger):
        yield fresh
