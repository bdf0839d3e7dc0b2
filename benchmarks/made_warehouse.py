"""A warehouse of made articles, by the hundred thousand or million, written, committed and joined by the real store."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.made_rows import month_rows
from tasks.storage.commit import transaction
from tasks.storage.compaction import compact, settle
from tasks.storage.opening import writing

FIRST_YEAR = 2023


def months(count: int) -> Iterator[date]:
    """So many months, in order."""
    for number in range(count):
        yield date(FIRST_YEAR + number // 12, number % 12 + 1, 1)


def make_warehouse(folder: Path, articles: int, month_count: int) -> None:
    """Fill a new warehouse: four deliveries a month, the later ones with what is late, joined as upkeep joins them."""
    with writing(folder) as (place, ledger):
        for month in months(month_count):
            for number, piece in enumerate(month_rows(month, articles // month_count)):
                with transaction(place, ledger, "ingest", f"made-{month}-{number}") as commit:
                    for name, rows in piece.items():
                        commit.append(name, rows)
            compact(place, ledger, f"made-{month}")


def settle_warehouse(folder: Path) -> None:
    """Join every month's files, as upkeep does when nothing has come to it for a week."""
    with writing(folder) as (place, ledger):
        settle(place, ledger, "settled", quiet=timedelta(0))
