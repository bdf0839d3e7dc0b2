"""Batches that go to a worker by way of the disk: the plan as JSON, a sign of life, and the answer as JSON.

An order lies in the warehouse's folder for half-made files, beside the slices that it is answered with, and goes with
them when the run ends.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event, Thread
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tasks.ingestion.plans import BatchPlan, Plan, PreparedBatch, RenewalPlan, ReplayPlan
from tasks.storage.layout import locate, scratch_mark

KINDS: dict[str, type] = {kind.__name__: kind for kind in (BatchPlan, RenewalPlan, ReplayPlan)}

# A worker that works at an order touches its file so often. The times may come from another machine's clock, so only
# that they change says anything.
BEAT_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A plan, and the id of the pipeline that its rows are to be derived by."""

    pipeline: str
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a worker has no prepared batch; `is_unfit` when it would fail whatever it is given."""

    error: str
    is_unfit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a worker says of a prepared batch; whoever ordered it has the plan."""

    slices: tuple[Path, ...]
    files: int
    blocks: int
    words: int
    reading_seconds: float
    enriching_seconds: float


class BrokenAnswer(RuntimeError):
    """An answer that no worker of newsmill gives."""


def write_order(order: Order) -> Path:
    """Leave an order for a worker; gives its file, which no other order has."""
    plan = order.plan
    folder = locate(plan.settings.warehouse).tmp / "runs" / plan.run_id
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{plan.batch_no:06d}-{scratch_mark()}.order.json"
    kind = type(plan).__name__
    write_whole(file, {"pipeline": order.pipeline, "kind": kind, "plan": adapter(kind).dump_python(plan, mode="json")})
    return file


def read_order(file: Path) -> Order:
    """The order in a file."""
    order = json.loads(file.read_bytes())
    return Order(pipeline=order["pipeline"], plan=adapter(order["kind"]).validate_python(order["plan"]))


@cache
def adapter(kind: str) -> TypeAdapter[Any]:
    """What turns a plan of this kind into JSON and back."""
    return TypeAdapter(KINDS[kind])


def write_answer(order: Path, answer: PreparedBatch | Refusal) -> None:
    """Leave the answer to an order."""
    if isinstance(answer, Refusal):
        write_whole(answer_file(order), {"error": answer.error, "is_unfit": answer.is_unfit})
        return
    facts = {name: getattr(answer, name) for name in Delivered.__slots__ if name != "slices"}
    write_whole(answer_file(order), {**facts, "slices": [folder.name for folder in answer.slices]})


def read_answer(order: Path, plan: Plan) -> PreparedBatch | Refusal | None:
    """The answer to an order, None as long as there is none; raises BrokenAnswer when it is not one."""
    try:
        answer = json.loads(answer_file(order).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise BrokenAnswer(f"{order.name}: {error}") from error
    if isinstance(answer, dict) and "error" in answer:
        return Refusal(error=str(answer["error"]), is_unfit=bool(answer.get("is_unfit")))
    try:
        delivered: Delivered = TypeAdapter(Delivered).validate_python(answer)
    except ValidationError as error:
        raise BrokenAnswer(f"{order.name}: {error}") from error
    names = [folder.name for folder in delivered.slices]
    # Slices are deleted once they are committed, so none may be the folder of all of them or one above.
    if missing := [name for name in names if name in {"", ".."} or not (order.parent / name).is_dir()]:
        raise BrokenAnswer(f"{order.name}: there is no slice {missing[0]}")
    slices = tuple(order.parent / name for name in names)
    facts = {name: getattr(delivered, name) for name in Delivered.__slots__ if name != "slices"}
    return PreparedBatch(plan=plan, slices=slices, **facts)


def answer_file(order: Path) -> Path:
    """Where the answer to an order lies."""
    return order.with_suffix(".answer.json")


def life_file(order: Path) -> Path:
    """What a worker touches while it works at an order."""
    return order.with_suffix(".alive")


@contextmanager
def alive(order: Path) -> Iterator[None]:
    """Give signs of life during the block."""
    ended = Event()

    def beat() -> None:
        show_life(order)
        while not ended.wait(BEAT_SECONDS):
            show_life(order)

    beating = Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def show_life(order: Path) -> None:
    """Touch the file that says so; a file system that is away for a moment does not end it."""
    with suppress(OSError):
        life_file(order).touch()


def last_beat(order: Path) -> int | None:
    """The time of the last sign of life, by whatever clock; None before the first."""
    try:
        return life_file(order).stat().st_mtime_ns
    except FileNotFoundError:
        return None


def write_whole(file: Path, content: object) -> None:
    """Write JSON so that whoever finds the file finds all of it, also where two workers took one order."""
    half = file.with_name(f"{file.name}.{scratch_mark()}")
    half.write_text(json.dumps(content), encoding="ascii")
    half.replace(file)
