"""`newsmill serve` as a user runs it: what is scheduled happens, overlaps collapse, and it ends without a trace."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun

from flows.server_process import free_port
from tasks.storage.opening import open_warehouse
from tests.flows.conftest import NO_PAGES, lay_database
from tests.flows.waiting import is_alive, processes_below, wait_until

pytestmark = [pytest.mark.prefect, pytest.mark.model]

PROJECT = Path(__file__).parents[2]
# Shorter than a run takes to start, so that runs are bound to overlap.
EVERY = "4s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    process: "subprocess.Popen[str]"
    input_folder: Path
    warehouse: Path
    log: Path
    address: str

    def runs(self, flow: str) -> Sequence[FlowRun]:
        with SyncPrefectClient(self.address) as client:
            flow_id = client.read_flow_by_name(flow).id
            return [run for run in client.read_flow_runs() if run.flow_id == flow_id]

    def finished(self, flow: str) -> Sequence[FlowRun]:
        return [run for run in self.runs(flow) if run.state_name == "Completed"]

    def headlines(self) -> set[str]:
        with open_warehouse(self.warehouse) as connection:
            return {headline for (headline,) in connection.execute("SELECT headline FROM articles").fetchall()}

    def dump(self, headline: str) -> None:
        text = f" date 2025-12-01 {headline}\nMore in a line.\nAngela Merkel went to Paris on Monday.\n"
        (self.input_folder / f"{headline.lower()}.txt").write_text(text)


@pytest.fixture(scope="module")
def served(prefect_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    lay_database(prefect_database, folder / "wh" / "prefect")
    (folder / "in").mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-m", "flows.cli", "serve", "--every", EVERY, "--port", str(free_port())]
    command += ["--input", str(folder / "in"), "--warehouse", str(folder / "wh"), "--workers", "1"]
    command += ["--model", "en_core_web_sm"]
    log = folder / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdout=output,
            stderr=output,
            text=True,
            env=environment | {"HOME": str(folder), **NO_PAGES},
        )
    wait_until(lambda: process.poll() is not None or "newsmill deployments" in log.read_text(), limit_seconds=240)
    address = re.search(r"Serving at (\S+/api)", log.read_text())
    assert address, log.read_text()
    yield Served(
        process=process,
        input_folder=folder / "in",
        warehouse=folder / "wh",
        log=log,
        address=address.group(1),
    )
    process.kill()
    process.wait()


def test_a_scheduled_run_takes_in_a_new_file(served: Served) -> None:
    served.dump("Flood")
    wait_until(lambda: served.finished("ingest") and "Flood" in served.headlines(), limit_seconds=120)
    served.dump("Drought")
    wait_until(lambda: "Drought" in served.headlines())

    assert served.headlines() == {"Flood", "Drought"}
    assert all(run.auto_scheduled for run in served.finished("ingest"))
    assert any(run.name.endswith(" · 1 file, 1 new article") for run in served.finished("ingest"))


def test_overlapping_runs_collapse_to_one(served: Served) -> None:
    wait_until(lambda: len(served.finished("ingest")) > 2, limit_seconds=120)
    runs = sorted(served.finished("ingest"), key=lambda run: str(run.start_time))

    assert any(run.state_name == "Cancelled" and run.auto_scheduled for run in served.runs("ingest"))
    assert all(earlier.end_time <= later.start_time for earlier, later in pairwise(runs))  # type: ignore[operator]


def test_a_backfill_runs_by_its_deployment(served: Served) -> None:
    command = ["deployment", "run", "backfill/backfill", "-p", "start=2025-12-01", "-p", "end=2025-12-31", "--watch"]
    environment = os.environ | {"PREFECT_API_URL": served.address}
    run = subprocess.run(
        [sys.executable, "-m", "prefect", *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    (backfill,) = served.finished("backfill")
    assert "2025-12-01 to 2025-12-31" in backfill.name


def test_all_four_deployments_are_there(served: Served) -> None:
    with SyncPrefectClient(served.address) as client:
        deployments = {deployment.name: deployment for deployment in client.read_deployments()}

    assert set(deployments) == {"ingest", "backfill", "maintain", "report"}
    assert [bool(deployments[name].schedules) for name in ("ingest", "backfill", "maintain", "report")] == [
        True,
        False,
        True,
        False,
    ]


def test_a_second_serve_of_the_same_warehouse_is_refused(served: Served) -> None:
    command = [sys.executable, "-m", "flows.cli", "serve", "--input", str(served.input_folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    second = subprocess.run(
        [*command, "--warehouse", str(served.warehouse)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (second.returncode, second.stdout) == (1, "")
    assert "already running" in second.stderr


def spoken(log: str) -> str:
    """A log without what Python says when Prefect's signal handler raises inside a weak reference's callback."""
    return re.sub(r"Exception ignored in: .*\n(?:\s*\S*0x\w+>\n)?Traceback", "", log)


def test_serve_stops_cleanly_in_the_middle_of_a_run(served: Served) -> None:
    wait_until(lambda: any(run.state_name == "Running" for run in served.runs("ingest")))
    family = processes_below(served.process.pid)
    served.process.send_signal(signal.SIGTERM)

    assert served.process.wait(timeout=60) == 0, served.log.read_text()
    wait_until(lambda: not [pid for pid in family if is_alive(pid)], limit_seconds=60)
    assert "Traceback" not in spoken(served.log.read_text())
