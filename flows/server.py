"""Where runs are recorded: a server the user has, or one that lives exactly as long as the command."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flows.server_process import is_healthy, prefect_server
from schemas.errors import NewsmillError

DRAIN_LIMIT_SECONDS = 5.0
LOCAL_ADDRESS = "http://127.0.0.1:4200/api"
ADDRESS_FILE = "server.url"

# Nothing here uses Prefect's blocks; registering them costs 4 s on an empty database.
EMBEDDED_SETTINGS = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
}
# The command has its own progress and its own sentences; Prefect's log lines still reach its server.
QUIET_SETTINGS = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}


def prefect_home(warehouse: Path) -> Path:
    """Folder of Prefect's own database and files: PREFECT_HOME when the user set it, else inside the warehouse."""
    return Path(os.environ.get("PREFECT_HOME") or warehouse / "prefect").expanduser().absolute()


def announce(line: str) -> None:
    """One sentence for the user, beside the output."""
    sys.stderr.write(f"{line}\n")


@contextmanager
def recording(warehouse: Path, say: Callable[[str], None] = announce) -> Iterator[str]:
    """Yield the address of the API that flow runs inside the block are recorded at.

    A configured server (PREFECT_API_URL, from the environment or Prefect's active profile) is taken, else one that
    answers on Prefect's local default, else this warehouse's `newsmill serve`; otherwise a server is started for the
    length of the block. Raises NewsmillError when a configured server does not answer or none can be started.
    """
    address = find_server(warehouse)
    if address is None:
        say("No Prefect server is running: recording this run with an embedded one, which takes some seconds.")
        with _embedded_server(prefect_home(warehouse)) as address, _without_heartbeat():
            yield address
    else:
        say(f"Recording this run at {address}.")
        with recorded_at(address, QUIET_SETTINGS), _without_heartbeat():
            yield address


@contextmanager
def _embedded_server(home: Path) -> Iterator[str]:
    started_at = datetime.now(UTC)
    with prefect_server(home, settings=EMBEDDED_SETTINGS) as server:
        try:
            with recorded_at(server.address, QUIET_SETTINGS):
                if server.alone:
                    free_all_dead_runs()
                yield server.address
        finally:
            _wait_until_recorded(server.address, started_at)


def free_all_dead_runs() -> int:
    """Mark unfinished runs of a server that was just started alone as crashed: nothing can be running them."""
    from flows.janitor import free_dead_runs

    return free_dead_runs()


def find_server(warehouse: Path) -> str | None:
    """Address of the API of a server that is already there, or None."""
    served = _written_address(prefect_home(warehouse))
    return configured_server() or (served if served and is_healthy(served) else None)


def configured_server() -> str | None:
    """Address in PREFECT_API_URL or Prefect's active profile, else Prefect's local default if it answers, else None.

    Raises NewsmillError when the configured one does not answer.
    """
    configured = os.environ.get("PREFECT_API_URL") or _profile_address()
    if configured:
        _check_answers(configured)
        return configured
    return LOCAL_ADDRESS if is_healthy(LOCAL_ADDRESS) else None


def _profile_address() -> str | None:
    with _environment(QUIET_SETTINGS):
        from prefect.settings import PREFECT_API_URL

        address = PREFECT_API_URL.value()
    return str(address) if address else None


def _written_address(home: Path) -> str | None:
    try:
        return (home / ADDRESS_FILE).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def _check_answers(url: str) -> None:
    try:
        urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=10).close()
    except urllib.error.HTTPError:
        return  # it answers; whether it lets us in is for Prefect to say
    except (OSError, ValueError) as error:
        raise NewsmillError(
            f"No Prefect server answers at {url}, the address in PREFECT_API_URL or Prefect's active profile"
            f" ({error}). Start it, unset the address, or run without Prefect: --direct."
        ) from error


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def recorded_at(address: str, settings: Mapping[str, str] | None = None) -> Iterator[None]:
    """Within the block Prefect in this process, and in those it starts, records at this address."""
    from prefect.context import refresh_global_settings_context

    with _environment({"PREFECT_API_URL": address, **(settings or {})}):
        # Prefect reads the environment once, when it is first imported.
        refresh_global_settings_context()
        try:
            yield
        finally:
            drain()


@contextmanager
def _without_heartbeat() -> Iterator[None]:
    # A synchronous flow waits a second for its heartbeat thread when it ends; nothing watches the heartbeat here.
    from prefect.settings import temporary_settings

    with temporary_settings(updates={"flows.heartbeat_frequency": None}):
        yield


def drain() -> None:
    """Wait until events and logs, which leave in background threads, have left."""
    # A server that stops first would lose the end of the run.
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    EventsWorker.drain_all(timeout=DRAIN_LIMIT_SECONDS, at_exit=False)
    APILogWorker.drain_all(timeout=DRAIN_LIMIT_SECONDS, at_exit=False)


def _wait_until_recorded(url: str, started_at: datetime) -> None:
    # The server takes task states from memory in batches and forgets the rest when it stops.
    unfinished = {
        "flow_runs": {"start_time": {"after_": started_at.isoformat()}},
        "task_runs": {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}},
    }
    deadline = time.monotonic() + DRAIN_LIMIT_SECONDS
    while time.monotonic() < deadline and _post(f"{url}/task_runs/count", unfinished) != 0:
        time.sleep(0.1)


def _post(url: str, body: object) -> object:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=DRAIN_LIMIT_SECONDS) as answer:
        return json.load(answer)
