"""Where a test's warehouse lies."""

from pathlib import Path

import pytest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a warehouse that does not exist yet."""
    return tmp_path / "data"
