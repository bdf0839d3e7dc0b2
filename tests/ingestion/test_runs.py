"""Every run leaves a row that says how it ended, also the one that did not."""

from collections.abc import Iterable, Iterator

import pytest

from schemas.reasons import RunKind
from tasks.ingestion.plans import FailedBatch, Plan, PreparedBatch
from tasks.ingestion.runs import recorded_run
from tasks.maintaining import run_upkeep
from tasks.storage.opening import writing
from tests.ingestion.mill import Mill, block, words

RUNS = "SELECT kind, status, detail, finished_at IS NULL FROM runs ORDER BY started_at"


def test_a_run_that_raises_says_what_and_keeps_what_was_committed(mill: Mill) -> None:
    mill.put("a.txt", block("Eins", words(1)))
    mill.ingest()

    def broken(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        list(plans)
        raise MemoryError("no more\nof it")

    mill.put("b.txt", block("Zwei", words(2)))
    with pytest.raises(MemoryError):
        mill.ingest(broken)
    assert mill.rows(RUNS) == [("ingest", "done", None, False), ("ingest", "failed", "MemoryError: no more", False)]
    assert mill.column("SELECT headline FROM articles") == ["Eins"]
    assert not (mill.warehouse / "tmp" / "runs").exists() or not any((mill.warehouse / "tmp" / "runs").iterdir())


def test_a_run_that_is_still_alive_is_not_taken_for_dead(mill: Mill) -> None:
    with writing(mill.warehouse) as (warehouse, ledger), recorded_run(warehouse, ledger, RunKind.MAINTAIN):
        mill.ingest()
        assert mill.rows(RUNS) == [("ingest", "done", None, False)]
    assert sorted(mill.column("SELECT status FROM runs")) == ["done", "done"]


def test_the_row_of_a_run_carries_its_seconds_and_its_pipeline(mill: Mill) -> None:
    mill.put("a.txt", block("Eins", words(1)))
    run = mill.ingest()
    (row,) = mill.rows(
        "SELECT run_id, pipeline_id, reading_seconds, storing_seconds, finished_at > started_at FROM runs"
    )
    assert row == (run.run_id, run.pipeline_id, run.reading_seconds, run.storing_seconds, True)
    assert mill.column("SELECT pipeline_id FROM articles") == [run.pipeline_id]


def test_upkeep_while_an_ingest_goes_on_finds_a_sound_warehouse(mill: Mill) -> None:
    from tasks.ingestion.preparing import prepare_here

    for number in range(6):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number)))

    def with_upkeep(plans: Iterable[Plan]) -> Iterator[PreparedBatch | FailedBatch]:
        for answer in prepare_here(plans):
            assert run_upkeep(mill.warehouse).is_sound
            yield answer

    mill.ingest(with_upkeep, batch_files=2)
    assert run_upkeep(mill.warehouse).is_sound
    assert mill.column("SELECT count(*) FROM articles") == [6]


def test_upkeep_joins_the_small_files_of_many_passes(mill: Mill) -> None:
    for number in range(3):
        mill.put(f"{number}.txt", block(f"Nummer {number}", words(number)))
        mill.ingest()
    before = mill.tables(but=("runs",))
    upkeep = run_upkeep(mill.warehouse)
    assert upkeep.is_sound
    # Articles, files, outcomes and runs have one file each, and the run of the upkeep itself adds one.
    assert (upkeep.files_joined, upkeep.live_files) == (8, 5)
    assert mill.tables(but=("runs",)) == before
