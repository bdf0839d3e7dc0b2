"""A run whose worker died, at a server that was started anew since: it keeps no others from running for long."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, StateType
from prefect.states import Pending, Running

from flows.server_process import prefect_server
from tests.flows.conftest import NO_PAGES
from tests.flows.waiting import wait_until

pytestmark = pytest.mark.prefect

UNIT = Path(__file__).parents[2] / "docs/systemd/newsmill-server.service"
# A run that begins holds its place for five minutes, and says each four that it lives; half a minute is the least.
SHORT = {"PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "30", **NO_PAGES}


def settings_of_the_unit() -> dict[str, str]:
    """What docs/systemd gives the server of a work pool."""
    return dict(re.findall(r"^Environment=(PREFECT_\w+)=(\S+)$", UNIT.read_text(), re.MULTILINE))


def deployed(client: SyncPrefectClient) -> UUID:
    """A deployment of which one run may be under way, and a second one is cancelled."""
    return client.create_deployment(
        flow_id=client.create_flow_from_name("ingest"),
        name="ingest",
        concurrency_limit=1,
        concurrency_options=ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
    )


def begun(client: SyncPrefectClient, deployment_id: UUID) -> bool:
    """Whether a run of the deployment may begin; it goes on until somebody says something else."""
    run = client.create_flow_run_from_deployment(deployment_id)
    client.set_flow_run_state(run.id, Pending())
    state = client.read_flow_run(run.id).state
    assert state
    if state.type == StateType.CANCELLED:
        return False
    client.set_flow_run_state(run.id, Running())
    return True


def test_its_place_is_free_within_minutes(warehouse_with_database: Path) -> None:
    home = warehouse_with_database / "prefect"
    settings = settings_of_the_unit() | SHORT
    with prefect_server(home, settings=settings) as server, SyncPrefectClient(server.address) as client:
        deployment_id = deployed(client)
        assert begun(client, deployment_id)
    with prefect_server(home, settings=settings) as server, SyncPrefectClient(server.address) as client:
        assert not begun(client, deployment_id)
        wait_until(lambda: begun(client, deployment_id), limit_seconds=90)
