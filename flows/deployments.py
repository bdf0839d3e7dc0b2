"""The deployments of newsmill's flows: what runs when, and what an overlap comes to."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
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

# Names of the schedules, as in prefect.yaml: a server that has those takes none without a name, and others beside them.
REGULAR_SLUG = "every-15-minutes"
NIGHTLY = Cron("30 3 * * *", slug="nightly")
TAG = "newsmill"


def newsmill_deployments(settings: Settings, *, every: timedelta, cron: str | None) -> Sequence[RunnerDeployment]:
    """`ingest` by `cron`, or else `every` so often, `maintain` each night, `backfill` and `report` on demand."""
    warehouse = {"warehouse": str(settings.warehouse.absolute())}
    work = work_parameters(settings)
    source = {"input_folder": str(settings.input_folder.absolute())}
    regular = Cron(cron, slug=REGULAR_SLUG) if cron else Interval(every, slug=REGULAR_SLUG)
    return [
        _deployment(ingest, COLLAPSE, warehouse | work | source, regular),
        _deployment(backfill, QUEUE, warehouse | work),
        _deployment(maintain, QUEUE, warehouse, NIGHTLY),
        _deployment(report, QUEUE, warehouse | {"output": str(Path("report.html").absolute())}),
    ]


def _deployment(
    flow: Flow[Any, Any],
    limit: ConcurrencyLimitConfig,
    parameters: dict[str, Any],
    schedule: Schedule | None = None,
) -> RunnerDeployment:
    deployment = cast(
        "RunnerDeployment",
        flow.to_deployment(
            flow.name,
            schedule=schedule,
            concurrency_limit=limit,
            parameters=parameters,
            tags=[TAG, flow.name],
            # A path would be seen from wherever the command was started.
            entrypoint_type=EntrypointType.MODULE_PATH,
        ),
    )
    # Said rather than left out: where prefect.yaml had given it to a work pool, the pool's workers would run it, too.
    deployment.work_pool_name = None
    return deployment
