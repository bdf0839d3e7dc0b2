"""A backfill by workers elsewhere gives the same rows as one by this process, also when one of them is killed."""

import re
import subprocess
from dataclasses import replace
from datetime import date
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient

from benchmarks.tiny import PLACES, write_tiny_pipeline
from flows.backfill import backfill
from flows.runners import work_pool
from schemas.errors import NewsmillError
from tasks.enrichment.settings import EnrichmentSettings
from tasks.ingestion.backfilling import checked_range, run_backfill
from tasks.ingestion.preparing import prepare_here
from tests.flows.delivery import BATCH, lay
from tests.flows.pool import POOL, staged
from tests.flows.waiting import kill, meanwhile, processes_below, wait_until
from tests.ingestion.mill import Mill, mill_at
from tests.ingestion.sameness import differences

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("default")]

ALWAYS = (date(1990, 1, 1), date(2090, 12, 31))


@pytest.fixture(scope="session")
def later_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline that knows other places."""
    folder = tmp_path_factory.mktemp("later") / "tiny"
    return write_tiny_pipeline(folder, [*PLACES[::2], "the minister"], version="2.0.0")


@pytest.fixture(scope="session")
def renewed(tmp_path_factory: pytest.TempPathFactory, model: str, later_model: str) -> Mill:
    """What one process makes of a backfill of the whole delivery."""
    mill = lay(mill_at(tmp_path_factory.mktemp("renewed"), model))
    mill.ingest(batch_files=BATCH)
    settings = replace(mill.settings, enrichment=EnrichmentSettings(model=later_model), batch_files=BATCH)
    assert run_backfill(settings, checked_range(*ALWAYS), prepare_here).changes
    return mill


@pytest.fixture
def stored(mill: Mill) -> Mill:
    """The delivery, taken in as it was known then."""
    mill.ingest(batch_files=BATCH)
    return mill


def run_flow(mill: Mill, model: str, **parameters: Any) -> dict[str, Any]:
    """The flow over everything stored."""
    start, end = ALWAYS
    chosen = {"workers": 2, "batch_size": BATCH, **parameters}
    changes: dict[str, Any] = backfill(start=start, end=end, warehouse=str(mill.warehouse), model=model, **chosen)
    return changes


def left_behind(mill: Mill) -> list[Path]:
    """What lies where batches wait for their commit."""
    return list((mill.warehouse / "tmp" / "runs").glob("*"))


def test_a_dask_cluster_of_which_a_worker_is_killed(
    prefect_api: str, stored: Mill, renewed: Mill, later_model: str
) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        wait_until(lambda: staged(stored))
        victim = next(child for child in active_children() if "Dask" in child.name)
        assert victim.pid
        kill([victim.pid])
        killed.append(victim.pid)

    with meanwhile(kill_one):
        run_flow(stored, later_model, runner="dask")
    assert killed
    assert differences(renewed, stored) == {}
    assert stored.broken() == []
    assert left_behind(stored) == []


def test_a_work_pool_changes_nothing_in_a_dry_run_and_everything_although_a_batch_is_killed(
    *,
    prefect_api: str,
    stored: Mill,
    expected: Mill,
    renewed: Mill,
    later_model: str,
    workers: list["subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work_pool, "SILENCE_SECONDS", 15.0)
    changes = run_flow(stored, later_model, runner="pool", pool=POOL, batch_size=80, dry_run=True, stage="enrich")
    assert changes["entities"] > 0
    assert differences(expected, stored) == {}
    assert left_behind(stored) == []

    def kill_one() -> None:
        wait_until(lambda: list((stored.warehouse / "tmp" / "runs").glob("*/*.alive")), limit_seconds=120)
        kill(next(pids for worker in workers if (pids := processes_below(worker.pid))))

    with meanwhile(kill_one):
        run_flow(stored, later_model, runner="pool", pool=POOL, batch_size=60)
    assert differences(renewed, stored) == {}
    assert stored.broken() == []
    assert left_behind(stored) == []


def test_an_article_that_fails_keeps_its_rows_and_all_others_are_renewed(
    prefect_api: str, stored: Mill, later_model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (headline,) = stored.column("SELECT min(headline) FROM articles WHERE entity_count > 0 AND version_no = 1")
    (before,) = set(stored.column("SELECT pipeline_id FROM articles"))
    # Read by Dask's workers, which are started anew; processes that are forked here would keep it for later tests.
    monkeypatch.setenv("NEWSMILL_FAIL_ON", headline)
    with pytest.raises(NewsmillError, match="What failed keeps its old rows"):
        run_flow(stored, later_model, runner="dask")
    kept = stored.rows(f"SELECT DISTINCT headline FROM articles WHERE pipeline_id = '{before}'")
    assert kept == [(headline,)]
    assert stored.broken() == []
    assert left_behind(stored) == []


def test_prefect_is_told_how_far_a_backfill_is(prefect_api: str, stored: Mill, later_model: str) -> None:
    run_flow(stored, later_model, workers=1)
    with SyncPrefectClient(prefect_api) as client:
        newest = max(client.read_artifacts(), key=lambda artifact: str(artifact.created))
        (progress,) = [
            artifact
            for artifact in client.read_artifacts()
            if artifact.key == "progress" and artifact.flow_run_id == newest.flow_run_id
        ]
    files = stored.column("SELECT count(DISTINCT file_id) FROM articles")[0]
    assert progress.data == 100.0
    assert re.fullmatch(rf"{files} of {files} files · [\d,.]+ files/s · 0 s left", progress.description or "")
