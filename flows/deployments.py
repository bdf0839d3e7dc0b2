"""The deployments of newsmill's flows: what runs when, and what an overlap comes to."""

from collections.abc import Sequence
from datetime import timedelta

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.backfill import backfill
from flows.ingest import ingest
from flows.maintain import maintain
from flows.report import report
from tasks.settings import Settings

# Everything new is listed by the next run anyway, so a second ingest beside a running one has nothing to do.
COLLAPSE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
# A backfill that was asked for has to happen.
QUEUE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)

NIGHTLY = "30 3 * * *"
TAGS = ["newsmill"]


def newsmill_deployments(
    settings: Settings, *, every: timedelta | None, cron: str | None
) -> Sequence[RunnerDeployment]:
    """`ingest` on the schedule given, `maintain` each night, `backfill` and `report` on demand."""
    warehouse = str(settings.warehouse.absolute())
    return [
        ingest.to_deployment(
            "ingest",
            interval=every,
            cron=cron,
            concurrency_limit=COLLAPSE,
            parameters={
                "input_folder": str(settings.input_folder.absolute()),
                "warehouse": warehouse,
                "workers": settings.workers,
                "batch_size": settings.batch_files,
                "model": settings.enrichment.model,
            },
            tags=TAGS,
            entrypoint_type=EntrypointType.MODULE_PATH,
        ),
        *(
            flow.to_deployment(
                flow.name,
                cron=NIGHTLY if flow is maintain else None,
                concurrency_limit=QUEUE,
                parameters={"warehouse": warehouse},
                tags=TAGS,
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
            for flow in (backfill, maintain, report)
        ),
    ]
