"""`newsmill serve`: the deployments on their schedules, with a server of their own when none is configured."""

import asyncio
import fcntl
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flows.server import ADDRESS_FILE, announce, configured_server, free_all_dead_runs, prefect_home, recorded_at
from flows.server_process import free_port, prefect_server
from schemas.errors import NewsmillError, WrongUse
from tasks.settings import Settings

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner

LOCAL_PORT = 4200
POLL_SECONDS = 5.0
DEFAULT_EVERY = timedelta(minutes=15)


def serve(
    settings: Settings,
    *,
    every: timedelta | None = None,
    cron: str | None = None,
    port: int | None = None,
    say: Callable[[str], None] = announce,
) -> None:
    """Serve newsmill's deployments until SIGTERM or Ctrl-C, then stop the runs under way and the server.

    Args:
        settings: Folders, model and batches of the scheduled ingest.
        every: Interval between ingests; 15 minutes when there is no `cron` either.
        cron: A cron expression instead of an interval, in the server's time zone (UTC).
        port: Where an own server listens; otherwise 4200, or a free one when that is taken.
        say: Takes one sentence at a time for the user.
    """
    if every and cron:
        raise WrongUse("--every and --cron exclude each other.")
    if cron:
        _check_cron(cron)
    with serving(settings.warehouse, port=port, say=say):
        from flows.deployments import newsmill_deployments

        serve_deployments(newsmill_deployments(settings, every=every or DEFAULT_EVERY, cron=cron), say=say)


def _check_cron(cron: str) -> None:
    # Prefect would say so only after the server has started.
    from prefect.client.schemas.schedules import CronSchedule

    try:
        CronSchedule(cron=cron)
    except ValueError as error:
        raise WrongUse(f"--cron takes five fields such as '0 * * * *', not {cron!r}.") from error


@contextmanager
def serving(warehouse: Path, *, port: int | None = None, say: Callable[[str], None] = announce) -> Iterator[str]:
    """Yield the address of the API that deployments are registered at: a server that is there, or an own child."""
    home = prefect_home(warehouse)
    with _only_one(home), _api(home, port, say) as address:
        yield address


@contextmanager
def _api(home: Path, port: int | None, say: Callable[[str], None]) -> Iterator[str]:
    if (address := configured_server()) is not None:
        say(f"Serving at {address}.")
        with recorded_at(address):
            yield address
        return
    port = port or int(os.environ.get("PREFECT_SERVER_API_PORT") or free_port(LOCAL_PORT))
    say("Starting a Prefect server; the first time takes half a minute.")
    with prefect_server(home, port=port, settings={}) as server, _written(home / ADDRESS_FILE, server.address):
        say(f"Serving at {server.address}; its pages are at {server.address.removesuffix('/api')}")
        with recorded_at(server.address):
            if server.alone:
                free_all_dead_runs()
            yield server.address


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    # A second one would take the runs of the first for dead.
    home.mkdir(parents=True, exist_ok=True)
    with (home / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NewsmillError("`newsmill serve` is already running for this warehouse.") from error
        yield


@contextmanager
def _written(path: Path, address: str) -> Iterator[None]:
    path.write_text(address, encoding="ascii")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def serve_deployments(deployments: "Sequence[RunnerDeployment]", *, say: Callable[[str], None] = announce) -> None:
    """Register the deployments, free what dead runs of theirs hold, and run what comes due until a signal."""
    from prefect.runner import Runner

    from flows.janitor import free_dead_runs

    runner = Runner(name="newsmill", query_seconds=POLL_SECONDS, prefetch_seconds=POLL_SECONDS)
    registered = [cast("UUID", runner.add_deployment(deployment)) for deployment in deployments]
    if freed := free_dead_runs(registered):
        say(f"Marked {freed} unfinished runs of a process that is gone as crashed.")
    say("Serving the newsmill deployments; Ctrl-C stops. To run one now:")
    for deployment in deployments:
        say(f"  prefect deployment run '{deployment.flow_name}/{deployment.name}'")
    asyncio.run(_run_until_signal(runner))


async def _run_until_signal(runner: "Runner") -> None:
    loop = asyncio.get_running_loop()
    stopping: set[asyncio.Task[None]] = set()

    def stop(*_: object) -> None:
        # Called between two steps of the loop, which has to be woken.
        loop.call_soon_threadsafe(lambda: stopping.add(loop.create_task(runner.astop())))

    # Its own handler for SIGTERM leaves the middle of the loop and the runs under way without a final state.
    runner.handle_sigterm = stop  # type: ignore[method-assign]
    signal.signal(signal.SIGINT, stop)
    await runner.start()
    await asyncio.gather(*stopping)
