"""What is left when the harm is over: one pass without a fault, then a comparison row by row and file by file."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.deliveries import Delivery
from benchmarks.holdings import QUERIES, examples, lost_and_doubled, read_holdings
from benchmarks.sites import Site, finish, undisturbed
from tasks.reporting.checking import run_checks
from tasks.storage.catalog import NO_MONTH
from tasks.storage.layout import Warehouse, locate
from tasks.storage.ledger import live_parts
from tasks.storage.opening import open_warehouse
from tasks.storage.readonly import connect_readonly
from tasks.storage.retention import ABANDONED

# The blank catalog that the next publish starts from.
KEPT_IN_SCRATCH = "blank-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What the harmed warehouse holds beside the undisturbed one; `differences` are (lost, doubled) by kind of row."""

    rows: dict[str, int]
    differences: dict[str, tuple[int, int]]
    examples: list[str]
    broken: list[str]
    found_again: int
    left_over: list[str]

    @property
    def is_sound(self) -> bool:
        whole = not any(lost or doubled for lost, doubled in self.differences.values())
        return whole and not self.broken and not self.found_again and not self.left_over


def settle(site: Site, deliveries: Iterable[Delivery], beside: Path) -> Aftermath:
    """Let the warehouse come to rest and hold it against one at `beside` that had the same files without a fault."""
    finish(site.ingest())
    # Whatever the interrupted backfills did, all is of one pipeline again.
    finish(site.backfill(site.models[0]))
    before = outcome_count(site.warehouse)
    finish(site.ingest())
    found_again = outcome_count(site.warehouse) - before
    age_scratch(locate(site.warehouse))
    finish(site.maintain(0))
    expected = read_holdings(undisturbed(beside, deliveries).warehouse)
    found = read_holdings(site.warehouse)
    with open_warehouse(site.warehouse) as connection:
        broken = [str(one) for one in run_checks(connection)]
    return Aftermath(
        rows={name: found[name].total() for name in QUERIES},
        differences=lost_and_doubled(expected, found),
        examples=examples(expected, found),
        broken=broken,
        found_again=found_again,
        left_over=left_over(locate(site.warehouse)),
    )


def outcome_count(root: Path) -> int:
    """Files and blocks that have an outcome, and all that runs counted."""
    with open_warehouse(root) as connection:
        query = """
            SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM outcomes)
            + (SELECT coalesce(sum(files_read + articles_new + articles_new_version), 0) FROM runs)"""
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def age_scratch(warehouse: Warehouse) -> None:
    """Make half-made files as old as those that upkeep deletes."""
    for file in warehouse.tmp.rglob("*"):
        then = file.stat().st_mtime - 2 * ABANDONED.total_seconds()
        os.utime(file, (then, then))


def left_over(warehouse: Warehouse) -> list[str]:
    """Files that nothing needs, and files that are needed and missing."""
    ledger = connect_readonly(warehouse.ledger)
    try:
        live = {part.path for part in live_parts(ledger)}
        known = {file_id for (file_id,) in ledger.execute("SELECT file_id FROM files")}
    finally:
        ledger.close()
    stored = names(warehouse.store, "*.parquet")
    stored = {path for path in stored if f"={NO_MONTH}/" not in path}
    strays = [f"store/{path}" for path in stored ^ live]
    strays += [f"tables/{path}" for path in names(warehouse.tables, "*.parquet") ^ live]
    strays += [f"raw/{path}" for path in names(warehouse.raw, "*.zst") if Path(path).stem not in known]
    scratch = {path for path in names(warehouse.tmp, "*") if not path.endswith(".lock")}
    return strays + [f"tmp/{path}" for path in scratch if not path.startswith(KEPT_IN_SCRATCH)]


def names(folder: Path, pattern: str) -> set[str]:
    """Files below a folder, relative to it."""
    return {str(file.relative_to(folder)) for file in folder.rglob(pattern) if file.is_file()}
