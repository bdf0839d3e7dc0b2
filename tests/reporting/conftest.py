"""A real warehouse on disk with one article in it, committed as newsmill commits."""

from pathlib import Path
from typing import Any

import pytest

from schemas.arrow import arrow_table
from schemas.tables import TABLES
from tasks.storage.commit import transaction
from tasks.storage.opening import writing
from tests.examples import article, entity, file, location, outcome, run


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a warehouse that holds one article with one mention of Leeds; tests only read it."""
    root = tmp_path_factory.mktemp("stored") / "ware'house"
    rows: dict[str, list[Any]] = {
        "articles": [article(entity_count=1, location_count=1)],
        "entities": [entity()],
        "locations": [location()],
        "files": [file()],
        "outcomes": [outcome()],
        "runs": [run()],
    }
    with writing(root) as (warehouse, ledger), transaction(warehouse, ledger, "ingest", "r1") as commit:
        for name, table_rows in rows.items():
            commit.append(name, arrow_table(TABLES[name].row, table_rows))
    return root
