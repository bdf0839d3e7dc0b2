"""Derived views of the ledger for readers: catalog.duckdb, manifest.json and the hard links under tables/."""

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from schemas.tables import TABLES
from tasks.aliases.files import alias_mark
from tasks.storage.catalog import views_mark, write_catalog
from tasks.storage.faults import fault_point
from tasks.storage.layout import (
    Warehouse,
    gone_if_failed,
    make_folder,
    scratch_mark,
    sync_file,
    sync_folder,
    write_file,
)
from tasks.storage.ledger import Part, is_current, last_commit, live_parts
from tasks.storage.objects import objects_of
from tasks.storage.parts import in_store


def publish(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Bring the derived views up to the ledger; the caller holds the writer lock. Safe to repeat."""
    commit_id = last_commit(ledger)
    if is_published(warehouse, ledger):
        return
    aliases = alias_mark(warehouse.root)
    parts = live_parts(ledger)
    stand_in(warehouse, parts)
    swap_catalog(warehouse, parts, commit_id)
    fault_point("catalog_swapped")
    write_file(warehouse.manifest, manifest(warehouse, parts, commit_id), warehouse.tmp)
    if warehouse.is_local:
        link_tables(warehouse, ledger, parts)
    sync_folder(warehouse.root)
    fault_point("tables_linked")
    ledger.execute(
        "INSERT INTO published VALUES (1, ?1, ?2) ON CONFLICT DO UPDATE SET commit_id = ?1, root = ?2",
        (commit_id, str(warehouse.root)),
    )
    ledger.execute(
        "INSERT OR REPLACE INTO meta VALUES ('published_aliases', ?), ('published_views', ?)", (aliases, views_mark())
    )


def publish_anew(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Publish what is published already: files that it was made of are not as they were then."""
    # The next program that opens the warehouse does it, if this one comes to no end.
    ledger.execute("DELETE FROM published")
    publish(warehouse, ledger)


LOST = b"This file was lost. `newsmill maintain --repair` makes its rows again.\n"


def stand_in(warehouse: Warehouse, parts: Iterable[Part]) -> None:
    """Put something unreadable in the place of lost parts: no view can be made over a file that is not there.

    Whoever reads those rows gets an error, whoever reads others does not, and new articles can be taken in. In a bucket
    it is so without: nobody looks for a file that a view names before its rows are read.
    """
    for part in parts if warehouse.is_local else ():
        file = warehouse.store / part.path
        if not file.exists():
            make_folder(file.parent)
            if (warehouse.tables / part.path).exists():
                os.link(warehouse.tables / part.path, file)  # its other name is still there
            else:
                file.write_bytes(LOST)


def is_published(warehouse: Warehouse, ledger: sqlite3.Connection) -> bool:
    """Whether readers see the newest commit and aliases, with today's columns and views, where it now stands."""
    shown = ledger.execute("SELECT commit_id, root FROM published").fetchone()
    derived = [warehouse.catalog, warehouse.manifest] + [warehouse.tables] * warehouse.is_local
    whole = all(file.exists() for file in derived) and not left_log(warehouse).exists()
    is_newest = shown == (last_commit(ledger), str(warehouse.root)) and is_current(ledger)
    return whole and is_newest and shows_aliases(warehouse, ledger) and shows_views(ledger)


def shows_aliases(warehouse: Warehouse, ledger: sqlite3.Connection) -> bool:
    """Whether the catalog has the alias files as they are now."""
    shown = ledger.execute("SELECT value FROM meta WHERE key = 'published_aliases'").fetchone()
    return bool(shown == (alias_mark(warehouse.root),))


def shows_views(ledger: sqlite3.Connection) -> bool:
    """Whether the catalog has the views of this newsmill: after an upgrade it still has those of the one before."""
    shown = ledger.execute("SELECT value FROM meta WHERE key = 'published_views'").fetchone()
    return bool(shown == (views_mark(),))


def left_log(warehouse: Warehouse) -> Path:
    """What a reader leaves that opened the catalog for writing and died; it would poison the next one."""
    return Path(f"{warehouse.catalog}.wal")


def manifest(warehouse: Warehouse, parts: Iterable[Part], commit_id: int) -> bytes:
    """The live files of each table for readers without DuckDB, relative to the warehouse or by their address."""
    objects = objects_of(warehouse)
    listed: dict[str, list[str]] = {name: [] for name in TABLES}
    for part in parts:
        path = in_store(part.path)
        listed[part.table_name].append(path if warehouse.is_local else objects.url(path))
    return (json.dumps({"snapshot": commit_id, "tables": listed}, indent=1) + "\n").encode()


def swap_catalog(warehouse: Warehouse, parts: list[Part], commit_id: int) -> None:
    """Build the new catalog beside the old one and rename it into place, read-only."""
    half_made = warehouse.tmp / f"catalog-{scratch_mark()}.duckdb"
    with gone_if_failed(half_made):
        write_catalog(half_made, warehouse, parts, commit_id)
        sync_file(half_made)
        half_made.chmod(0o444)
        half_made.replace(warehouse.catalog)
    left_log(warehouse).unlink(missing_ok=True)


def link_tables(warehouse: Warehouse, ledger: sqlite3.Connection, parts: list[Part]) -> None:
    """Make tables/ hold exactly the live parts: new links first, so that no reader finds too little for long."""
    shown = ledger.execute("SELECT commit_id, root FROM published").fetchone()
    # In a copy or a restored backup the links may be missing or lead nowhere.
    same_place = shown is not None and shown[1] == str(warehouse.root) and warehouse.tables.is_dir()
    since = shown[0] if same_place else 0
    make_folder(warehouse.tables)
    added = {path for (path,) in ledger.execute("SELECT path FROM parts WHERE added_by > ?", (since,))}
    linked = [part.path for part in parts if part.path in added or not since]
    for path in linked:
        link_part(warehouse, path)
    removed = [path for (path,) in ledger.execute("SELECT path FROM parts WHERE removed_by > ?", (since,))]
    for path in removed:
        (warehouse.tables / path).unlink(missing_ok=True)
    # The ledger will say that they are as they should be, and nobody looks again after a power cut.
    changed = {(warehouse.tables / path).parent for path in (*linked, *removed)}
    for folder in changed:
        if folder.is_dir():
            sync_folder(folder)


def link_part(warehouse: Warehouse, path: str) -> None:
    """Show one part under tables/."""
    link = warehouse.tables / path
    make_folder(link.parent)
    with suppress(FileExistsError):
        os.link(warehouse.store / path, link)
