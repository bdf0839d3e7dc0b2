"""Workers of a work pool, and what batches leave while they are under way."""

import os
import subprocess
import sys
from pathlib import Path

from tests.ingestion.mill import Mill

PROJECT = Path(__file__).parents[2]
POOL = "mill"


def start_worker(name: str, folder: Path, address: str, pool: str = POOL) -> "subprocess.Popen[bytes]":
    """A worker of the pool as a user starts it, which works at one batch at a time."""
    environment = os.environ | {
        "PREFECT_API_URL": address,
        "PREFECT_HOME": str(folder),
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ["PYTHONPATH"]]),
    }
    command = ["worker", "start", "--pool", pool, "--type", "process", "--limit", "1", "--name", name]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "prefect", *command], env=environment, stdout=log, stderr=log, start_new_session=True
        )


def staged(mill: Mill) -> list[Path]:
    """Slices that wait for their commit."""
    return list((mill.warehouse / "tmp" / "runs").glob("*/*/files.arrow"))
