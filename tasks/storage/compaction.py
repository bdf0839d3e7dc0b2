"""Joining small parts: readers pay per file, so many small commits make every query slow."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tasks.storage.commit import transaction
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import Part, live_parts
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
    saved = 0
    damaged: set[str] = set()

    def due() -> list[list[Part]]:
        return find_groups((part for part in live_parts(ledger) if part.path not in damaged), parts_to_join)

    while due():
        with transaction(warehouse, ledger, "compact", run_id, publishes=publishes) as commit:
            # Asked again under the lock: another process may have joined them meanwhile.
            for group in due():
                try:
                    commit.join(group)
                except DamagedPart:
                    # They wait for their repair, and upkeep names them; others go on.
                    damaged.update(part.path for part in group)
                    continue
                saved += len(group) - 1
    return saved
