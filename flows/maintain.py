"""The flow of the nightly upkeep."""

from functools import partial
from pathlib import Path

from prefect import flow

import flows.leaving
import flows.logs  # noqa: F401  the import of both is their effect
from flows.alarms import alarm_words, alarms_told
from flows.diary import upkeep_words
from flows.parameters import Warehouse
from flows.stopping import stoppable
from schemas.errors import NewsmillError
from tasks.maintaining import run_upkeep
from tasks.settings import DEFAULT_WAREHOUSE
from tasks.stages import flow_run_id, name_run, record_table, scheduled_name


@flow(name="maintain", flow_run_name=partial(scheduled_name, "maintain"), persist_result=False)
def maintain(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> dict[str, int]:
    """Join small files, expire old snapshots, verify the disk, run every check; fails when something is unsound."""
    with stoppable(), alarms_told(Path(warehouse)) as alarms:
        upkeep = run_upkeep(Path(warehouse), flow_run_id=flow_run_id())
    counts = {
        "files joined": upkeep.files_joined,
        "files deleted": upkeep.files_deleted,
        "live files": upkeep.live_files,
        "damaged files": len(upkeep.damage),
        "broken promises": len(upkeep.broken),
    }
    words = upkeep_words(upkeep)
    name_run(words, alarm_words(alarms))
    rows = [{"what": what, "count": count} for what, count in counts.items()]
    record_table(
        rows, key="maintain", description=f"Upkeep of the warehouse `{Path(warehouse).absolute().name}`: {words}"
    )
    if not upkeep.is_sound:
        raise NewsmillError(f"The warehouse is not sound: {[*upkeep.damage, *upkeep.broken][0]}")
    return counts
