"""Joining small parts: readers pay per file, so many small commits make every query slow."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from tasks.storage.commit import transaction
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, live_parts, microseconds
from tasks.storage.parts import DamagedPart

MEGABYTE = 1 << 20

# Tiers of part size: parts join their like, so a row is rewritten once a tier and not once a commit.
# Measured on 1,000 small commits: without joining a key scan was 28 times slower.
TIERS_BYTES = (1 * MEGABYTE, 16 * MEGABYTE, 128 * MEGABYTE)

# So many parts of one tier in one table and month are joined.
PARTS_TO_JOIN = 4

# Where some are due, parts of the smallest tier are joined that are so many: the commit is made anyway, and tables that
# are joined together are joined in fewer commits.
PARTS_TO_JOIN_ALONG = 2

# A month to which nothing came for so long is joined whatever the tiers say: each file costs a query a quarter of a
# millisecond of CPU. Sooner, and a month with a late article now and then would be written again every night.
QUIET = timedelta(days=7)


def tier(part: Part) -> int:
    """The tier a part's size falls into, 0 the smallest; parts above the last are left alone."""
    return sum(part.size_bytes >= limit for limit in TIERS_BYTES)


def find_groups(parts: Iterable[Part], parts_to_join: int = PARTS_TO_JOIN) -> list[list[Part]]:
    """The groups of parts worth joining: of one table, month and tier."""
    groups: dict[tuple[str, str, int], list[Part]] = defaultdict(list)
    for part in parts:
        groups[part.table_name, part.month, tier(part)].append(part)
    joinable = {key: group for key, group in groups.items() if key[-1] < len(TIERS_BYTES)}
    if all(len(group) < parts_to_join for group in joinable.values()):
        return []
    least = (PARTS_TO_JOIN_ALONG, *[parts_to_join] * (len(TIERS_BYTES) - 1))
    due = [group for (_, _, size), group in joinable.items() if len(group) >= least[size]]
    return [cut for group in due for cut in cuts(group) if len(cut) > 1]


def cuts(group: list[Part]) -> Iterator[list[Part]]:
    """The group in pieces that each make a part of the last tier: what is larger is left alone."""
    cut: list[Part] = []
    for part in group:
        cut.append(part)
        if sum(p.size_bytes for p in cut) >= TIERS_BYTES[-1]:
            yield cut
            cut = []
    if cut:
        yield cut


def compact(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    run_id: str,
    parts_to_join: int = PARTS_TO_JOIN,
    *,
    publishes: bool = True,
) -> int:
    """Join small parts, one commit for all that is due; gives how many files fewer there are.

    What another commit follows at once need not publish: the same rows are in fewer files, no more.
    """

    def due(parts: list[Part]) -> list[list[Part]]:
        return find_groups(parts, parts_to_join)

    return join_due(warehouse, ledger, run_id, due, publishes=publishes)


def settle(warehouse: Warehouse, ledger: sqlite3.Connection, run_id: str, quiet: timedelta = QUIET) -> int:
    """Join all parts of each table and month to which nothing was added for so long; gives how many files fewer.

    A commit for each month: the first time there may be years of them, and nobody else commits meanwhile.
    """
    saved = 0
    for month in sorted({month for _, month in quiet_months(ledger, quiet)}):

        def due(parts: list[Part], month: str = month) -> list[list[Part]]:
            still = quiet_months(ledger, quiet)
            return find_months(part for part in parts if part.month == month and (part.table_name, month) in still)

        saved += join_due(warehouse, ledger, run_id, due)
    return saved


def quiet_months(ledger: sqlite3.Connection, quiet: timedelta) -> set[tuple[str, str]]:
    """The tables and months of several parts to which nothing was added, or joined, for so long."""
    until = microseconds(datetime.now(UTC) - quiet)
    rows = ledger.execute(
        "SELECT table_name, month FROM parts INNER JOIN commits ON added_by = commit_id WHERE removed_by IS NULL"
        " GROUP BY table_name, month HAVING count(*) > 1 AND max(committed_us) <= ?",
        (until,),
    )
    return set(rows)


def find_months(parts: Iterable[Part]) -> list[list[Part]]:
    """The parts of each table and month that are worth joining once nothing is added any more."""
    months: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        if tier(part) < len(TIERS_BYTES):
            months[part.table_name, part.month].append(part)
    return [cut for group in months.values() for cut in cuts(group) if len(cut) > 1]


def join_due(
    warehouse: Warehouse,
    ledger: sqlite3.Connection,
    run_id: str,
    due: Callable[[list[Part]], list[list[Part]]],
    *,
    publishes: bool = True,
) -> int:
    """Join the groups that `due` finds among the live parts, until it finds none; gives how many files fewer."""
    saved = 0
    damaged: set[str] = set()

    def groups() -> list[list[Part]]:
        return due([part for part in live_parts(ledger) if part.path not in damaged])

    while groups():
        with transaction(warehouse, ledger, "compact", run_id, publishes=publishes) as commit:
            # Asked again under the lock: another process may have joined them meanwhile.
            for group in groups():
                try:
                    commit.join(group)
                except DamagedPart:
                    # They wait for their repair, and upkeep names them; others go on.
                    damaged.update(part.path for part in group)
                    continue
                saved += len(group) - 1
    return saved
