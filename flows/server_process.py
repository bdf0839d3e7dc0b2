"""A Prefect server as a child process, tuned, with its own database, that never outlives its parent."""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from schemas.errors import NewsmillError

HOST = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  a server bound so, by the user's setting, answers here too

# Two busy cores needed 28-38 s for an empty database; Prefect's own limit of 20 s failed every time.
STARTUP_LIMIT_SECONDS = 180.0
STOP_LIMIT_SECONDS = 20.0
PROBE_SECONDS = 0.3

# With one of these the database is shared with servers that know nothing of the lock in this folder.
DATABASE_VARIABLES = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that answers at `address`; `alone` when no other server uses its database."""

    address: str
    alone: bool


@contextmanager
def prefect_server(home: Path, *, settings: Mapping[str, str], port: int | None = None) -> Iterator[Server]:
    """Run a Prefect server as a child for the length of the block.

    The child ends with the block, and by itself when this process dies in any other way. `home` holds its database
    unless PREFECT_SERVER_DATABASE_CONNECTION_URL names another; what the user has set in the environment wins over
    the tuning here. Raises NewsmillError when it does not start, or when something listens at `port`.
    """
    if port and free_port(port) != port:
        # Another Prefect server there would answer in its place.
        raise NewsmillError(f"Port {port} is taken; name another with --port, or none to have a free one chosen.")
    home.mkdir(parents=True, exist_ok=True)
    with (home / "in-use.lock").open("w") as in_use:
        with _start_lock(home):
            alone = _is_alone(in_use)
            child, address = _start(home, port or free_port(), settings)
        try:
            yield Server(address=address, alone=alone)
        finally:
            _stop(child)


def _start(home: Path, port: int, settings: Mapping[str, str]) -> "tuple[subprocess.Popen[bytes], str]":
    host = os.environ.get("PREFECT_SERVER_API_HOST", HOST)
    address = f"http://{HOST if host in EVERYWHERE else host}:{port}/api"
    with (home / "server.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("server_child.py")), host, str(port)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=_server_environment(home, port, settings),
            start_new_session=True,
        )
    try:
        _wait_until_healthy(child, address, home)
    except BaseException:
        _stop(child)
        raise
    return child, address


def _server_environment(home: Path, port: int, settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    fixed = {"PREFECT_HOME": str(home), "PREFECT_SERVER_API_PORT": str(port), "PREFECT__SERVER_FINAL": "1"}
    return {**SERVER_SETTINGS, **inherited, **settings, **fixed}


@contextmanager
def _start_lock(home: Path) -> Iterator[None]:
    # Two servers that create the same database at once break each other's migrations.
    with (home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_alone(in_use: IO[str]) -> bool:
    # Every server holds this lock shared while it runs; the system takes it from a dead one.
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(in_use, fcntl.LOCK_SH)
        return False
    fcntl.flock(in_use, fcntl.LOCK_SH)
    return not any(os.environ.get(name) for name in DATABASE_VARIABLES)


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
