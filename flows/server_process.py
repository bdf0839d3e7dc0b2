"""A Prefect server as a child process, tuned, with its own database, that never outlives its parent."""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import NewsmillError

HOST = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  a server bound so, by the user's setting, answers here too

# Two busy cores needed 28-38 s for an empty database; Prefect's own limit of 20 s failed every time.
STARTUP_LIMIT_SECONDS = 180.0
STOP_LIMIT_SECONDS = 20.0
PROBE_SECONDS = 0.3

# One write per task run costs the server 57 ms and loses what is still queued when it stops; in batches 17 ms.
SERVER_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
}


@contextmanager
def prefect_server(home: Path, *, port: int | None = None, settings: dict[str, str]) -> Iterator[str]:
    """Run a Prefect server as a child and yield the address of its API.

    The child ends with the block, and by itself when this process dies in any other way. `home` holds its database
    unless PREFECT_SERVER_DATABASE_CONNECTION_URL names another; what the user has set in the environment wins.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    host = os.environ.get("PREFECT_SERVER_API_HOST", HOST)
    url = f"http://{HOST if host in EVERYWHERE else host}:{port}/api"
    environment = _server_environment(home, port, settings)
    with _start_lock(home), (home / "server.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("server_child.py")), host, str(port)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
        try:
            _wait_until_healthy(child, url, home)
        except BaseException:
            _stop(child)
            raise
    try:
        yield url
    finally:
        _stop(child)


def _server_environment(home: Path, port: int, settings: dict[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    fixed = {"PREFECT_HOME": str(home), "PREFECT_SERVER_API_PORT": str(port), "PREFECT__SERVER_FINAL": "1"}
    return SERVER_SETTINGS | inherited | settings | fixed


@contextmanager
def _start_lock(home: Path) -> Iterator[None]:
    # Two servers that create the same database at once break each other's migrations.
    with (home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wait_until_healthy(child: "subprocess.Popen[bytes]", url: str, home: Path) -> None:
    deadline = time.monotonic() + STARTUP_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise NewsmillError(f"The Prefect server stopped while starting; its log is {home / 'server.log'}.")
        if is_healthy(url, timeout_seconds=2):
            return
        time.sleep(0.1)
    raise NewsmillError(f"The Prefect server was not ready after {STARTUP_LIMIT_SECONDS:.0f} seconds.")


def _stop(child: "subprocess.Popen[bytes]") -> None:
    if child.stdin:
        child.stdin.close()
    child.terminate()
    try:
        child.wait(timeout=STOP_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def free_port(preferred: int | None = None) -> int:
    """The preferred port when nothing listens there, else one the system picks."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, preferred or 0))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])


def is_healthy(url: str, timeout_seconds: float = PROBE_SECONDS) -> bool:
    """Whether a Prefect API answers at `url` (which ends in /api)."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=timeout_seconds) as answer:
            return bool(answer.read(16).strip() == b"true")
    except (OSError, ValueError):
        return False
