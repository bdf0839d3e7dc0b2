"""Ctrl-C and SIGTERM in the middle of an ingest: a quick end, a sentence, nothing lost, and no process left."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasks.storage.layout import locate
from tasks.storage.locks import locked
from tests.flows.conftest import lay_database
from tests.flows.delivery import FILES
from tests.flows.waiting import is_alive, processes_below, wait_until
from tests.ingestion.mill import Mill
from tests.ingestion.sameness import differences

PROJECT = Path(__file__).parents[2]

# A quiet machine needs one to four; Prefect's own server takes most of it.
LIMIT_SECONDS = 120

WAYS = [
    pytest.param(signal.SIGINT, ["--direct", "--workers", "1"], id="Ctrl-C, one worker, direct"),
    pytest.param(signal.SIGINT, ["--direct", "--workers", "2"], id="Ctrl-C, two workers, direct"),
]
WITH_SERVER = [
    pytest.param(signal.SIGTERM, ["--workers", "2"], id="SIGTERM, two workers"),
    pytest.param(signal.SIGINT, ["--workers", "2", "--runner", "dask"], id="Ctrl-C, Dask"),
]


def start(mill: Mill, flags: list[str], **variables: str) -> "subprocess.Popen[str]":
    """An ingest in small batches, as a terminal starts it: in a process group of its own."""
    where = ["--input", str(mill.input), "--warehouse", str(mill.warehouse)]
    chosen = ["--batch-size", "2", "--model", mill.settings.enrichment.model]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "ingest", *where, *chosen, *flags],
        cwd=PROJECT,
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def check_ending(mill: Mill, expected: Mill, run: "subprocess.Popen[str]", ending: signal.Signals) -> None:
    """End a run after its first commits, as a terminal does, and go on from there."""
    wait_until(lambda: run.poll() is not None or commits(mill) > 2, limit_seconds=120)
    family = processes_below(run.pid)
    if ending is signal.SIGINT:
        os.killpg(run.pid, ending)
    else:
        run.send_signal(ending)
    started = time.monotonic()
    out, err = run.communicate(timeout=LIMIT_SECONDS)
    assert time.monotonic() - started < LIMIT_SECONDS
    assert (run.returncode, out) == (128 + ending, ""), err
    assert "Traceback" not in err
    told = re.search(r"newsmill: Stopped\. (\d+) files with (\d+) articles? committed, and kept; the next run", err)
    assert told, err
    wait_until(lambda: not [pid for pid in family if is_alive(pid)], limit_seconds=60)
    assert mill.column("SELECT DISTINCT status FROM runs") == ["interrupted"]
    assert int(told[1]) <= mill.column("SELECT count(*) FROM files")[0] < FILES
    assert not list((mill.warehouse / "tmp" / "runs").glob("*"))
    mill.ingest()
    left = differences(expected, mill)
    left.pop("runs", None)
    assert left == {}


def commits(mill: Mill) -> int:
    """So many commits have been shown."""
    return len(list((mill.warehouse / "store" / "files").glob("*/*.parquet")))


@pytest.mark.parametrize(("ending", "flags"), WAYS)
def test_an_ingest_that_is_stopped(mill: Mill, expected: Mill, ending: signal.Signals, flags: list[str]) -> None:
    check_ending(mill, expected, start(mill, flags), ending)


@pytest.mark.prefect
@pytest.mark.parametrize(("ending", "flags"), WITH_SERVER)
def test_an_ingest_that_is_stopped_while_a_server_records_it(
    prefect_api: str, mill: Mill, expected: Mill, ending: signal.Signals, flags: list[str]
) -> None:
    check_ending(mill, expected, start(mill, flags, PREFECT_API_URL=prefect_api), ending)


@pytest.mark.prefect
def test_an_ingest_that_is_stopped_takes_its_server_along(mill: Mill, expected: Mill, prefect_database: Path) -> None:
    lay_database(prefect_database, mill.warehouse / "prefect")
    check_ending(mill, expected, start(mill, ["--workers", "2"]), signal.SIGINT)


def test_a_second_ctrl_c_ends_at_once(mill: Mill) -> None:
    run = start(mill, ["--direct", "--workers", "2"])
    wait_until(lambda: commits(mill) > 2, limit_seconds=120)
    family = processes_below(run.pid)
    # It holds what the first Ctrl-C would wait for.
    with locked(locate(mill.warehouse).tmp / "writer.lock"):
        os.killpg(run.pid, signal.SIGINT)
        time.sleep(2)
        assert run.poll() is None
        os.killpg(run.pid, signal.SIGINT)
        run.communicate(timeout=60)
    assert run.returncode == 130
    wait_until(lambda: not [pid for pid in family if is_alive(pid)], limit_seconds=60)
    mill.ingest()
    assert mill.column("SELECT count(*) FROM files") == [FILES]
