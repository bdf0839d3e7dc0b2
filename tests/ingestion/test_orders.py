"""A batch that goes to a worker by way of the disk, and its answer."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import pytest

from schemas.reasons import Reason
from tasks.ingestion.orders import (
    BrokenAnswer,
    Order,
    Refusal,
    alive,
    answer_file,
    last_beat,
    read_answer,
    read_order,
    write_answer,
    write_order,
)
from tasks.ingestion.plans import BatchPlan, Plan, PreparedBatch, Refused, Renewal, RenewalPlan, ReplayPlan
from tasks.reading.discovery import FoundFile
from tasks.settings import load_settings

NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def plan(tmp_path: Path) -> BatchPlan:
    """A batch of one file whose name is not UTF-8."""
    settings = load_settings(warehouse=tmp_path / "data", input_folder=tmp_path / "in")
    settings = replace(settings, reading=replace(settings.reading, today=date(2025, 12, 1)))
    found = FoundFile(path="herald/n\udce4me.txt", size_bytes=7, modified_ns=2**62)
    return BatchPlan(run_id="r1", batch_no=3, files=(found,), settings=settings, isolate=True)


def renewal(plan: BatchPlan) -> RenewalPlan:
    file = Renewal(file_id="f", path="a.txt", positions=(1, 2), seen_on=date(2025, 12, 1), modified_at=NOON)
    months = frozenset({"2025-12"})
    return RenewalPlan(run_id="r", batch_no=1, files=(file,), settings=plan.settings, months=months, reparse=True)


def replay(plan: BatchPlan) -> ReplayPlan:
    refused = Refused(
        file_id="f",
        path="a.txt",
        position_in_file=None,
        reason=Reason.NO_DATE,
        attempts=2,
        first_seen_at=NOON,
        modified_at=NOON,
    )
    return ReplayPlan(run_id="r", batch_no=1, files=(refused,), settings=plan.settings)


@pytest.mark.parametrize("kind", [lambda plan: plan, renewal, replay], ids=["files", "renewal", "replay"])
def test_an_order_is_read_as_it_was_written(plan: BatchPlan, kind: Callable[[BatchPlan], Plan]) -> None:
    order = Order(pipeline="p0", plan=kind(plan))
    again = read_order(write_order(order))
    assert again == order
    assert again.plan.settings.reading.today == date(2025, 12, 1)


def test_an_answer_names_its_slices(plan: BatchPlan) -> None:
    order = write_order(Order(pipeline="p0", plan=plan))
    assert read_answer(order, plan) is None
    slices = (order.parent / "000003-0000-1-1",)
    batch = PreparedBatch(
        plan=plan, slices=slices, files=1, blocks=2, words=30, reading_seconds=0.5, enriching_seconds=1.5
    )
    slices[0].mkdir()
    write_answer(order, batch)
    assert read_answer(order, plan) == batch


def test_a_refusal_says_why(plan: BatchPlan) -> None:
    order = write_order(Order(pipeline="p0", plan=plan))
    write_answer(order, Refusal(error="RuntimeError: no", is_unfit=True))
    assert read_answer(order, plan) == Refusal(error="RuntimeError: no", is_unfit=True)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"slices": ["gone"]}, id="a slice that is not there"),
        pytest.param({"words": "many"}, id="no number"),
        pytest.param({"slices": None}, id="no slices"),
        pytest.param({"slices": [".."]}, id="the folder of all runs"),
        pytest.param({"slices": ["."]}, id="the folder of the run"),
        pytest.param({"slices": ["000003-0000-1-1/.."]}, id="the folder of all runs by way of a slice"),
    ],
)
def test_what_no_worker_answers_is_not_believed(plan: BatchPlan, change: dict[str, object]) -> None:
    order = write_order(Order(pipeline="p0", plan=plan))
    facts = {"slices": [], "files": 1, "blocks": 1, "words": 1, "reading_seconds": 0.1, "enriching_seconds": 0.1}
    answer_file(order).write_text(json.dumps(facts | change))
    with pytest.raises(BrokenAnswer):
        read_answer(order, plan)


@pytest.mark.parametrize("text", ["", "{", "[]", '"error"'])
def test_what_is_not_the_json_of_an_answer_is_not_believed(plan: BatchPlan, text: str) -> None:
    order = write_order(Order(pipeline="p0", plan=plan))
    answer_file(order).write_text(text)
    with pytest.raises(BrokenAnswer):
        read_answer(order, plan)


def test_a_slice_is_looked_for_beside_its_order_alone(plan: BatchPlan, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    order = write_order(Order(pipeline="p0", plan=plan))
    facts = {"files": 1, "blocks": 1, "words": 1, "reading_seconds": 0.1, "enriching_seconds": 0.1}
    answer_file(order).write_text(json.dumps(facts | {"slices": [str(tmp_path / "elsewhere")]}))
    with pytest.raises(BrokenAnswer, match="no slice elsewhere"):
        read_answer(order, plan)


def test_a_worker_gives_signs_of_life_while_it_works(plan: BatchPlan) -> None:
    order = write_order(Order(pipeline="p0", plan=plan))
    assert last_beat(order) is None
    with alive(order):
        pass
    assert last_beat(order) is not None


def test_a_half_made_answer_of_one_worker_is_never_taken_for_that_of_another(plan: BatchPlan) -> None:
    order = write_order(Order(pipeline="p0", plan=plan))
    ended = Event()

    def answer_again() -> None:
        while not ended.is_set():
            write_answer(order, Refusal(error="x" * 100_000))

    with ThreadPoolExecutor() as workers:
        written = [workers.submit(answer_again) for _ in range(2)]
        try:
            for _ in range(200):
                assert read_answer(order, plan) in {None, Refusal(error="x" * 100_000)}
        finally:
            ended.set()
        for worker in written:
            worker.result()
    assert {file.suffix for file in order.parent.iterdir()} == {".json"}
