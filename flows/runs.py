"""A run as its flow takes and returns it: the settings as parameters, the counts as what a terminal shows."""

from dataclasses import asdict
from typing import Any

from schemas.run import Run
from tasks.settings import Settings


def work_parameters(settings: Settings) -> dict[str, Any]:
    """What the rows of an ingest and a backfill are derived with and who does it, as the parameters of their flows."""
    return {
        "model": settings.enrichment.model,
        "languages": [f"{language}={model}" for language, model in settings.enrichment.languages] or None,
        "day_first": settings.reading.day_first,
        "encoding": settings.reading.legacy_encoding,
        "workers": settings.workers,
        "batch_size": settings.batch_files,
        "runner": settings.runner.value,
        "dask_address": settings.dask_address,
        "pool": settings.pool,
    }


def run_counts(run: Run) -> dict[str, int]:
    """The counts by outcome, named as in the runs table."""
    return {name: value for name, value in asdict(run).items() if name.startswith(("files_", "articles_"))}
