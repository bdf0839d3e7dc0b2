"""A worker on another machine says so when it does not have before it what the run has."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.reasons import RunKind
from tasks.enrichment.fingerprint import pipeline_id
from tasks.ingestion.elsewhere import UnfitWorker, prepare_like
from tasks.ingestion.plans import BatchPlan
from tasks.ingestion.runs import recorded_run
from tasks.settings import Settings
from tasks.storage.address import OWNER
from tasks.storage.layout import locate
from tasks.storage.objects import objects_of
from tasks.storage.opening import writing


def empty_plan(root: Path, run_id: str) -> BatchPlan:
    return BatchPlan(run_id=run_id, batch_no=1, files=(), settings=Settings(warehouse=root))


@pytest.fixture(params=["beside", "far"])
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BatchPlan]:
    """A batch without files of a run under way, with the warehouse's files beside its ledger or on S3."""
    store = request.getfixturevalue("s3_store") if request.param == "far" else None
    root = tmp_path / "data"
    with writing(root, store) as (warehouse, ledger), recorded_run(warehouse, ledger, RunKind.INGEST) as run:
        yield empty_plan(root, run.run_id)


def prepare(plan: BatchPlan) -> int:
    return prepare_like(pipeline_id(plan.settings.enrichment), plan).files


def test_a_worker_that_sees_all_prepares_the_batch(plan: BatchPlan) -> None:
    assert prepare(plan) == 0


def test_another_warehouse_of_the_same_path_is_not_taken_for_the_one_of_the_run(plan: BatchPlan) -> None:
    with pytest.raises(UnfitWorker, match="one file system"):
        prepare(replace(plan, run_id="20260101T000000-of-another"))
    with pytest.raises(UnfitWorker, match="one file system"):
        prepare(replace(plan, settings=replace(plan.settings, warehouse=plan.settings.warehouse / "none")))


@pytest.mark.parametrize("plan", ["far"], indirect=True)
def test_another_s3_server_is_not_taken_for_the_one_of_the_run(plan: BatchPlan) -> None:
    objects_of(locate(plan.settings.warehouse)).delete(OWNER)
    with pytest.raises(UnfitWorker, match="does not reach the store"):
        prepare(plan)
