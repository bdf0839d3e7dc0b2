"""The deployments of newsmill's flows: what runs when, and what an overlap comes to."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.backfill import backfill
from flows.ingest import ingest
from flows.maintain import maintain
from flows.report import report
from flows.runs import work_parameters
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
    warehouse = {"warehouse": str(settings.warehouse.absolute())}
    work = work_parameters(settings)
    source = {"input_folder": str(settings.input_folder.absolute())}
    return [
        _deployment(ingest, COLLAPSE, warehouse | work | source, every=every, cron=cron),
        _deployment(backfill, QUEUE, warehouse | work),
        _deployment(maintain, QUEUE, warehouse, cron=NIGHTLY),
        _deployment(report, QUEUE, warehouse | {"output": str(Path("report.html").absolute())}),
    ]


def _deployment(
    flow: Flow[Any, Any],
    limit: ConcurrencyLimitConfig,
    parameters: dict[str, Any],
    *,
    every: timedelta | None = None,
    cron: str | None = None,
) -> RunnerDeployment:
    deployment = flow.to_deployment(
        flow.name,
        interval=every,
        cron=cron,
        concurrency_limit=limit,
        parameters=parameters,
        tags=TAGS,
        # A path would be seen from wherever the command was started.
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return cast("RunnerDeployment", deployment)
