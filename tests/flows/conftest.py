"""One real Prefect server for all tests of a session that need one."""

from collections.abc import Iterator

import pytest

from flows.server import recorded_at
from flows.server_process import prefect_server


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the API of a server with scheduler; flows called in a test are recorded there."""
    home = tmp_path_factory.mktemp("prefect")
    with prefect_server(home, settings={"PREFECT_SERVER_UI_ENABLED": "false"}) as server, recorded_at(server.address):
        yield server.address
