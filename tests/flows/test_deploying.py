"""Deployments as a server holds them: what their forms say and refuse, and `prefect.yaml` with a worker."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun

from flows.deployments import newsmill_deployments
from tests.flows.pool import PROJECT, start_worker
from tests.flows.waiting import wait_until
from tests.ingestion.mill import Mill, block, mill_at, words

pytestmark = pytest.mark.prefect

NAMES = ("ingest", "backfill", "maintain", "report")
DAYS = {"start": "2025-12-01", "end": "2025-12-31"}


def deployment(address: str, name: str) -> dict[str, Any]:
    """A deployment as the server's API gives it."""
    found: dict[str, Any] = httpx.get(f"{address}/deployments/name/{name}/{name}").raise_for_status().json()
    return found


def forget_deployments(address: str) -> None:
    with SyncPrefectClient(address) as client:
        for each in client.read_deployments():
            if each.name in NAMES:
                client.request("DELETE", "/deployments/{id}", path_params={"id": each.id})


@pytest.fixture(scope="module")
def served(prefect_api: str, tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[str]:
    """The deployments that `newsmill serve` registers; nobody runs them."""
    mill = mill_at(tmp_path_factory.mktemp("served"), model)
    for each in newsmill_deployments(mill.settings, every=timedelta(days=1), cron=None):
        each.apply()
    yield prefect_api
    forget_deployments(prefect_api)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_says_what_it_is(served: str, name: str) -> None:
    parameters = deployment(served, name)["parameter_openapi_schema"]["properties"]
    assert parameters
    assert [parameter for parameter, schema in parameters.items() if not schema.get("description")] == []


@pytest.mark.parametrize(
    ("name", "given", "parameter"),
    [
        ("backfill", {"end": "2025-12-01"}, "start"),
        ("backfill", DAYS | {"start": "yesterday"}, "start"),
        ("backfill", DAYS | {"stage": "read"}, "stage"),
        ("backfill", DAYS | {"dry_run": "perhaps"}, "dry_run"),
        ("ingest", {"workers": 0}, "workers"),
        ("ingest", {"batch_size": "many"}, "batch_size"),
        ("ingest", {"languages": ["german"]}, "languages"),
        ("ingest", {"runner": "spark"}, "runner"),
        ("ingest", {"warehouse": ""}, "warehouse"),
        ("report", {"output": ""}, "output"),
    ],
)
def test_the_server_refuses_a_run_with_a_wrong_parameter(
    served: str, name: str, given: dict[str, Any], parameter: str
) -> None:
    address = f"{served}/deployments/{deployment(served, name)['id']}/create_flow_run"
    answer = httpx.post(address, json={"parameters": given})
    assert answer.status_code == 409
    assert parameter in answer.json()["detail"]


def test_a_run_with_right_parameters_is_taken(served: str) -> None:
    given = DAYS | {"stage": "enrich", "languages": ["fr=fr_core_news_sm"], "workers": 2, "runner": None}
    address = f"{served}/deployments/{deployment(served, 'backfill')['id']}/create_flow_run"
    answer = httpx.post(address, json={"parameters": given})
    assert answer.status_code == 201
    httpx.delete(f"{served}/flow_runs/{answer.json()['id']}").raise_for_status()


def deploy_file(prefect_api: str, folder: Path) -> None:
    """Register the deployments of `prefect.yaml` as docs/operate.md says.

    From a folder of their own, so that what the schedule starts finds no input.
    """
    shutil.copytree(PROJECT / "flows", folder / "flows", dirs_exist_ok=True)
    shutil.copy(PROJECT / "prefect.yaml", folder)
    environment = os.environ | {"PREFECT_API_URL": prefect_api, "PYTHONPATH": str(PROJECT)}
    with SyncPrefectClient(prefect_api) as client:
        client.create_work_pool(WorkPoolCreate(name="newsmill", type="process"), overwrite=True)
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def schedules(address: str) -> dict[str, list[dict[str, Any]]]:
    """What each deployment is scheduled by."""
    found = {name: deployment(address, name)["schedules"] for name in NAMES}
    return {name: [schedule["schedule"] for schedule in each] for name, each in found.items()}


def pools(address: str) -> set[str | None]:
    """The work pools whose workers run the deployments."""
    return {deployment(address, name)["work_pool_name"] for name in NAMES}


def test_serve_takes_the_deployments_of_the_file_over_and_deploying_the_file_gives_them_back(
    prefect_api: str, tmp_path: Path, model: str
) -> None:
    settings = mill_at(tmp_path, model).settings
    try:
        deploy_file(prefect_api, tmp_path / "project")
        for each in newsmill_deployments(settings, every=timedelta(days=1), cron=None):
            each.apply()
        found = schedules(prefect_api)
        assert [schedule["interval"] for schedule in found["ingest"]] == [86400.0]
        assert [schedule["cron"] for schedule in found["maintain"]] == ["30 3 * * *"]
        assert pools(prefect_api) == {None}

        for each in newsmill_deployments(settings, every=timedelta(days=1), cron="0 6 * * *"):
            each.apply()
        assert [schedule["cron"] for schedule in schedules(prefect_api)["ingest"]] == ["0 6 * * *"]

        deploy_file(prefect_api, tmp_path / "project")
        assert [schedule["interval"] for schedule in schedules(prefect_api)["ingest"]] == [900.0]
        assert pools(prefect_api) == {"newsmill"}
    finally:
        forget_deployments(prefect_api)


@pytest.fixture
def deployed(prefect_api: str, tmp_path: Path) -> Iterator[str]:
    """The deployments of `prefect.yaml` and a worker for them."""
    deploy_file(prefect_api, tmp_path / "project")
    # An ingest that comes due would have the one that the test asks for cancelled.
    pause = f"{prefect_api}/deployments/{deployment(prefect_api, 'ingest')['id']}/pause_deployment"
    httpx.post(pause).raise_for_status()
    worker = start_worker("newsmill", tmp_path, prefect_api, "newsmill")
    yield prefect_api
    os.killpg(worker.pid, signal.SIGTERM)
    worker.wait(timeout=60)
    forget_deployments(prefect_api)


def test_the_deployments_of_the_file_are_scheduled_limited_tagged_and_run_by_a_worker(
    deployed: str, tmp_path: Path, model: str
) -> None:
    found = {name: deployment(deployed, name) for name in NAMES}
    assert [bool(each["schedules"]) for each in found.values()] == [True, False, True, False]
    assert {each["global_concurrency_limit"]["limit"] for each in found.values()} == {1}
    assert found["ingest"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert found["backfill"]["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert [each["tags"] for each in found.values()] == [["newsmill", name] for name in NAMES]
    assert all(each["parameter_openapi_schema"]["properties"]["warehouse"]["description"] for each in found.values())

    mill = Mill(settings=replace(mill_at(tmp_path, model).settings, warehouse=tmp_path / "news"))
    mill.put("one.txt", block("One", words(3)))
    assert last_run(deployed, "ingest", mill, input_folder=str(mill.input), model=model, workers=1).endswith(
        " · 1 file, 1 new article"
    )
    assert last_run(deployed, "backfill", mill, model=model, workers=1, **DAYS).endswith(
        " · 2025-12-01 to 2025-12-31 · 1 article, nothing differs"
    )
    assert last_run(deployed, "maintain", mill).endswith("all sound")
    assert " · page.html, " in last_run(deployed, "report", mill, output=str(tmp_path / "page.html"))


def is_over(run: FlowRun) -> bool:
    return run.state is not None and run.state.is_final()


def last_run(address: str, name: str, mill: Mill, **parameters: Any) -> str:
    """The name of a run of a deployment, once a worker has completed it."""
    given = {"warehouse": str(mill.warehouse), **parameters}
    with SyncPrefectClient(address) as client:
        run = client.create_flow_run_from_deployment(deployment(address, name)["id"], parameters=given)
        wait_until(lambda: is_over(client.read_flow_run(run.id)), limit_seconds=120)
        ended = client.read_flow_run(run.id)
    assert ended.state_name == "Completed", ended.state
    return ended.name
