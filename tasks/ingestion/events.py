"""What a run does, told to Python's logging as it happens; nobody hears it who does not listen (`--log-json` does)."""

import logging
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING

from schemas.reasons import RunStatus

if TYPE_CHECKING:
    from schemas.run import Run

logger = logging.getLogger("newsmill")
# Not to Prefect's console, which has its own lines about the same, nor to Python's last resort.
logger.propagate = False
logger.addHandler(logging.NullHandler())

# The run that this thread is in the middle of.
current_run: ContextVar[str | None] = ContextVar("current_run", default=None)

LEVELS = {RunStatus.FAILED: logging.ERROR, RunStatus.INTERRUPTED: logging.WARNING}


def tell(event: str, sentence: str, level: int = logging.INFO, **fields: object) -> None:
    """Log an event: its name, a sentence for people, and fields for programs."""
    logger.log(level, "%s", sentence, extra={"event": event, "fields": fields})


def tell_committed(batch_no: int, counts: Counter[str]) -> None:
    """A batch is committed; what of it was refused is an event of its own."""
    known = occurred(counts)
    tell("batch.committed", f"Committed batch {batch_no}: {listed(known)}.", batch_no=batch_no, outcomes=known)
    if refused := {name: count for name, count in known.items() if name.endswith("_refused")}:
        sentence = f"Refused in batch {batch_no}: {listed(refused)}."
        tell("batch.refused", sentence, logging.WARNING, batch_no=batch_no, outcomes=refused)


def tell_ended(run: "Run", outcomes: Mapping[str, int]) -> None:
    """A run has ended, well or not."""
    known = occurred(outcomes)
    took = run.finished_at - run.started_at if run.finished_at else None
    why = f" ({run.detail})" if run.detail else ""
    tell(
        "run.ended",
        f"Run {run.run_id} ({run.kind}) is {run.status}{why}: {listed(known)}.",
        LEVELS.get(run.status, logging.INFO),
        run_id=run.run_id,
        kind=run.kind,
        status=run.status,
        detail=run.detail,
        seconds=took.total_seconds() if took else None,
        words=run.words,
        outcomes=known,
    )


def occurred(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in counts.items() if count}


def listed(counts: Mapping[str, int]) -> str:
    """Counts as a sentence has them: `files_read 2, articles_new 3`."""
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "nothing"
