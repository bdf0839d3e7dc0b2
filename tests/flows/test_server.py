"""Where a run is recorded, and that nothing of it outlives the command."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from flows.server import ADDRESS_FILE, configured_server, find_server, prefect_home
from flows.server_process import free_port, is_healthy, prefect_server
from schemas.errors import NewsmillError
from tests.flows.waiting import wait_until

RECORDED_RUN = """
import sys, time
from pathlib import Path
from flows.server import recording

with recording(Path(sys.argv[1])) as address:
    from prefect import flow, task

    @task(task_run_name="add one to {number}")
    def add_one(number: int) -> int:
        return number + 1

    @flow(name="adding")
    def adding(numbers: int, seconds: float) -> int:
        print(address, flush=True)
        time.sleep(seconds)
        return sum(add_one.submit(number).result() for number in range(numbers))

    print(adding(int(sys.argv[2]), float(sys.argv[3])), flush=True)
"""


def start_recorded_run(warehouse: Path, *, numbers: int = 3, seconds: float = 0) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-c", RECORDED_RUN, str(warehouse), str(numbers), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=environment | {"HOME": str(warehouse)},
    )


def recorded_states(warehouse: Path, table: str) -> list[str]:
    with sqlite3.connect(warehouse / "prefect" / "prefect.db") as database:
        return [state for (state,) in database.execute(f"SELECT state_name FROM {table}")]


@pytest.mark.prefect
def test_a_run_without_any_server_is_recorded_in_the_warehouse(tmp_path: Path) -> None:
    run = start_recorded_run(tmp_path, numbers=3)
    output, errors = run.communicate(timeout=240)

    address, total = output.split()
    assert (run.returncode, total) == (0, "6")
    assert "embedded" in errors
    assert recorded_states(tmp_path, "flow_run") == ["Completed"]
    assert recorded_states(tmp_path, "task_run") == ["Completed"] * 3
    assert not is_healthy(address)


@pytest.mark.prefect
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_is_stopped_takes_its_server_along(
    ending: signal.Signals, warehouse_with_database: Path
) -> None:
    run = start_recorded_run(warehouse_with_database, seconds=300)
    assert run.stdout
    address = run.stdout.readline().strip()
    run.send_signal(ending)
    run.communicate(timeout=60)

    wait_until(lambda: not is_healthy(address))
    assert recorded_states(warehouse_with_database, "flow_run") == ["Crashed"]


@pytest.mark.prefect
def test_a_killed_command_takes_its_server_along_and_the_next_one_marks_its_run(warehouse_with_database: Path) -> None:
    killed = start_recorded_run(warehouse_with_database, seconds=300)
    assert killed.stdout
    address = killed.stdout.readline().strip()
    killed.kill()
    killed.communicate(timeout=60)
    wait_until(lambda: not is_healthy(address))

    start_recorded_run(warehouse_with_database).communicate(timeout=240)

    assert sorted(recorded_states(warehouse_with_database, "flow_run")) == ["Completed", "Crashed"]


@pytest.mark.prefect
def test_two_runs_at_once_are_both_recorded(warehouse_with_database: Path) -> None:
    runs = [start_recorded_run(warehouse_with_database), start_recorded_run(warehouse_with_database)]
    outputs = [run.communicate(timeout=240)[0].split()[-1] for run in runs]

    assert outputs == ["6", "6"]
    assert recorded_states(warehouse_with_database, "flow_run") == ["Completed", "Completed"]


@pytest.mark.prefect
def test_a_configured_server_is_taken(prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)

    assert find_server(tmp_path) == prefect_api


@pytest.mark.prefect
def test_a_serving_newsmill_is_found_by_its_warehouse(
    prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL")
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    (tmp_path / ADDRESS_FILE).write_text(prefect_api)

    assert find_server(tmp_path) == prefect_api


def test_a_configured_server_that_is_silent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"http://127.0.0.1:{free_port()}/api"
    monkeypatch.setenv("PREFECT_API_URL", address)

    with pytest.raises(NewsmillError, match=address):
        configured_server()


def test_something_else_on_the_port_is_no_prefect_server() -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        assert not is_healthy(f"http://127.0.0.1:{other.server_port}/api", timeout_seconds=5)
        other.shutdown()


def test_prefect_keeps_its_files_inside_the_warehouse_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_HOME")
    assert prefect_home(tmp_path) == tmp_path / "prefect"

    monkeypatch.setenv("PREFECT_HOME", "/elsewhere")
    assert prefect_home(tmp_path) == Path("/elsewhere")


def test_a_port_where_something_else_answers_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(NewsmillError, match=f"Port {port} is taken"),
            prefect_server(tmp_path, settings={}, port=port),
        ):
            pass
