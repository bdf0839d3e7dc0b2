"""The `runs` table: one row per finished run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from schemas.columns import BIGINT
from schemas.reasons import RunKind, RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass over the input, a range or the store; counts are of this run alone."""

    run_id: Annotated[str, "Identity of the run; sorts by start."]
    kind: Annotated[RunKind, "What it set out to do."]
    status: Annotated[RunStatus, "How it ended."]
    started_at: Annotated[datetime, "UTC."]
    finished_at: Annotated[datetime | None, "UTC; null when it was interrupted."]
    flow_run_id: Annotated[str | None, "Prefect's id of the flow run; null without Prefect."]
    detail: Annotated[str | None, "Range, or the error's sentence; null when there is nothing to add."]
    files_read: Annotated[int, "Files with outcome read."]
    files_duplicate: Annotated[int, "Files whose bytes were known under another path."]
    files_skipped: Annotated[int, "Files passed over by name or kind."]
    files_refused: Annotated[int, "Files refused whole."]
    files_deferred: Annotated[int, "Files left for the next run."]
    articles_new: Annotated[int, "Article blocks with outcome new."]
    articles_new_version: Annotated[int, "Article blocks with outcome new_version."]
    articles_unchanged: Annotated[int, "Article blocks with outcome unchanged."]
    articles_exact_duplicate: Annotated[int, "Article blocks with outcome exact_duplicate."]
    articles_near_duplicate: Annotated[int, "Article blocks with outcome near_duplicate."]
    articles_refused: Annotated[int, "Article blocks with outcome refused."]
    articles_renewed: Annotated[int, "Stored versions derived again by a backfill."]
    words: Annotated[int, "Words of the articles enriched.", BIGINT]
    reading_seconds: Annotated[float, "Reading, parsing, cleaning; summed over workers."]
    enriching_seconds: Annotated[float, "Entities and locations; summed over workers."]
    storing_seconds: Annotated[float, "Identity, Parquet, commit, publish."]
    pipeline_id: Annotated[str | None, "Hash of code, model, gazetteer and settings; null when nothing was derived."]
