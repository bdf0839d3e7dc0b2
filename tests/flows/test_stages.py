"""Batches as Prefect tasks: retried, then isolated, whatever breaks them."""

import errno
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.context import SyncClientContext

from flows.runners.choosing import process_batches
from flows.server_process import free_port
from tasks.ingestion.batch import prepare_batch
from tasks.ingestion.ingesting import run_ingest
from tasks.ingestion.plans import BatchPlan, FailedBatch, Plan, PreparedBatch
from tasks.settings import Settings, load_settings
from tasks.stages import RETRIES, flow_run_id, name_run, progress_recorder, record_table
from tasks.storage.opening import open_warehouse
from tests.flows.waiting import wait_until

pytestmark = pytest.mark.prefect


def plan(batch_no: int) -> BatchPlan:
    return BatchPlan(run_id="run", batch_no=batch_no, files=(), settings=Settings())


def prepared(plan: Plan) -> PreparedBatch:
    return PreparedBatch(plan=plan, slices=(), files=0, blocks=0, words=0, reading_seconds=0.0, enriching_seconds=0.0)


def kill_the_process_at(batch_no: int, plan: Plan) -> PreparedBatch:
    if plan.batch_no == batch_no:
        os._exit(9)
    return prepared(plan)


def break_at(name: str, plan: Plan) -> PreparedBatch:
    if any(name in str(file.path) for file in plan.files if hasattr(file, "path")):
        raise RuntimeError(f"{name} breaks the program")
    return prepare_batch(plan)


def test_batches_are_pulled_as_workers_come_free(prefect_api: str) -> None:
    pulled: list[int] = []

    def plans() -> Iterator[BatchPlan]:
        for number in range(1, 11):
            pulled.append(number)
            yield plan(number)

    @flow(name="pulling")
    def pulling() -> int:
        with process_batches(prepared, workers=1) as answers:
            for answered, _ in enumerate(answers(plans()), 1):
                assert len(pulled) <= answered + 1
        return answered

    assert pulling() == 10


def test_a_worker_that_dies_costs_its_own_batch_alone(prefect_api: str) -> None:
    @flow(name="dying")
    def dying() -> list[PreparedBatch | FailedBatch]:
        with process_batches(partial(kill_the_process_at, 2), workers=2) as answers:
            return list(answers(plan(number) for number in range(1, 6)))

    answers = dying()
    (failed,) = [answer for answer in answers if isinstance(answer, FailedBatch)]

    assert sorted(answer.plan.batch_no for answer in answers) == [1, 2, 3, 4, 5]
    assert (failed.plan.batch_no, failed.error) == (2, "The worker process died, as when memory runs out.")


def fill_the_disk(_: Plan) -> PreparedBatch:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_the_run_and_is_no_files_fault(prefect_api: str, workers: int) -> None:
    @flow(name="filling")
    def filling() -> None:
        with process_batches(fill_the_disk, workers=workers) as answers:
            list(answers(plan(number) for number in range(1, 4)))

    with pytest.raises(OSError, match="No space left"):
        filling()


@pytest.mark.model
def test_a_batch_that_keeps_failing_is_retried_then_split_until_one_file_is_refused(
    prefect_api: str, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c", "bad", "d"):
        (tmp_path / "in" / f"{name}.txt").write_text(f" date 2025-12-01 News of {name}\nA line.\nMore of {name}.\n")
    settings = load_settings(
        input_folder=tmp_path / "in", warehouse=tmp_path / "wh", workers=1, batch_files=4, model="en_core_web_sm"
    )

    @flow(name="breaking")
    def breaking() -> str | None:
        with process_batches(partial(break_at, "bad"), workers=1) as answers:
            run_ingest(settings, answers, flow_run_id=flow_run_id())
        return flow_run_id()

    run_id = breaking()
    with open_warehouse(tmp_path / "wh") as connection:
        stored = connection.execute("SELECT headline FROM articles ORDER BY headline").fetchall()
        refused = connection.execute("SELECT path, reason, detail FROM quarantine").fetchall()

    def tries() -> set[tuple[str, int]]:
        with SyncPrefectClient(prefect_api) as client:
            return {(run.name, run.run_count) for run in client.read_task_runs() if str(run.flow_run_id) == run_id}

    assert stored == [("News of a",), ("News of b",), ("News of c",), ("News of d",)]
    assert refused == [("bad.txt", "failed_processing", "RuntimeError: bad breaks the program")]
    # Prefect writes down some seconds later what a task did.
    wait_until(lambda: ("enrich batch 1", RETRIES + 1) in tries())


def test_a_run_goes_on_when_its_server_is_away(prefect_api: str) -> None:
    @flow(name="telling")
    def telling() -> str:
        context = SyncClientContext.get()
        assert context
        client = context.client._client
        before, client.base_url = client.base_url, f"http://127.0.0.1:{free_port()}/api"
        try:
            progress_recorder()(0.5, "half")
            record_table([{"outcome": "read", "count": 1}], key="outcomes", description="")
            name_run("1 file")
        finally:
            client.base_url = before
        return "done"

    assert telling() == "done"
