"""Where the objects of a warehouse lie: chosen when it is made, kept in its ledger, and of this warehouse alone."""

import sqlite3
import uuid

import pyarrow as pa

from schemas.errors import NewsmillError, WrongUse
from tasks.storage.holder import HOLDER
from tasks.storage.layout import Warehouse
from tasks.storage.objects import objects_of
from tasks.storage.readonly import store_address

# The object that says whose the store is: what the ledger does not know is deleted, so no two may share one.
OWNER = "owner"


def claim_store(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Enter the address of a new warehouse in its ledger, which has its tables, and the owner at the address."""
    if warehouse.address is not None:
        owner = uuid.uuid4().hex
        objects_of(warehouse).put(OWNER, owner.encode())
        # Left by a warehouse that was emptied, or by another new one, whose owner was just overwritten, too.
        objects_of(warehouse).delete(HOLDER)
        ledger.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", [("store", warehouse.address), ("store_owner", owner)]
        )


def check_address(warehouse: Warehouse, ledger: sqlite3.Connection, store: str | None) -> None:
    """Raise WrongUse when the objects of a warehouse lie elsewhere than asked, NewsmillError when others have them."""
    kept = store_address(ledger)
    if store not in {None, kept} or warehouse.address != kept:
        raise WrongUse(
            f"The files of {warehouse.root} lie {f'at {kept}' if kept else 'in its own folder'}, and not at {store}:"
            " the store is chosen when a warehouse is made. Name another --warehouse, or leave --store and"
            " NEWSMILL_STORE out."
        )
    check_owner(warehouse, ledger)


def check_owner(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Raise NewsmillError when what lies at the address of a warehouse is not its store."""
    if warehouse.address is None:
        return
    (owner,) = ledger.execute("SELECT value FROM meta WHERE key = 'store_owner'").fetchone()
    if read_owner(warehouse) != owner:
        raise NewsmillError(
            f"{warehouse.address} is not the store of {warehouse.root} any more: it was emptied, or another warehouse"
            " was made there. Nothing was changed."
        )


def read_owner(warehouse: Warehouse) -> str | None:
    """Who has the store; None when nobody does."""
    try:
        with pa.input_stream(objects_of(warehouse).source(OWNER)) as stream:
            return bytes(stream.read()).decode()
    except FileNotFoundError:
        return None
