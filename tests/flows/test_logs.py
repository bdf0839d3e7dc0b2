"""`newsmill serve --log-json`: Prefect's lines and those of the runs that it starts are JSON as well."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.waiting import wait_until
from tests.ingestion.mill import Mill

pytestmark = [pytest.mark.prefect]


def test_every_line_of_a_scheduled_run_is_an_object(prefect_api: str, mill: Mill, project: Path) -> None:
    folders = ["--input", str(mill.input), "--warehouse", str(mill.warehouse)]
    command = ["serve", "--every", "5s", "--workers", "1", "--model", mill.settings.enrichment.model, "--log-json"]
    log = mill.warehouse.parent / "serve.log"
    with log.open("w") as output:
        served = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", *command, *folders],
            cwd=project,
            env=os.environ | {"PREFECT_API_URL": prefect_api},
            stdout=output,
            stderr=output,
        )
        try:
            wait_until(lambda: served.poll() is not None or '"event": "run.ended"' in log.read_text(), 120)
            wait_until(lambda: "Completed()" in log.read_text())
            served.send_signal(signal.SIGTERM)
            assert served.wait(60) == 0
        finally:
            served.kill()
    told = [json.loads(line) for line in log.read_text().splitlines()]
    of_the_run = [line["event"] for line in told if line["run_id"] == mill.column("SELECT min(run_id) FROM runs")[0]]
    assert [of_the_run[0], of_the_run[-1]] == ["run.started", "run.ended"]
    assert "batch.committed" in of_the_run
    assert {line["logger"] for line in told} >= {"newsmill", "prefect.flow_runs", "prefect.task_runs"}
    assert any("flow_run_name" in line for line in told)
