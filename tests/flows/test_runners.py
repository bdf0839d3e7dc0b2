"""The same tables whoever prepares the batches, also when one of them is killed in the middle."""

import os
import signal
import subprocess
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from prefect.client.orchestration import SyncPrefectClient

from flows.ingest import ingest
from flows.runners import work_pool
from tests.flows.delivery import BATCH
from tests.flows.pool import POOL, staged
from tests.flows.waiting import kill, meanwhile, processes_below, wait_until
from tests.ingestion.mill import Mill
from tests.ingestion.sameness import differences

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("default")]


def run_ingest(mill: Mill, **parameters: Any) -> dict[str, Any]:
    """One pass of the flow."""
    model = mill.settings.enrichment.model
    counts: dict[str, Any] = ingest(
        input_folder=str(mill.input),
        warehouse=str(mill.warehouse),
        model=model,
        **{"workers": 2, "batch_size": BATCH, **parameters},
    )
    return counts


def test_two_processes(prefect_api: str, mill: Mill, expected: Mill) -> None:
    run_ingest(mill)
    assert differences(expected, mill) == {}
    assert mill.broken() == []


def test_a_dask_cluster_of_this_machine_of_which_a_worker_is_killed(
    prefect_api: str, mill: Mill, expected: Mill
) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        wait_until(lambda: staged(mill))
        victim = next(child for child in active_children() if "Dask" in child.name)
        assert victim.pid
        os.kill(victim.pid, signal.SIGKILL)
        killed.append(victim.pid)

    with meanwhile(kill_one):
        run_ingest(mill, runner="dask")
    assert killed
    assert differences(expected, mill) == {}
    assert mill.broken() == []
    assert [child for child in active_children() if "Dask" in child.name] == []
    # Of the killed worker Prefect may know for ever that its last task is running: what it had not sent died with it.
    wait_until(lambda: "Completed" in task_states(prefect_api))
    assert "Failed" not in task_states(prefect_api)


def task_states(address: str) -> set[str | None]:
    """How the task runs of the newest flow run stand, some seconds late."""
    with SyncPrefectClient(address) as client:
        newest = max(client.read_flow_runs(), key=lambda run: str(run.created))
        return {run.state_name for run in client.read_task_runs() if run.flow_run_id == newest.id}


def test_a_dask_cluster_elsewhere_of_which_a_worker_is_killed(prefect_api: str, mill: Mill, expected: Mill) -> None:
    local: Any = LocalCluster
    with local(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        address = cluster.scheduler_address

        def kill_one() -> None:
            busy = cluster.scheduler.workers.values
            wait_until(lambda: staged(mill) and any(worker.processing for worker in busy()))
            victim = next(worker.address for worker in busy() if worker.processing)
            (pid,) = [nanny.pid for nanny in cluster.workers.values() if nanny.worker_address == victim]
            os.kill(pid, signal.SIGKILL)

        with meanwhile(kill_one):
            run_ingest(mill, runner="dask", dask_address=address)
    assert differences(expected, mill) == {}
    assert mill.broken() == []


def test_a_work_pool_in_which_a_batch_is_killed_and_another_with_its_worker(
    *,
    prefect_api: str,
    mill: Mill,
    expected: Mill,
    workers: list["subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work_pool, "SILENCE_SECONDS", 15.0)
    killed: list[int] = []

    def alive() -> set[Path]:
        return set((mill.warehouse / "tmp" / "runs").glob("*/*.alive"))

    def kill_two() -> None:
        wait_until(alive, limit_seconds=120)
        of_the_first = alive()
        kill(next(pids for worker in workers if (pids := processes_below(worker.pid))))
        wait_until(lambda: alive() - of_the_first, limit_seconds=120)
        worker = next(worker for worker in workers if processes_below(worker.pid))
        pids = processes_below(worker.pid)
        os.killpg(worker.pid, signal.SIGKILL)
        kill(pids)
        killed.extend(pids)

    with meanwhile(kill_two):
        run_ingest(mill, runner="pool", pool=POOL, batch_size=40)
    assert killed
    assert differences(expected, mill) == {}
    assert mill.broken() == []
