"""A mill that keeps its files on S3 does what any mill does, whatever is killed or away in between."""

import signal
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from schemas.errors import NewsmillError
from tasks.ingestion.backfilling import checked_range, run_backfill
from tasks.ingestion.forgetting import forget
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.repairing import repair
from tasks.maintaining import run_upkeep
from tasks.storage import on_s3
from tasks.storage.layout import locate
from tasks.storage.ledger import live_parts
from tasks.storage.objects import objects_of
from tasks.storage.opening import reading
from tasks.storage.parts import in_store
from tasks.storage.raw import has_raw, raw_path
from tests.ingestion.mill import VOLATILE, Mill, block, mill_at, words
from tests.ingestion.test_faults import FAULT_POINTS, FIRST, SECOND, complaints, ingest_command, start
from tests.s3_server import BUSY, DENIED, gate, variables

SECRET = block("Zwiebelfisch", words(7) + " Zwiebelfisch.")


@pytest.fixture
def far(tmp_path: Path, s3_store: str) -> Mill:
    """A mill with an empty input folder that will keep its files on S3."""
    mill = mill_at(tmp_path)
    return Mill(settings=replace(mill.settings, store=s3_store))


def live_paths(mill: Mill, tables: Iterable[str] = ()) -> set[str]:
    """Where the live parts, of some tables or all, lie in the warehouse."""
    with reading(mill.warehouse) as (_, ledger):
        parts = live_parts(ledger)
    return {in_store(part.path) for part in parts if not tables or part.table_name in tables}


def stored(mill: Mill) -> set[str]:
    """The parts that lie in the store."""
    listed = objects_of(locate(mill.warehouse)).listed("store")
    return {path for path, _ in listed if "=0000-00/" not in path}


def lead_a_life(mill: Mill) -> None:
    """Arrivals, copies, a refusal, a correction, a second pass, a backfill, upkeep and a takedown."""
    mill.put("a.txt", FIRST)
    mill.put("b.txt", block("Abschrift", words(1), day="2025-11-30"))
    mill.put("secret.txt", SECRET)
    mill.put("empty.txt", b"")
    mill.ingest()
    mill.put("a.txt", SECOND)
    mill.put("again.txt", FIRST)
    mill.ingest()
    assert mill.ingest().files_read == 0
    everything = checked_range(date(2025, 1, 1), date(2025, 12, 31))
    assert run_backfill(mill.settings, everything, prepare_here).articles_in_range == 5
    assert run_upkeep(mill.warehouse).is_sound
    forget(mill.warehouse, "secret.txt")
    assert run_upkeep(mill.warehouse, grace=timedelta(0)).is_sound


def test_the_same_rows_come_of_it_as_beside_the_ledger(far: Mill, tmp_path: Path) -> None:
    near = mill_at(tmp_path / "near")
    for mill in (near, far):
        lead_a_life(mill)
    assert far.tables(without=VOLATILE) == near.tables(without=VOLATILE)
    assert far.broken() == []
    assert stored(far) == live_paths(far)
    assert not (far.warehouse / "store").exists()
    assert not (far.warehouse / "raw").exists()


def test_what_was_taken_down_is_in_no_object(far: Mill, s3_store: str) -> None:
    far.put("secret.txt", SECRET)
    far.put("other.txt", FIRST)
    far.ingest()
    (file_id,) = far.column("SELECT file_id FROM files WHERE path = 'secret.txt'")
    before = live_paths(far, ["articles"])
    forget(far.warehouse, "secret.txt")
    assert not has_raw(locate(far.warehouse), file_id)
    assert before & stored(far) == set()
    assert far.column("SELECT headline FROM articles") == ["Erste Meldung"]
    assert run_upkeep(far.warehouse).is_sound


@pytest.mark.parametrize("point", [point for point in FAULT_POINTS if point != "tables_linked"])
def test_killed_in_a_commit_the_next_pass_loses_and_doubles_nothing(far: Mill, project: Path, point: str) -> None:
    far.put("a.txt", FIRST)
    far.ingest()
    before = far.tables()
    far.put("a.txt", SECOND)
    killed = start(far, *ingest_command(far), project=project, NEWSMILL_KILL_AT=point)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert (far.tables() == before) != (point in {"after_commit", "catalog_swapped"})
    assert far.broken() == []
    far.ingest()
    assert far.column("SELECT headline FROM articles WHERE is_current ORDER BY ALL") == [
        "Erste Meldung",
        "Zweite Meldung",
    ]
    assert far.rows("SELECT outcome, count(*) FROM outcomes GROUP BY ALL ORDER BY ALL") == [
        ("exact_duplicate", 1),
        ("new", 2),
        ("new_version", 1),
        ("refused", 1),
    ]
    assert run_upkeep(far.warehouse, grace=timedelta(0)).is_sound
    assert stored(far) == live_paths(far)


@pytest.mark.parametrize("answer", [BUSY, DENIED], ids=["busy", "denied"])
def test_a_store_that_refuses_ends_the_run_and_the_next_goes_on(
    far: Mill, monkeypatch: pytest.MonkeyPatch, answer: tuple[str, str]
) -> None:
    monkeypatch.setattr(on_s3, "ATTEMPTS", 1)
    with gate() as opened:
        for name, value in variables(opened.url).items():
            monkeypatch.setenv(name, value)
        far.put("0.txt", block("Nummer 0", words(20)))
        far.ingest()
        for number in range(1, 4):
            far.put(f"{number}.txt", block(f"Nummer {number}", words(20 + number)))
            # The bytes of the file, and so many of its parts, are written before it is over.
            opened.shut(answer, after=number)
            with pytest.raises(NewsmillError, match=r"S3 does not do what.*Everything committed is kept"):
                far.ingest(batch_files=1)
            opened.open()
        far.ingest()
        assert far.column("SELECT headline FROM articles ORDER BY ALL") == [f"Nummer {number}" for number in range(4)]
        assert far.rows("SELECT outcome, count(*) FROM files GROUP BY ALL") == [("read", 4)]
        assert far.rows("SELECT * FROM quarantine") == []
        assert far.broken() == []


def test_lost_and_damaged_objects_are_named_and_their_rows_made_again(far: Mill) -> None:
    far.put("a.txt", FIRST)
    far.put("empty.txt", b"")
    far.ingest()
    unknown = {"detail", "last_seen_at", "ingested_at", "pipeline_id"}
    before = far.tables(without=unknown)
    objects = objects_of(locate(far.warehouse))
    (articles,), (outcomes,), (files,) = (live_paths(far, [name]) for name in ("articles", "outcomes", "files"))
    objects.delete(articles)
    objects.put(outcomes, b"no Parquet")
    objects.put(files, bytes(objects.size(files)))
    assert len(run_upkeep(far.warehouse, verify_only=True).damage) == 3
    assert repair(far.settings, prepare_here).files == 3
    assert far.tables(without=unknown) == before
    assert run_upkeep(far.warehouse, verify_only=True).is_sound


def test_lost_raw_bytes_are_named_and_kept_again_when_their_file_comes_again(far: Mill) -> None:
    file = far.put("a.txt", FIRST)
    far.ingest()
    (file_id,) = far.column("SELECT file_id FROM files")
    objects_of(locate(far.warehouse)).delete(raw_path(file_id))
    (told,) = run_upkeep(far.warehouse, verify_only=True).damage
    assert f"{file_id}.zst: missing" in told
    file.touch()
    far.ingest()
    assert run_upkeep(far.warehouse, verify_only=True).is_sound


def test_workers_keep_their_files_in_the_store_too(far: Mill, project: Path, s3_store: str) -> None:
    for number in range(4):
        far.put(f"{number}.txt", block(f"Nummer {number}", words(number)))
    run = start(far, *ingest_command(far), "--workers", "2", "--batch-size", "2", "--store", s3_store, project=project)
    assert (complaints(run), run.returncode) == ([], 0)
    assert far.rows("SELECT outcome, count(*) FROM outcomes GROUP BY ALL") == [("new", 4)]
    assert locate(far.warehouse).address == s3_store
    assert run_upkeep(far.warehouse).is_sound
