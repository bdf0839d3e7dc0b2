"""The ground tests stand on: no settings and no server of the user's, nothing left outside a temporary folder."""

import os
import signal
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

import flows.leaving  # noqa: F401  its import is its effect
from tests.s3_server import BUCKET, s3_server, variables

# The variables of ours that tell tests something: CI has a browser and strace, and wants them used.
KEPT = {"NEWSMILL_REQUIRE_BROWSER", "NEWSMILL_REQUIRE_TRACE"}

PREFECT_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # The default of 20 s is too short for an empty database on two cores (28-38 s measured).
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
}

FOLDER = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment before any module is imported: Prefect reads its settings then, and children inherit them."""
    for name in list(os.environ):
        if name.startswith(("NEWSMILL_", "PREFECT_")) and name not in KEPT:
            del os.environ[name]
    folder = tempfile.TemporaryDirectory(prefix="newsmill-tests-", ignore_cleanup_errors=True)
    config.stash[FOLDER] = folder
    os.environ.update(PREFECT_SETTINGS, PREFECT_HOME=str(Path(folder.name, "prefect")))
    os.environ["PYTHONPATH"] = str(Path(__file__).with_name("without_pandas"))
    # A shell ignores Ctrl-C for what it starts in the background, and children would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, or a processor waits at the end while the other finishes it."""
    items.sort(key=lambda item: item.get_closest_marker("prefect") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the temporary folder away."""
    config.stash[FOLDER].cleanup()


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of an S3 server, one a session."""
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def s3_store(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a test's warehouse may keep its files, with the environment that leads there; nothing is there yet."""
    for name, value in variables(s3_endpoint).items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"


@pytest.fixture(autouse=True)
def _same_environment_afterwards() -> Iterator[None]:
    """Fail no test for what an earlier one left in the environment."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)
