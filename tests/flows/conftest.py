"""One real Prefect server for all tests of a session that need one, and a delivery for it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate

from benchmarks.tiny import write_tiny_pipeline
from flows.server import recorded_at
from flows.server_process import prefect_server
from tasks.storage.locks import locked
from tests.flows.delivery import BATCH, lay
from tests.flows.pool import POOL, start_worker
from tests.ingestion.mill import Mill, mill_at
from tests.ingestion.sameness import SAME

NO_PAGES = {"PREFECT_SERVER_UI_ENABLED": "false"}


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of Prefect's without a run, made once for all processes that test, as that takes ten seconds."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    database = shared / "prefect.db"
    with locked(shared / "prefect.lock"):
        if not database.exists():
            with prefect_server(shared / "prefect", settings=NO_PAGES):
                pass
            (shared / "prefect" / "prefect.db").rename(database)
    return database


# As long as the tests of this folder: a server that waits takes 250 MB and a fiftieth of a processor.
@pytest.fixture(scope="package")
def prefect_api(prefect_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the API of a server with scheduler; flows called in a test are recorded there."""
    home = lay_database(prefect_database, tmp_path_factory.mktemp("prefect"))
    with prefect_server(home, settings=NO_PAGES) as server, recorded_at(server.address):
        yield server.address


def lay_database(database: Path, home: Path) -> Path:
    """Make this the home of a server that has been there before."""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, home / "prefect.db")
    return home


@pytest.fixture
def warehouse_with_database(prefect_database: Path, tmp_path: Path) -> Path:
    """A warehouse in which Prefect has run before, without a run."""
    lay_database(prefect_database, tmp_path / "prefect")
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
