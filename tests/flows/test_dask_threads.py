"""Threads of one Dask worker, which share a model that is made for one at a time."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from flows.runners.dask_cluster import prepare_in_thread
from schemas.reasons import RunKind
from tasks.enrichment.fingerprint import pipeline_id
from tasks.ingestion.batch import prepare_batch
from tasks.ingestion.planning import plan_batches
from tasks.ingestion.plans import PreparedBatch
from tasks.ingestion.runs import recorded_run
from tasks.ingestion.staging import read_slice
from tasks.reading.discovery import find_files
from tasks.storage.opening import writing
from tests.flows.delivery import english
from tests.ingestion.mill import block, mill_at

THREADS = 4


@pytest.fixture
def _hurried() -> Iterator[None]:
    """Threads that take turns a hundred times as often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 100)
    yield
    sys.setswitchinterval(before)


def entities(batch: PreparedBatch) -> list[list[dict[str, object]]]:
    return [read_slice(folder).entities.to_pylist() for folder in batch.slices]


@pytest.mark.usefixtures("_hurried")
def test_threads_of_a_worker_find_what_one_finds(tmp_path: Path) -> None:
    mill = mill_at(tmp_path)
    for number in range(48):
        mill.put(f"{number:02d}.txt", block(*english(number)))
    settings = replace(mill.settings, batch_files=4, reading=replace(mill.settings.reading, today=date(2025, 12, 2)))
    with writing(mill.warehouse) as (warehouse, ledger), recorded_run(warehouse, ledger, RunKind.INGEST) as run:
        plans = list(plan_batches(find_files(mill.input), run.run_id, settings))
        with ThreadPoolExecutor(THREADS) as threads:
            prepare = partial(prepare_in_thread, pipeline_id(settings.enrichment))
            together = [entities(batch) for batch in threads.map(prepare, plans)]
        alone = [entities(prepare_batch(plan)) for plan in plans]
    assert all(found != [[]] for found in alone)
    assert together == alone
