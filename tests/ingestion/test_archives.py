"""Members of archives go the way of files: one row each, stored once, tried again, taken down."""

import io
import os
import random
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from schemas.errors import NewsmillError
from schemas.run import Run
from tasks.ingestion.backfilling import checked_range, run_backfill
from tasks.ingestion.forgetting import forget
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.quarantine import Selection, list_refusals, refused_bytes
from tasks.ingestion.replaying import run_replay
from tasks.reading.discovery import display_path, path_shown_as
from tasks.storage.layout import locate
from tests.ingestion.mill import Mill, block, words
from tests.reading.archives import ARCHIVES, gz, limits, tar_of, zip_of

FILES = "SELECT path, outcome, reason, article_count FROM files ORDER BY path, outcome, article_count"


def story(number: int, day: str = "2025-12-01") -> bytes:
    """One article that resembles no other."""
    return block(f"Nummer {number}", words(number), day).encode()


def replay(mill: Mill, **reading: Any) -> Run:
    settings = replace(mill.settings, reading=replace(mill.settings.reading, **reading))
    return run_replay(settings, Selection(), prepare_here)


def raw_names(mill: Mill) -> set[str]:
    """The sha256 of all bytes that are kept."""
    return {file.stem for file in locate(mill.warehouse).raw.rglob("*.zst")}


def test_members_and_their_archive_have_a_row_each(mill: Mill) -> None:
    archive = zip_of({"a.txt": story(1) + b"\n" + story(2), "sub/b.txt": b"no header here", "c.jpg": b"picture"})
    mill.put("reuters/a.zip", archive)
    run = mill.ingest()
    assert mill.rows(FILES) == [
        ("reuters/a.zip", "read", None, 0),
        ("reuters/a.zip!a.txt", "read", None, 2),
        ("reuters/a.zip!c.jpg", "skipped", "unsupported_type", 0),
        ("reuters/a.zip!sub/b.txt", "refused", "no_header", 0),
    ]
    assert (run.files_read, run.files_refused, run.files_skipped, run.articles_new) == (2, 1, 1, 2)
    assert mill.rows("SELECT DISTINCT source, modified_at FROM articles JOIN files USING (file_id)")[0][0] == "reuters"
    assert mill.broken() == []


def test_the_bytes_of_members_are_kept_and_those_of_an_archive_that_was_read_are_not(mill: Mill) -> None:
    mill.put("a.zip", zip_of({"a.txt": story(1), "b.txt": b"no header"}))
    mill.ingest()
    kept = mill.column("SELECT file_id FROM files WHERE path LIKE '%!%'")
    assert raw_names(mill) == set(kept)


def test_what_was_too_large_to_read_is_said_to_wait_for_a_change(mill: Mill) -> None:
    mill.put("a.zip", zip_of({"large.txt": story(1)}))
    mill.put("b.txt", story(2))
    mill.ingest(reading=limits(max_file_bytes=300))
    alone, member = sorted(list_refusals(mill.warehouse, Selection()), key=lambda entry: "!" in entry.path)
    with pytest.raises(NewsmillError, match="it is tried again when it changes"):
        refused_bytes(mill.warehouse, alone)
    with pytest.raises(NewsmillError, match=r"it is tried again when a\.zip changes or is replayed"):
        refused_bytes(mill.warehouse, member)


@pytest.mark.parametrize(
    ("path", "member", "source"),
    [
        ("a.zip", "x.txt", None),
        ("a.zip", "reuters/x.txt", "reuters"),
        ("reuters/2025/a.zip", "x.txt", "reuters"),
        ("reuters/a.tar.gz", "dpa/x.txt", "reuters"),
    ],
)
def test_the_source_is_what_it_would_be_had_the_archive_been_unpacked(
    mill: Mill, path: str, member: str, source: str | None
) -> None:
    files = {member: story(1)}
    mill.put(path, zip_of(files) if path.endswith("zip") else gz(tar_of(files)))
    mill.ingest()
    assert mill.column("SELECT source FROM articles") == [source]


def test_the_source_leaves_out_the_names_of_nested_archives(mill: Mill) -> None:
    mill.put("a.zip", zip_of({"dpa/b.tar": tar_of({"x.txt": story(1)})}))
    mill.ingest()
    assert mill.rows("SELECT path, source FROM articles JOIN files USING (file_id)") == [
        ("a.zip!dpa/b.tar!x.txt", "dpa")
    ]


def test_a_second_pass_reads_no_archive_again(mill: Mill) -> None:
    file = mill.put("a.zip", zip_of({"a.txt": story(1), "b.txt": b"no header"}))
    mill.ingest()
    before = mill.tables()
    standing = file.stat()
    file.write_bytes(bytes(standing.st_size))  # whoever opens it finds zeros
    os.utime(file, ns=(standing.st_atime_ns, standing.st_mtime_ns))
    run = mill.ingest()
    assert (run.files_read, run.files_refused) == (0, 0)
    assert mill.tables() == before


def test_the_same_archive_under_another_name_is_a_duplicate_and_not_walked(mill: Mill) -> None:
    data = zip_of({"a.txt": story(1)})
    mill.put("a.zip", data)
    mill.ingest()
    mill.put("b.zip", data)
    mill.ingest()
    assert mill.rows(FILES) == [
        ("a.zip", "read", None, 0),
        ("a.zip!a.txt", "read", None, 1),
        ("b.zip", "duplicate", None, 0),
    ]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("names", [("a.txt", "b.tar.gz"), ("b.txt", "a.tar.gz")])
def test_an_archive_that_also_comes_under_the_name_of_a_text_is_unpacked(
    mill: Mill, names: tuple[str, str], at_once: bool
) -> None:
    archive = gz(tar_of({"m.txt": block("Wahl", words(1)).encode()}))
    for name in names:
        mill.put(name, archive)
        if not at_once:
            mill.ingest()
    mill.ingest()
    assert mill.column("SELECT headline FROM articles") == ["Wahl"]
    assert mill.broken() == []
    before = mill.tables()
    mill.ingest()
    assert mill.tables() == before


def test_of_a_changed_archive_only_what_is_new_comes_in(mill: Mill) -> None:
    mill.put("a.zip", zip_of({"a.txt": story(1), "b.txt": story(2)}))
    mill.ingest()
    corrected = block("Nummer 2", words(2) + " Nachtrag.").encode()
    mill.put("a.zip", zip_of({"a.txt": story(1), "b.txt": corrected, "c.txt": story(3)}))
    run = mill.ingest()
    assert (run.articles_new, run.articles_new_version, run.articles_unchanged) == (1, 1, 0)
    assert mill.rows("SELECT path, count(*) FROM files GROUP BY path ORDER BY path") == [
        ("a.zip", 2),
        ("a.zip!a.txt", 1),
        ("a.zip!b.txt", 2),
        ("a.zip!c.txt", 1),
    ]
    assert mill.broken() == []


def test_equal_members_and_equal_files_are_stored_once(mill: Mill) -> None:
    mill.put("plain.txt", story(1))
    mill.put("a.tar", tar_of({"one.txt": story(1), "two.txt": story(2), "three.txt": story(2)}))
    mill.ingest()
    assert mill.rows(FILES) == [
        ("a.tar", "read", None, 0),
        ("a.tar!one.txt", "read", None, 1),
        ("a.tar!three.txt", "duplicate", None, 0),
        ("a.tar!two.txt", "read", None, 1),
        ("plain.txt", "duplicate", None, 0),
    ]
    assert mill.rows("SELECT count(*) FROM articles") == [(2,)]
    assert mill.broken() == []


def tar_with(*members: tuple[str, bytes | None]) -> bytes:
    """A tar in which names may come twice; None is a link."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in members:
            header = tarfile.TarInfo(name)
            if data is None:
                header.type, header.linkname = tarfile.SYMTYPE, "elsewhere"
            header.size = len(data or b"")
            archive.addfile(header, io.BytesIO(data or b""))
    return packed.getvalue()


BAD = b"no header here"


@pytest.mark.parametrize(
    ("members", "rows"),
    [
        pytest.param([story(1), story(1)], [("read", None, 1)], id="the same twice"),
        pytest.param([story(1), story(2)], [("read", None, 1), ("read", None, 1)], id="two texts"),
        pytest.param([None, None], [("skipped", "not_regular_file", 0)], id="two links"),
        pytest.param([None, story(1)], [("read", None, 1)], id="a link, then a text"),
        pytest.param([story(1), None], [("read", None, 1)], id="a text, then a link"),
        pytest.param([BAD, None], [("refused", "no_header", 0)], id="refused, then a link"),
        pytest.param([BAD, story(1)], [("read", None, 1), ("refused", "no_header", 0)], id="refused, then read"),
        pytest.param([BAD, BAD], [("refused", "no_header", 0)], id="refused twice"),
    ],
)
def test_a_name_that_comes_twice_has_a_row_for_each_of_its_bytes(
    mill: Mill, members: list[bytes | None], rows: list[tuple[Any, ...]]
) -> None:
    mill.put("a.tar", tar_with(*(("x.txt", data) for data in members)))
    mill.ingest()
    assert mill.rows(FILES)[1:] == [("a.tar!x.txt", *row) for row in rows]
    assert mill.broken() == []
    before = mill.tables(but=("runs", "quarantine"), without={"run_id"})
    replay(mill)
    assert mill.tables(but=("runs", "quarantine"), without={"run_id"}) == before
    assert mill.broken() == []


def test_a_name_that_comes_again_and_again_costs_one_row_each_time(mill: Mill) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for number in range(30):
            data = story(number) if number % 2 else b"no header %d" % number
            header = tarfile.TarInfo("a.txt")
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    mill.put("a.tar", packed.getvalue())
    mill.ingest()
    assert mill.rows("SELECT status, count(*) FROM quarantine GROUP BY status") == [("superseded", 15)]
    # The same part written anew for each would take the square of their number.
    assert len(list(locate(mill.warehouse).store.glob("quarantine/*=2*/*.parquet"))) == 1
    assert mill.broken() == []


def test_what_was_read_before_a_cut_is_stored_and_the_archive_kept(mill: Mill) -> None:
    whole = tar_of({"a.txt": story(1), "b.txt": story(2) + os.urandom(9000)}, tarfile.USTAR_FORMAT)
    mill.put("a.tar", whole[: len(whole) // 2])
    mill.ingest()
    assert mill.rows(FILES) == [
        ("a.tar", "refused", "damaged_archive", 0),
        ("a.tar!a.txt", "read", None, 1),
        ("a.tar!b.txt", "refused", "damaged_archive", 0),
    ]
    assert set(mill.column("SELECT file_id FROM files WHERE path IN ('a.tar', 'a.tar!a.txt')")) == raw_names(mill)
    assert mill.broken() == []
    run = replay(mill)
    assert (run.files_refused, run.articles_new) == (1, 0)
    assert mill.rows("SELECT path, status, attempts FROM quarantine ORDER BY path") == [
        ("a.tar", "open", 2),
        ("a.tar!b.txt", "open", 1),
    ]
    assert mill.broken() == []


def test_a_whole_delivery_in_the_place_of_a_cut_one_closes_its_refusals(mill: Mill) -> None:
    whole = tar_of({"a.txt": story(1), "b.txt": story(2) + b" " * 9000}, tarfile.USTAR_FORMAT)
    mill.put("a.tar", whole[: len(whole) // 2])
    mill.ingest()
    mill.put("a.tar", whole)
    mill.ingest()
    assert mill.column("SELECT headline FROM articles ORDER BY headline") == ["Nummer 1", "Nummer 2"]
    assert mill.column("SELECT DISTINCT status FROM quarantine WHERE status = 'open'") == []
    assert mill.rows("SELECT path, outcome FROM files ORDER BY path, outcome") == [
        ("a.tar", "read"),
        ("a.tar", "refused"),
        ("a.tar!a.txt", "read"),
        ("a.tar!b.txt", "read"),
    ]
    assert mill.broken() == []


def test_a_replay_with_other_limits_takes_in_what_was_too_much(mill: Mill) -> None:
    few = limits(max_members=1)
    mill.put("a.zip", zip_of({"a.txt": story(1), "b.txt": story(2)}))
    mill.ingest(reading=few)
    assert mill.rows(FILES) == [("a.zip", "refused", "too_large", 0)]
    run = replay(mill)
    assert (run.files_read, run.articles_new) == (3, 2)
    assert mill.rows("SELECT status FROM quarantine") == [("replayed",)]
    assert raw_names(mill) >= set(mill.column("SELECT file_id FROM articles"))
    assert mill.broken() == []
    before = mill.tables()
    assert mill.ingest().articles_new == 0
    assert mill.tables() == before


def test_a_refused_member_is_replayed_by_itself(mill: Mill) -> None:
    ambiguous = block("Brücke gesperrt", words(1), day="03/04/2025").encode()
    name = "b\udcff\\x.txt"
    mill.put("dpa/a.tar", tar_of({name: ambiguous, "../c.txt": story(2)}))
    mill.ingest()
    replay(mill, day_first=True)
    shown = display_path(f"dpa/a.tar!{name}")
    assert mill.rows(FILES) == [
        ("dpa/a.tar", "read", None, 0),
        ("dpa/a.tar!../c.txt", "refused", "unsafe_archive", 0),
        (shown, "read", None, 1),
    ]
    assert path_shown_as(shown) == f"dpa/a.tar!{name}"
    assert mill.rows("SELECT headline, source FROM articles") == [("Brücke gesperrt", "dpa")]
    assert mill.broken() == []


def test_articles_of_members_are_derived_again_from_their_bytes(mill: Mill) -> None:
    file = mill.put("dpa/a.zip", zip_of({"a.txt": story(1), "b.txt": story(2)}))
    mill.ingest()
    file.unlink()
    day = mill.column("SELECT published_date FROM articles")[0]
    before = mill.tables(without={"run_id"})
    summary = run_backfill(mill.settings, checked_range(day, day), prepare_here)
    assert (summary.articles_in_range, summary.left_out, summary.changes.total()) == (2, 0, 0)
    assert mill.tables(without={"run_id"}) == before


SECRET = "Geheimnis"


def leaks(folder: Path) -> list[str]:
    """Kept bytes in which the secret stands."""
    found = []
    for file in sorted(folder.glob("raw/*/*.zst")):
        with pa.input_stream(str(file), compression="zstd") as stream:
            if SECRET.encode() in bytes(stream.read()):
                found.append(file.name)
    return found


def with_secret(mill: Mill) -> None:
    """A damaged archive, whose bytes are kept, holds a secret and something else."""
    files = {"a.txt": block(SECRET, words(1)).encode(), "b.txt": story(2)}
    mill.put("a.zip", zip_of(files, zipfile.ZIP_STORED)[:-30])
    mill.put("other.txt", story(3))
    mill.ingest()
    assert len(leaks(mill.warehouse)) == 2


def test_forgetting_a_member_forgets_the_bytes_of_its_archive_too(mill: Mill) -> None:
    with_secret(mill)
    gone = forget(mill.warehouse, "a.zip!a.txt")
    assert gone.paths == ("a.zip", "a.zip!a.txt")
    assert leaks(mill.warehouse) == []
    assert mill.column("SELECT headline FROM articles ORDER BY headline") == ["Nummer 2", "Nummer 3"]
    mill.put("copy.zip", (mill.input / "a.zip").read_bytes())
    mill.put("again.tar", tar_of({"a.txt": block(SECRET, words(1)).encode() + b" ", "x.txt": BAD})[:-2000])
    mill.ingest()
    assert leaks(mill.warehouse) == []
    assert mill.column("SELECT count(*) FROM articles") == [2]
    assert mill.broken() == []


def test_forgetting_an_archive_forgets_all_its_members(mill: Mill) -> None:
    with_secret(mill)
    gone = forget(mill.warehouse, "a.zip")
    assert len(gone.article_ids) == 2
    assert mill.column("SELECT headline FROM articles") == ["Nummer 3"]
    assert leaks(mill.warehouse) == []


def test_many_members_are_cut_into_slices(mill: Mill) -> None:
    mill.put("a.tar.gz", gz(tar_of({f"{number}.txt": story(number) for number in range(1_100)})))
    run = mill.ingest()
    assert (run.files_read, run.articles_new) == (1_101, 1_100)
    assert mill.broken() == []


def test_damaged_archives_of_every_kind_leave_a_warehouse_that_keeps_its_promises(mill: Mill) -> None:
    chance = random.Random(7)
    for kind, make in ARCHIVES.items():
        whole = make({"a.txt": story(1) + b"\n" + BAD, "sub/b.txt": story(2), "c.zip": zip_of({"d.txt": story(3)})})
        for number in range(8):
            data = bytearray(whole)
            for _ in range(number):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            mill.put(f"{number}.{kind}", bytes(data[: chance.randint(len(data) // 2, len(data))]))
    mill.ingest()
    assert mill.broken() == []
    articles = mill.tables(but=("runs", "quarantine", "files"), without={"run_id"})
    replay(mill)
    assert mill.broken() == []
    assert mill.tables(but=("runs", "quarantine", "files"), without={"run_id"}) == articles
