"""Which of several copies of a warehouse folder goes on with their one store on S3: the copies all know its owner.

Each commit leaves a new token in the ledger and then in the store. A copy of the folder has only the tokens up to then;
so when one of the two has gone on, the other does not find a token of its own in the store any more.
"""

import json
import os
import socket
import sqlite3
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from schemas.errors import NewsmillError, WrongUse
from tasks.storage.layout import Warehouse
from tasks.storage.objects import objects_of
from tasks.storage.readonly import kept_address

# The object that says which folder goes on with the store.
HOLDER = "holder"

# 32 hexadecimal digits and a space. The store has the last, or one before where a program died after its commit.
TOKEN_LENGTH = 33
KEPT_TOKENS = 16

NOTE = """
INSERT INTO meta VALUES ('store_tokens', ?1)
ON CONFLICT DO UPDATE SET value = substr(value || ?1, ?2)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The folder that a store was last written to from; `at` is when, in UTC."""

    token: str
    host: str
    root: str
    at: str


def holder_here(warehouse: Warehouse, token: str) -> Holder:
    """This folder as the holder."""
    at = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return Holder(token=token, host=socket.gethostname(), root=str(warehouse.root), at=at)


def hold_store(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """See that the store says it is held here; raises NewsmillError when a copy of this folder goes on with it."""
    if warehouse.address is None:
        return
    holder = check_holder(warehouse, ledger)
    if holder and is_another_folder(warehouse, holder):
        raise NewsmillError(refusal(warehouse, holder))
    if holder is None:
        take_store(warehouse, ledger)
        return
    here = holder_here(warehouse, known_tokens(ledger)[-1])
    if replace(here, at=holder.at) != holder:
        show_holder(warehouse, here)


def take_store(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Let this folder go on with its store, and no copy of it; raises WrongUse when it has none."""
    if warehouse.address is None:
        raise WrongUse(f"The files of {warehouse.root} lie in its own folder; there is no store on S3 to take.")
    show_holder(warehouse, holder_here(warehouse, note_token(ledger)))


def hold_on(warehouse: Warehouse, ledger: sqlite3.Connection) -> Holder | None:
    """What `show_holder` is to be given after a commit; its token becomes known with the commit.

    Raises NewsmillError when a copy of this folder went on with the store.
    """
    if warehouse.address is None:
        return None
    check_holder(warehouse, ledger)
    return holder_here(warehouse, note_token(ledger))


def note_token(ledger: sqlite3.Connection) -> str:
    """A new token, as the last that the ledger knows."""
    token = uuid.uuid4().hex
    ledger.execute(NOTE, (f" {token}", -TOKEN_LENGTH * KEPT_TOKENS))
    return token


def known_tokens(ledger: sqlite3.Connection) -> list[str]:
    """The last tokens of this folder, the newest at the end."""
    row = ledger.execute("SELECT value FROM meta WHERE key = 'store_tokens'").fetchone()
    return row[0].split() if row else []


def show_holder(warehouse: Warehouse, holder: Holder | None) -> None:
    """Leave a holder in the store."""
    if holder:
        objects_of(warehouse).put(HOLDER, json.dumps(asdict(holder)).encode())


def check_holder(warehouse: Warehouse, ledger: sqlite3.Connection) -> Holder | None:
    """Who has the store, this folder; None when nobody noted it. Raises NewsmillError when a copy of it went on."""
    holder = read_holder(warehouse) if warehouse.address else None
    if holder and holder.token not in known_tokens(ledger):
        raise NewsmillError(refusal(warehouse, holder))
    return holder


def read_holder(warehouse: Warehouse) -> Holder | None:
    """The folder that goes on with the store; None where nobody has noted it, as newsmill did not before."""
    try:
        with pa.input_stream(objects_of(warehouse).source(HOLDER)) as stream:
            return Holder(**json.loads(bytes(stream.read())))
    except FileNotFoundError:
        return None


def is_another_folder(warehouse: Warehouse, holder: Holder) -> bool:
    """Whether the holder is another folder of this machine that is still a warehouse over the store: not moved here."""
    other = Path(holder.root, warehouse.ledger.name)
    if holder.host != socket.gethostname() or not os.path.exists(other) or os.path.samefile(other, warehouse.ledger):
        return False
    return kept_address(other) == warehouse.address


def refusal(warehouse: Warehouse, holder: Holder) -> str:
    """What to say where a copy goes on with the store."""
    return (
        f"{warehouse.address} was last written to from {holder.root} on {holder.host}, at {holder.at}, and"
        f" {warehouse.root} is a copy of that folder, or that one a copy of this: two may not write to one store."
        " Nothing was changed. Work there; or, where that one is no more, say `newsmill maintain --take-store` here,"
        " once: what was committed there since they parted is lost then, and deleted."
    )
