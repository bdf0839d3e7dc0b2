"""The flow of the nightly upkeep."""

from functools import partial
from pathlib import Path
from typing import Annotated

from prefect import flow
from pydantic import Field

import flows.leaving  # noqa: F401  its import is its effect
from flows.stopping import stoppable
from schemas.errors import NewsmillError
from tasks.maintaining import run_upkeep
from tasks.settings import DEFAULT_WAREHOUSE
from tasks.stages import flow_run_id, record_outcomes, scheduled_name


@flow(name="maintain", flow_run_name=partial(scheduled_name, "maintain"), persist_result=False)
def maintain(
    warehouse: Annotated[str, Field(description="Folder of the warehouse.")] = DEFAULT_WAREHOUSE,
) -> dict[str, int]:
    """Join small files, expire old snapshots, verify the disk, run every check; fails when something is unsound."""
    with stoppable():
        upkeep = run_upkeep(Path(warehouse), flow_run_id=flow_run_id())
    counts = {
        "files joined": upkeep.files_joined,
        "files deleted": upkeep.files_deleted,
        "live files": upkeep.live_files,
        "damaged files": len(upkeep.damage),
        "broken promises": len(upkeep.broken),
    }
    record_outcomes(counts, key="maintain", description="Upkeep of the warehouse")
    if not upkeep.is_sound:
        raise NewsmillError(f"The warehouse is not sound: {[*upkeep.damage, *upkeep.broken][0]}")
    return counts
