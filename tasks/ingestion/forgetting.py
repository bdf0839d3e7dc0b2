"""Takedown: every version, mention, raw copy and snapshot of an article goes, and does not come back.

The rows and the marks against a return go in one commit. Deleting raw bytes and cleaning superseded parts, so that
snapshots stay readable without it, follows; a crash in between is finished by the next `forget` or `maintain`, from the
marks.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import NewsmillError, WrongUse
from schemas.reasons import ArticleOutcome, QuarantineStatus, Reason, RunKind
from schemas.tables import ARTICLES, ENTITIES, FILES, LOCATIONS, OUTCOMES, QUARANTINE
from tasks.identity.clusters import cluster
from tasks.identity.duplicates import relink
from tasks.identity.index import Index
from tasks.identity.settings import WINDOW_DAYS
from tasks.ingestion.article_rows import month_of_day, renew_links
from tasks.ingestion.runs import recorded_run
from tasks.ingestion.standings import Standings
from tasks.reading.names import is_unpacked
from tasks.storage.commit import Transaction, transaction
from tasks.storage.faults import fault_point
from tasks.storage.layout import Warehouse
from tasks.storage.ledger import empty_log, instant, microseconds
from tasks.storage.opening import writing
from tasks.storage.purge import purge_parts
from tasks.storage.raw import delete_raw

ARTICLE_TABLES = (ARTICLES.name, ENTITIES.name, LOCATIONS.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What a takedown removed; `paths` are the input files, which newsmill never touches."""

    article_ids: tuple[str, ...]
    file_ids: tuple[str, ...]
    paths: tuple[str, ...]
    others_without_raw: int


def forget(root: Path, name: str, window_days: int = WINDOW_DAYS) -> Forgotten:
    """Take down an article (its id) or a file (its path or sha256); raises WrongUse when nothing has that name.

    What was linked by it is linked anew, near-duplicates within so many days.
    """
    with writing(root) as (warehouse, ledger):
        finish_forgetting(warehouse, ledger)
        find_articles(ledger, name)
        with recorded_run(warehouse, ledger, RunKind.FORGET) as run:
            with transaction(warehouse, ledger, run.kind, run.run_id, f"{run.run_id}/forget") as commit:
                commit.passes_damage = True
                # Asked again under the lock: another version may have come meanwhile.
                article_ids = find_articles(ledger, name)
                file_ids = files_of(ledger, article_ids) | files_named(ledger, name)
                file_ids |= archives_of(ledger, file_ids)
                result = describe(ledger, article_ids, file_ids)
                remove(commit, article_ids, file_ids, run_id=run.run_id, window_days=window_days)
            run.detail = f"{len(article_ids)} article{'s' * (len(article_ids) != 1)}"
            fault_point("forget_committed")
            finish_forgetting(warehouse, ledger)
        return result


def find_articles(ledger: sqlite3.Connection, name: str) -> list[str]:
    """The article of this id, or every article that has a version from this file."""
    rows = ledger.execute("SELECT DISTINCT article_id FROM versions WHERE article_id = ?", (name,)).fetchall()
    for file_id in files_named(ledger, name):
        query = "SELECT DISTINCT article_id FROM outcomes WHERE file_id = ? AND article_id IS NOT NULL"
        rows += ledger.execute(query, (file_id,)).fetchall()
    files = files_named(ledger, name)
    if not rows and (when := forgotten_at(ledger, {name} | files)):
        raise NewsmillError(f"{name} was already taken down on {when:%Y-%m-%d}; nothing of it is left.")
    if not rows and not files:
        raise WrongUse(f"Nothing stored is named {name!r}: give an article_id, a file's path or its sha256.")
    return sorted({article_id for (article_id,) in rows})


def forgotten_at(ledger: sqlite3.Connection, marks: Iterable[str]) -> datetime | None:
    """When the last of these, an article_id or file ids, was taken down; None when none was."""
    query = "SELECT max(forgotten_us) FROM forgotten WHERE mark = ? AND kind IN ('article', 'file')"
    moments = [us for mark in marks for (us,) in ledger.execute(query, (mark,)) if us is not None]
    return instant(max(moments)) if moments else None


def files_named(ledger: sqlite3.Connection, name: str) -> set[str]:
    """The file ids of a path or a sha256; an archive's are its own and those of its members."""
    query = "SELECT path, file_id FROM files WHERE file_id <> '' AND (path = ?1 OR file_id = ?1)"
    rows = ledger.execute(query, (name,)).fetchall()
    # The members' paths begin with the archive's and '!', behind which comes '"'.
    below = "SELECT path, file_id FROM files WHERE file_id <> '' AND path >= ?1 || '!' AND path < ?1 || '\"'"
    rows += [row for path, _ in rows if is_unpacked(path) for row in ledger.execute(below, (path,))]
    return {file_id for _, file_id in rows}


def archives_of(ledger: sqlite3.Connection, file_ids: Iterable[str]) -> set[str]:
    """The archives in which these files lay: where their bytes are kept, they hold the same text."""
    paths = {p for f in file_ids for (p,) in ledger.execute("SELECT path FROM files WHERE file_id = ?", (f,))}
    above = {path[: sign.start()] for path in paths for sign in re.finditer("!", path)}
    query = "SELECT file_id FROM files WHERE path = ? AND file_id <> ''"
    return {f for path in above if is_unpacked(path) for (f,) in ledger.execute(query, (path,))}


def files_of(ledger: sqlite3.Connection, article_ids: Iterable[str]) -> set[str]:
    """Every file in which one of these articles was read, repetitions included."""
    query = "SELECT file_id FROM outcomes WHERE article_id = ?"
    return {file_id for article_id in article_ids for (file_id,) in ledger.execute(query, (article_id,))}


def describe(ledger: sqlite3.Connection, article_ids: list[str], file_ids: set[str]) -> Forgotten:
    """What will be gone, and how many other articles lose their raw bytes with it."""
    paths = {p for f in file_ids for (p,) in ledger.execute("SELECT path FROM files WHERE file_id = ?", (f,))}
    query = "SELECT DISTINCT article_id FROM versions WHERE file_id = ?"
    others = {a for f in file_ids for (a,) in ledger.execute(query, (f,))} - set(article_ids)
    return Forgotten(
        article_ids=tuple(article_ids),
        file_ids=tuple(sorted(file_ids)),
        paths=tuple(sorted(paths)),
        others_without_raw=len(others),
    )


def remove(commit: Transaction, article_ids: list[str], file_ids: set[str], *, run_id: str, window_days: int) -> None:
    """Take the articles out of all tables and the index, and mark them and their files against a return."""
    index, now = Index(commit.ledger), datetime.now(UTC)
    versions = [version for article_id in article_ids for version in index.by_article(article_id)]
    marks = [("article", article_id) for article_id in article_ids]
    marks += [("content", version.content_hash) for version in versions]
    marks += [("file", file_id) for file_id in file_ids]
    rows = [(kind, mark, microseconds(now), run_id) for kind, mark in marks]
    commit.ledger.executemany("INSERT OR IGNORE INTO forgotten VALUES (?, ?, ?, ?)", rows)
    gone = pa.array(article_ids, pa.string())
    for month in sorted({month_of_day(version.published_day) for version in versions}):
        for table in ARTICLE_TABLES:
            commit.rewrite(table, month, "article_id", article_ids, lambda rows: without_articles(rows, gone))
    refuse_outcomes(commit, article_ids, Standings(commit, run_id, now))
    close_refusals(commit, file_ids)
    unlink(commit, index, article_ids, window_days)


def without_articles(rows: pa.Table, article_ids: pa.Array) -> pa.Table:
    """The rows of other articles."""
    return rows.filter(pc.invert(pc.is_in(rows["article_id"], article_ids)))


def refuse_outcomes(commit: Transaction, article_ids: list[str], standings: Standings) -> None:
    """The blocks that were these articles stay counted: as refused, for the reason that they were taken down."""
    for article_id in article_ids:
        rows = commit.ledger.execute(
            "UPDATE outcomes SET outcome = 'refused', article_id = NULL, version_no = NULL WHERE article_id = ?"
            " RETURNING file_id, position_in_file, ingested_us",
            (article_id,),
        ).fetchall()
        for month in sorted({f"{instant(ingested_us):%Y-%m}" for _, _, ingested_us in rows}):
            commit.rewrite(OUTCOMES.name, month, "article_id", [article_id], lambda r, a=article_id: refused_rows(r, a))  # type: ignore[misc]
        for file_id, position, _ in rows:
            (path,) = commit.ledger.execute("SELECT min(path) FROM files WHERE file_id = ?", (file_id,)).fetchone()
            standings.quarantine(
                path or "",
                file_id,
                position,
                reason=Reason.FORGOTTEN,
                detail=None,
                status=QuarantineStatus.DISCARDED,
            )
    standings.write()


def refused_rows(rows: pa.Table, article_id: str) -> pa.Table:
    """The outcomes rows with those of one article turned into refusals."""
    kept = rows.to_pylist()
    for row in kept:
        if row["article_id"] == article_id:
            row.update(
                outcome=ArticleOutcome.REFUSED, reason=Reason.FORGOTTEN, detail=None, article_id=None, version_no=None
            )
    return pa.Table.from_pylist(kept, schema=rows.schema)


DETAIL_TABLES = {FILES.name: "first_seen_us", OUTCOMES.name: "ingested_us", QUARANTINE.name: "first_seen_us"}


def close_refusals(commit: Transaction, file_ids: set[str]) -> None:
    """What these files were refused for cannot be tried again, and what was quoted of them goes."""
    for file_id in sorted(file_ids):
        for table, column in DETAIL_TABLES.items():
            moments = commit.ledger.execute(f"SELECT DISTINCT {column} FROM {table} WHERE file_id = ?", (file_id,))  # noqa: S608
            for month in sorted({f"{instant(us):%Y-%m}" for (us,) in moments.fetchall()}):
                commit.rewrite(table, month, "file_id", [file_id], lambda rows, f=file_id: without_details(rows, f))  # type: ignore[misc]
        commit.ledger.execute("UPDATE quarantine SET status = 'discarded' WHERE file_id = ?", (file_id,))


def without_details(rows: pa.Table, file_id: str) -> pa.Table:
    """The rows with nothing quoted from one file, its refusals closed."""
    of_file = pc.fill_null(pc.equal(rows["file_id"], file_id), False)
    emptied = {"detail": None, "status": QuarantineStatus.DISCARDED.value}
    for name in emptied.keys() & set(rows.column_names):
        values = pc.if_else(of_file, pa.scalar(emptied[name], pa.string()), rows[name])
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)
    return rows


def unlink(commit: Transaction, index: Index, article_ids: Collection[str], window_days: int) -> None:
    """Take articles out of the index; copies of one of them, or linked by one of them, are linked anew."""
    copies = {version.article_id for version in cluster(article_ids, index)} - {*article_ids}
    for article_id in article_ids:
        index.forget(article_id)
    renew_links(commit, index, relink(copies, (), index, window_days), set())


def finish_forgetting(warehouse: Warehouse, ledger: sqlite3.Connection) -> None:
    """Delete the raw bytes of everything taken down and clean superseded parts; doing it again does nothing."""
    marks = marks_by_kind(ledger)
    if not marks:
        return
    for file_id in marks["file"]:
        delete_raw(warehouse, file_id)
    articles, files = (pa.array(marks[kind], pa.string()) for kind in ("article", "file"))

    def tells_of_article(rows: pa.Table) -> bool:
        return bool(pc.any(pc.is_in(rows["article_id"], articles)).as_py())

    def quotes_file(rows: pa.Table) -> bool:
        return bool(pc.any(pc.is_in(rows.filter(pc.is_valid(rows["detail"]))["file_id"], files)).as_py())

    def without_quotes(rows: pa.Table) -> pa.Table:
        for file_id in files.to_pylist():
            rows = without_details(rows, file_id)
        return rows

    purge_parts(
        warehouse,
        ledger,
        ARTICLE_TABLES,
        columns=["article_id"],
        holds=tells_of_article,
        clean=lambda rows: without_articles(rows, articles),
    )
    purge_parts(
        warehouse,
        ledger,
        DETAIL_TABLES.keys(),
        columns=["file_id", "detail"],
        holds=quotes_file,
        clean=without_quotes,
    )
    empty_log(ledger)


def marks_by_kind(ledger: sqlite3.Connection) -> dict[str, list[str]]:
    """What was taken down."""
    marks: dict[str, list[str]] = defaultdict(list)
    for kind, mark in ledger.execute("SELECT kind, mark FROM forgotten"):
        marks[kind].append(mark)
    return marks
