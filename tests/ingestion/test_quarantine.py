"""What stands in quarantine, and how it leaves it when someone mends the file."""

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas.errors import NewsmillError
from schemas.reasons import QuarantineStatus, Reason
from tasks.ingestion import gathering
from tasks.ingestion.preparing import prepare_here
from tasks.ingestion.quarantine import Entry, Selection, list_refusals, refused_bytes
from tasks.ingestion.replaying import discard, run_replay
from tasks.storage.layout import locate
from tasks.storage.raw import raw_file
from tests.ingestion.mill import Mill, block, words

AMBIGUOUS = block("Brücke gesperrt", words(1), day="03/04/2025")
MENDED = block("Brücke gesperrt", words(1), day="2025-04-03")
WAHL = block("Wahl", words(2))
BAD_STREIK = block("Streik", words(3), day="2025-02-30")
STREIK = block("Streik", words(3), day="2025-02-28")
STATUSES = "SELECT path, position_in_file, reason, status FROM quarantine ORDER BY first_seen_at, path, reason"


def test_an_entry_tells_what_was_found_and_how_large_the_file_is(mill: Mill) -> None:
    mill.put("a.txt", f"{WAHL}\n{BAD_STREIK}")
    mill.ingest()
    (entry,) = list_refusals(mill.warehouse, Selection())
    assert (entry.path, entry.position_in_file, entry.reason) == ("a.txt", 2, Reason.INVALID_DATE)
    assert entry.detail is not None
    assert "2025-02-30" in entry.detail
    assert entry.size_bytes == len(f"{WAHL}\n{BAD_STREIK}".encode())
    assert (entry.attempts, entry.first_seen_at) == (1, entry.last_seen_at)


def test_refusals_are_listed_by_status(mill: Mill) -> None:
    mill.put("a.txt", AMBIGUOUS)
    mill.put("b.txt", block("Streik", words(3), day="05/06/2025"))
    mill.ingest()
    discard(mill.warehouse, Selection(file="a.txt"))
    listed = {
        status: [entry.path for entry in list_refusals(mill.warehouse, Selection(), status)]
        for status in (*QuarantineStatus, None)
    }
    assert listed == {
        "open": ["b.txt"],
        "replayed": [],
        "superseded": [],
        "discarded": ["a.txt"],
        None: ["a.txt", "b.txt"],
    }


def test_the_members_of_an_archive_are_named_by_its_path() -> None:
    entries = [entry_of("dump.zip!a.txt"), entry_of("dump.zip"), entry_of("dump.zip.txt")]
    assert [Selection(file="dump.zip").takes(entry) for entry in entries] == [True, True, False]


def test_a_block_of_mixed_bytes_that_shares_its_line_is_shown_as_it_was(mill: Mill) -> None:
    first = block("Streik", words(3), day="2025-02-30").encode().rstrip() + b" Caf\xe9 \xe2\x80\x9cso\xe2\x80\x9d."
    mill.put("a.txt", first + block("Wahl", words(2)).encode())
    mill.ingest()
    (entry,) = list_refusals(mill.warehouse, Selection())
    assert refused_bytes(mill.warehouse, entry).strip() == first.strip()


def entry_of(path: str) -> Entry:
    now = datetime(2025, 12, 1, tzinfo=UTC)
    return Entry(
        first_seen_at=now,
        last_seen_at=now,
        status=QuarantineStatus.OPEN,
        reason=Reason.BINARY,
        detail=None,
        attempts=1,
        path=path,
        position_in_file=None,
        file_id="f",
        size_bytes=1,
    )


def test_a_file_corrected_in_place_leaves_no_open_refusal(mill: Mill) -> None:
    mill.put("a.txt", AMBIGUOUS)
    mill.ingest()
    mill.put("a.txt", MENDED)
    mill.ingest()
    assert mill.rows(STATUSES) == [("a.txt", None, "ambiguous_date", "superseded")]
    assert list_refusals(mill.warehouse, Selection()) == []
    assert mill.broken() == []


def test_a_block_of_a_corrected_file_is_open_no_more(mill: Mill) -> None:
    mill.put("a.txt", f"{WAHL}\n{BAD_STREIK}")
    mill.ingest()
    mill.put("a.txt", f"{WAHL}\n{STREIK}")
    mill.ingest()
    assert mill.rows(STATUSES) == [("a.txt", 2, "invalid_date", "superseded")]
    assert mill.rows("SELECT headline FROM current_articles ORDER BY headline") == [("Streik",), ("Wahl",)]
    assert mill.broken() == []


def test_a_correction_that_leaves_another_block_bad_is_open_for_that_one(mill: Mill) -> None:
    mill.put("a.txt", f"{BAD_STREIK}\n{WAHL}")
    mill.ingest()
    mill.put("a.txt", f"{STREIK}\n{block('Wahl', words(2), day='2025-13-01')}")
    mill.ingest()
    assert mill.rows(STATUSES) == [
        ("a.txt", 1, "invalid_date", "superseded"),
        ("a.txt", 2, "invalid_date", "open"),
    ]
    assert mill.broken() == []


@pytest.mark.parametrize("order", [("a.txt", "b.txt"), ("b.txt", "a.txt")])
@pytest.mark.parametrize("at_once", [True, False])
def test_refused_bytes_are_open_as_long_as_they_lie_at_any_path(
    mill: Mill, order: tuple[str, str], at_once: bool
) -> None:
    bad, good = f"{WAHL}\n{BAD_STREIK}", f"{WAHL}\n{STREIK}"
    for name in order:
        mill.put(name, bad)
        if not at_once:
            mill.ingest()
    mill.ingest()
    for name, status in (("a.txt", "open"), ("b.txt", "superseded")):
        mill.put(name, good)
        mill.ingest()
        assert {row[3] for row in mill.rows(STATUSES)} == {status}
    mill.put("c.txt", bad)
    mill.ingest()
    assert {row[3] for row in mill.rows(STATUSES)} == {"open"}
    assert mill.broken() == []


@pytest.mark.parametrize("slice_files", [1, 5_000])
def test_two_copies_that_are_mended_in_one_pass_wait_no_more(
    mill: Mill, slice_files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "SLICE_FILES", slice_files)
    for name in ("a.txt", "b.txt"):
        mill.put(name, f"{WAHL}\n{BAD_STREIK}")
    mill.ingest()
    for name in ("a.txt", "b.txt"):
        mill.put(name, f"{WAHL}\n{STREIK} {name}")
    mill.ingest()
    assert {row[3] for row in mill.rows(STATUSES)} == {"superseded"}


def test_of_two_copies_one_mended_and_one_that_comes_in_the_same_pass_the_refusal_waits(mill: Mill) -> None:
    mill.put("m.txt", f"{WAHL}\n{BAD_STREIK}")
    mill.ingest()
    mill.put("m.txt", f"{WAHL}\n{STREIK}")
    for name in ("a.txt", "z.txt"):
        mill.put(name, f"{WAHL}\n{BAD_STREIK}")
    mill.ingest()
    assert {row[3] for row in mill.rows(STATUSES)} == {"open"}


def test_a_correction_that_is_refused_too_closes_nothing(mill: Mill) -> None:
    mill.put("a.txt", AMBIGUOUS)
    mill.ingest()
    mill.put("a.txt", "no header at all")
    mill.ingest()
    assert [row[2:] for row in mill.rows(STATUSES)] == [("ambiguous_date", "open"), ("no_header", "open")]
    mill.put("a.txt", MENDED)
    mill.ingest()
    assert {row[3] for row in mill.rows(STATUSES)} == {"superseded"}


def test_refused_bytes_that_come_back_wait_again(mill: Mill) -> None:
    for content in (AMBIGUOUS, MENDED, AMBIGUOUS + "\n"):
        mill.put("a.txt", content)
        mill.ingest()
    file = mill.put("a.txt", AMBIGUOUS)
    os.utime(file, (1, 1))
    mill.ingest()
    assert [row[3] for row in mill.rows(STATUSES)] == ["open", "open"]
    assert mill.broken() == []


def test_the_same_path_below_another_input_is_another_file(mill: Mill) -> None:
    mill.put("a.txt", AMBIGUOUS)
    mill.ingest()
    other = mill.input.with_name("other")
    other.mkdir()
    (other / "a.txt").write_text(MENDED)
    mill.ingest(input_folder=other)
    assert mill.rows(STATUSES) == [("a.txt", None, "ambiguous_date", "open")]


def test_a_replay_of_old_bytes_leaves_newer_refusals_of_that_path_open(mill: Mill) -> None:
    mill.put("a.txt", AMBIGUOUS)
    mill.ingest()
    mill.put("a.txt", "no header at all")
    mill.ingest()
    settings = replace(mill.settings, reading=replace(mill.settings.reading, day_first=True))
    run_replay(settings, Selection(reason=Reason.AMBIGUOUS_DATE), prepare_here)
    assert [row[2:] for row in mill.rows(STATUSES)] == [("ambiguous_date", "replayed"), ("no_header", "open")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"", b"", id="LF"),
        pytest.param(b"\xef\xbb\xbf", b"\r\n", id="mark and CRLF"),
        pytest.param(b"greetings\n\n", b"\nlast line \xe9", id="litter before and a stray byte"),
    ],
)
def test_the_bytes_of_a_refused_block_are_its_own(mill: Mill, before: bytes, after: bytes) -> None:
    blocks = [WAHL.encode(), BAD_STREIK.encode() + after, block("Haushalt", words(4)).encode()]
    mill.put("a.txt", before + b"\n".join(blocks))
    mill.ingest()
    (entry,) = list_refusals(mill.warehouse, Selection())
    assert refused_bytes(mill.warehouse, entry) == blocks[1] + b"\n"


def test_the_last_block_goes_to_the_end_of_the_file(mill: Mill) -> None:
    mill.put("a.txt", f"{WAHL}\n{BAD_STREIK}")
    mill.ingest()
    (entry,) = list_refusals(mill.warehouse, Selection())
    assert refused_bytes(mill.warehouse, entry) == BAD_STREIK.encode()


def test_a_block_in_utf_16_is_shown_as_utf_8(mill: Mill) -> None:
    mill.put("a.txt", f"{WAHL}\n{BAD_STREIK}\n{block('Haushalt', words(4))}".encode("utf-16"))
    mill.ingest()
    (entry,) = list_refusals(mill.warehouse, Selection())
    assert refused_bytes(mill.warehouse, entry).decode().strip() == BAD_STREIK.strip()


def test_bytes_that_are_kept_no_more_are_named(mill: Mill) -> None:
    mill.put("a.txt", AMBIGUOUS)
    mill.ingest()
    (entry,) = list_refusals(mill.warehouse, Selection())
    assert entry.file_id
    raw_file(locate(mill.warehouse), entry.file_id).unlink()
    with pytest.raises(NewsmillError, match=r"The bytes of a\.txt are not kept"):
        refused_bytes(mill.warehouse, entry)
