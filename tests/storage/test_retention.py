"""Letting go of what nobody reads any more, and of nothing else."""

import os
import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from schemas.reasons import RunKind
from tasks.ingestion.runs import recorded_run
from tasks.storage.commit import transaction
from tasks.storage.layout import locate
from tasks.storage.locks import locked
from tasks.storage.opening import writing
from tasks.storage.raw import raw_file, write_raw
from tasks.storage.retention import expire
from tests.examples import article
from tests.storage.commits import commit, headlines, parts_under, table_of

DAY_SECONDS = 86_400


def replace_all(root: Path) -> None:
    """One more commit, which takes the place of everything before it."""
    with writing(root) as (warehouse, ledger), transaction(warehouse, ledger, "backfill", "r2") as under_way:
        for part in under_way.live("articles", "2025-12"):
            under_way.replace(part, lambda _: table_of("articles", [article(headline="Replaced")]))


def expire_now(root: Path, grace: timedelta) -> int:
    with writing(root) as (warehouse, ledger):
        return expire(warehouse, ledger, grace)


def test_superseded_parts_stay_through_the_grace_period(root: Path) -> None:
    commit(root, articles=[article()])
    replace_all(root)
    assert expire_now(root, timedelta(days=7)) == 0
    assert headlines(root, as_of="1") == [article().headline]


def test_superseded_parts_go_after_it_and_live_ones_stay(root: Path) -> None:
    commit(root, articles=[article()])
    replace_all(root)
    assert expire_now(root, timedelta(0)) == 1
    assert parts_under(root / "store") == parts_under(root / "tables")
    assert headlines(root) == ["Replaced"]


def test_a_part_that_no_commit_knows_goes_at_once(root: Path) -> None:
    commit(root, articles=[article()])
    known = parts_under(root / "store")
    (path,) = known
    # The last digits of this name are those of the month that stands for no month.
    left_over = root / "store" / "articles" / "published_month=2025-12" / "abcdefab0000-0001.parquet"
    left_over.write_bytes((root / "store" / path).read_bytes())
    assert expire_now(root, timedelta(days=7)) == 1
    assert parts_under(root / "store") == known


def test_the_empty_parts_that_give_tables_their_types_stay(root: Path) -> None:
    commit(root, articles=[article()])
    expire_now(root, timedelta(0))
    (root / "catalog.duckdb").unlink()
    assert headlines(root) == [article().headline]


def test_raw_bytes_that_no_file_has_go_after_a_day(root: Path) -> None:
    commit(root, articles=[article()])
    contents = {sha256(data).hexdigest(): data for data in (b"of a file", b"left over", b"of a batch under way")}
    of_file, left_over, under_way = contents
    with writing(root) as (warehouse, ledger):
        write_raw(warehouse, contents.items())
        ledger.execute("INSERT INTO files VALUES ('a.txt', ?, 'read', NULL, 0, 0)", (of_file,))
        for file_id in (of_file, left_over):
            os.utime(raw_file(warehouse, file_id), (0, time.time() - 2 * DAY_SECONDS))
        assert expire(warehouse, ledger) == 1
        assert {file.stem for file in warehouse.raw.rglob("*.zst")} == {of_file, under_way}


def test_raw_bytes_that_come_again_while_garbage_is_collected_stay(root: Path) -> None:
    commit(root, articles=[article()])
    content = (sha256(b"left over").hexdigest(), b"left over")
    with writing(root) as (warehouse, ledger):
        write_raw(warehouse, [content])
        make_old(raw_file(warehouse, content[0]))

        def take_in_again(statement: str) -> None:
            """Another program reads the file once the old ones were listed."""
            if "file_id FROM files" in statement:
                write_raw(warehouse, [content])

        ledger.set_trace_callback(take_in_again)
        assert expire(warehouse, ledger) == 0
        assert raw_file(warehouse, content[0]).exists()


def test_what_a_crash_left_half_made_goes_after_a_day(root: Path) -> None:
    commit(root, articles=[article()])
    scratch = locate(root).tmp
    old, young = scratch / "runs" / "r0" / "000001" / "blocks.arrow", scratch / "catalog-1.duckdb"
    old.parent.mkdir(parents=True)
    for file in (old, young):
        file.touch()
    begun = scratch / "runs" / "r1"
    begun.mkdir()
    for path in (old, old.parent, old.parent.parent):
        os.utime(path, (0, time.time() - 2 * DAY_SECONDS))
    expire_now(root, timedelta(days=7))
    assert [folder.name for folder in (scratch / "runs").iterdir()] == ["r1"]
    assert young.exists()


def make_old(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (0, time.time() - 2 * DAY_SECONDS))


def test_what_a_run_of_many_days_has_staged_stays(root: Path) -> None:
    commit(root, articles=[article()])
    file_id = sha256(b"of an archive under way").hexdigest()
    with writing(root) as (warehouse, ledger), recorded_run(warehouse, ledger, RunKind.INGEST) as run:
        staged = warehouse.tmp / "runs" / run.run_id / "000001" / "blocks.arrow"
        staged.parent.mkdir(parents=True)
        staged.touch()
        write_raw(warehouse, [(file_id, b"of an archive under way")])
        began_us = (time.time() - 2 * DAY_SECONDS) * 1e6
        ledger.execute("UPDATE runs SET started_us = ? WHERE run_id = ?", (round(began_us), run.run_id))
        make_old(staged, staged.parent, staged.parent.parent, raw_file(warehouse, file_id))
        assert expire(warehouse, ledger) == 0
        assert staged.exists()
        assert raw_file(warehouse, file_id).exists()


def test_locks_of_runs_that_ended_badly_go_after_a_day_and_others_stay(root: Path) -> None:
    commit(root, articles=[article()])
    scratch = locate(root).tmp
    dead, alive = scratch / "run-dead.lock", scratch / "run-alive.lock"
    with locked(alive):
        dead.touch()
        make_old(dead, alive, scratch / "writer.lock")
        expire_now(root, timedelta(days=7))
    assert {file.name for file in scratch.glob("*.lock")} == {"run-alive.lock", "create.lock", "writer.lock"}
