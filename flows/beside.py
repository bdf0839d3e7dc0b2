"""What a command hands to a flow beside its parameters: callbacks, which are none.

They stand in a module of their own because a flow travels to the workers of a cluster, and these cannot.
"""

from collections.abc import Callable
from contextvars import ContextVar

from tasks.ingestion.backfilling import BackfillSummary
from tasks.ingestion.pace import RunProgress
from tasks.reading.discovery import FoundFile

# The terminal's progress bar, where there is a terminal.
ingest_progress: ContextVar[Callable[[RunProgress], None] | None] = ContextVar("ingest_progress", default=None)
backfill_progress: ContextVar[Callable[[int, int], None] | None] = ContextVar("backfill_progress", default=None)
# The files that `watch` found stable; None takes whatever is new.
only_files: ContextVar[frozenset[FoundFile] | None] = ContextVar("only_files", default=None)
# Takes the whole summary for the command that called the flow.
summaries: ContextVar[list[BackfillSummary] | None] = ContextVar("summaries", default=None)
