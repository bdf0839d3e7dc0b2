"""Upkeep: join small files, let old snapshots go, finish takedowns, verify the files, run every check."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from schemas.reasons import RunKind
from tasks.ingestion.forgetting import finish_forgetting
from tasks.ingestion.raw_damage import find_raw_damage
from tasks.ingestion.runs import recorded_run
from tasks.reporting.checking import BrokenPromise, run_checks
from tasks.storage.compaction import compact, settle
from tasks.storage.healing import heal_views
from tasks.storage.ledger import live_parts
from tasks.storage.linking import mend_links
from tasks.storage.opening import open_warehouse, reading, writing
from tasks.storage.retention import GRACE, expire
from tasks.storage.verifying import find_damage


@dataclass(slots=True, kw_only=True)
class Upkeep:
    """What upkeep did and found; `healed`, `damage` and `broken` are empty in a sound warehouse."""

    files_joined: int = 0
    files_deleted: int = 0
    links_mended: int = 0
    live_files: int = 0
    healed: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    broken: list[BrokenPromise] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.damage and not self.broken


def claim_store(root: Path) -> None:
    """Let this folder go on with its store on S3, and no copy of it. Raises WrongUse where there is nothing to take."""
    with reading(root):
        pass
    with writing(root, takes_store=True):
        pass


def run_upkeep(
    root: Path, *, grace: timedelta = GRACE, verify_only: bool = False, flow_run_id: str | None = None
) -> Upkeep:
    """Do the upkeep of a warehouse; with `verify_only` change nothing that is not derived.

    Raises WrongUse when there is no warehouse.
    """
    with reading(root):
        pass  # raises WrongUse when there is no warehouse: upkeep makes none
    upkeep = Upkeep(healed=heal_views(root))
    if not verify_only:
        with writing(root) as (warehouse, ledger):
            upkeep.links_mended = mend_links(warehouse, ledger)
    with reading(root) as (warehouse, ledger):
        torn = list(find_damage(warehouse, ledger))
        upkeep.damage = [*torn, *find_raw_damage(warehouse, ledger)]
    if not verify_only:
        with (
            writing(root) as (warehouse, ledger),
            recorded_run(warehouse, ledger, RunKind.MAINTAIN, flow_run_id) as run,
        ):
            upkeep.files_joined = settle(warehouse, ledger, run.run_id)
            # Two are worth joining at night; during the day only many are.
            upkeep.files_joined += compact(warehouse, ledger, run.run_id, parts_to_join=2)
            finish_forgetting(warehouse, ledger)
            upkeep.files_deleted = expire(warehouse, ledger, grace)
    with reading(root) as (_, ledger):
        upkeep.live_files = len(live_parts(ledger))
    if not torn:
        with open_warehouse(root) as connection:
            upkeep.broken = run_checks(connection)
    return upkeep
