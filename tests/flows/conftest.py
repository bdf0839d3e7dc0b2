"""One real Prefect server for all tests of a session that need one, and a delivery for it."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate

from benchmarks.tiny import write_tiny_pipeline
from flows.server import recorded_at
from flows.server_process import prefect_server
from tests.flows.delivery import BATCH, lay
from tests.flows.pool import POOL, start_worker
from tests.ingestion.mill import Mill, mill_at
from tests.ingestion.sameness import SAME


@pytest.fixture(scope="session")
def prefect_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server of the session keeps its database."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_api(prefect_folder: Path) -> Iterator[str]:
    """Address of the API of a server with scheduler; flows called in a test are recorded there."""
    with (
        prefect_server(prefect_folder, settings={"PREFECT_SERVER_UI_ENABLED": "false"}) as server,
        recorded_at(server.address),
    ):
        yield server.address


@pytest.fixture
def warehouse_with_database(prefect_api: str, prefect_folder: Path, tmp_path: Path) -> Path:
    """A warehouse in which Prefect has run before, without a run: making its database takes some seconds."""
    (tmp_path / "prefect").mkdir()
    database = tmp_path / "prefect" / "prefect.db"
    with closing(sqlite3.connect(prefect_folder / "prefect.db")) as source, closing(sqlite3.connect(database)) as copy:
        source.backup(copy)
        for table in ("task_run", "flow_run"):
            copy.execute(f"DELETE FROM {table}")
        copy.commit()
    return tmp_path


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline that costs nothing."""
    return write_tiny_pipeline(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory, model: str) -> Mill:
    """What one process makes of the delivery."""
    mill = lay(mill_at(tmp_path_factory.mktemp("expected"), model))
    mill.ingest(batch_files=BATCH)
    assert all(mill.rows(query) for query in SAME.values())
    return mill


@pytest.fixture
def mill(tmp_path: Path, model: str) -> Mill:
    """The delivery, not taken in yet."""
    return lay(mill_at(tmp_path, model))


@pytest.fixture
def workers(prefect_api: str, tmp_path: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Two workers of the pool."""
    with SyncPrefectClient(prefect_api) as client:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"), overwrite=True)
    started = [start_worker(name, tmp_path, prefect_api) for name in ("first", "second")]
    yield started
    for worker in started:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
