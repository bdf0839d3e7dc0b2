"""Why a run did not take in what it did not take in."""

from pathlib import Path

import duckdb

from tasks.storage.opening import open_warehouse


def find_reasons(warehouse: Path, run_id: str) -> dict[str, dict[str, int]]:
    """Counts by reason, most frequent first, under each outcome that has one: refused, skipped, deferred."""
    found: dict[str, dict[str, int]] = {}
    with open_warehouse(warehouse) as connection:
        of_run = duckdb.ColumnExpression("run_id") == duckdb.ConstantExpression(run_id)
        rows = connection.view("reasons_by_run").filter(of_run).order("item_count DESC, reason, item")
        for outcome, reason, count in rows.select("outcome", "reason", "item_count").fetchall():
            by_reason = found.setdefault(outcome, {})
            by_reason[reason] = by_reason.get(reason, 0) + count
    return found
