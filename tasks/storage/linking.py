"""The names under tables/ held against the ledger, and mended: a backup without hard links makes copies of them."""

import os
import sqlite3

from tasks.storage.layout import Warehouse, sync_folder
from tasks.storage.ledger import Part, live_parts
from tasks.storage.locks import locked
from tasks.storage.publish import link_part


def link_damage(warehouse: Warehouse, part: Part) -> str | None:
    """What is wrong with the name of a live part under tables/; None when it is its part, or there are no names."""
    if not warehouse.is_local:
        return None
    link, file = warehouse.tables / part.path, warehouse.store / part.path
    try:
        return None if os.path.samefile(link, file) else "another file under tables/"
    except FileNotFoundError:
        return "missing under tables/"


def find_strangers(warehouse: Warehouse, ledger: sqlite3.Connection) -> list[str]:
    """Files under tables/ that are no live part, relative to it: a plain glob would count them."""
    known = {part.path for part in live_parts(ledger)}
    found = (str(file.relative_to(warehouse.tables)) for file in warehouse.tables.rglob("*.parquet"))
    return sorted(path for path in found if path not in known)


def mend_links(warehouse: Warehouse, ledger: sqlite3.Connection) -> int:
    """Make tables/ hold exactly the live parts again; gives how many names were wrong."""
    if not warehouse.is_local:
        return 0
    with locked(warehouse.tmp / "writer.lock"):
        strangers = find_strangers(warehouse, ledger)
        parts = [part for part in live_parts(ledger) if (warehouse.store / part.path).exists()]
        wrong = [part.path for part in parts if link_damage(warehouse, part)]
        for path in strangers + wrong:
            (warehouse.tables / path).unlink(missing_ok=True)
        for path in wrong:
            link_part(warehouse, path)
        for folder in {(warehouse.tables / path).parent for path in strangers + wrong}:
            sync_folder(folder)
    return len(strangers) + len(wrong)
