"""A mill for each test."""

from pathlib import Path

import pytest

from tests.ingestion.mill import Mill, mill_at
from tests.reading.conftest import without_root_powers

__all__ = ["without_root_powers"]


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    """An empty input folder and no warehouse yet."""
    return mill_at(tmp_path)
