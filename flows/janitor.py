"""Free what dead workers left: runs that stand as running although nothing runs them."""

from collections.abc import Collection
from uuid import UUID

from prefect import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


def free_dead_runs(deployment_ids: Collection[UUID] | None = None) -> int:
    """Mark every unfinished run, of these deployments if given, as crashed, which frees its concurrency slot.

    Only for a moment when nothing can be running them. Returns how many there were.
    """
    dead = FlowRunFilter(
        deployment_id=None if deployment_ids is None else FlowRunFilterDeploymentId(any_=list(deployment_ids)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED)),
    )
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=dead)
        for run in runs:
            client.set_flow_run_state(run.id, Crashed(message="The process that ran it is gone."), force=True)
    return len(runs)
