"""Which files are new, how they are grouped, and when a growing one is ready."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.errors import WrongUse
from tasks.ingestion.planning import checked_input, find_new_files, input_number, plan_batches
from tasks.ingestion.watching import Watch, find_waiting
from tasks.reading.discovery import FoundFile
from tasks.settings import load_settings
from tasks.storage.opening import writing
from tests.ingestion.mill import Mill, block, words


def found(path: str, size_bytes: int = 100, modified_ns: int = 0) -> FoundFile:
    return FoundFile(path=path, size_bytes=size_bytes, modified_ns=modified_ns)


def sizes(files: list[FoundFile], **limits: int) -> list[int]:
    settings = replace(load_settings(workers=1), **limits)  # type: ignore[arg-type]
    return [len(plan.files) for plan in plan_batches(files, "run", settings)]


def test_batches_are_bounded_by_the_number_of_files() -> None:
    assert sizes([found(str(n)) for n in range(7)], batch_files=3) == [3, 3, 1]


def test_batches_are_bounded_by_bytes_and_one_file_may_exceed_them() -> None:
    files = [found("a", 60), found("b", 60), found("c", 500), found("d", 10), found("e", 10)]
    assert sizes(files, batch_bytes=100) == [1, 1, 1, 2]


def test_several_workers_get_smaller_batches_towards_the_end() -> None:
    files = [found(str(n)) for n in range(2000)]
    assert sizes(files, batch_files=800, workers=2) == [500, 375, 281, 211, 158, 118, 100, 100, 100, 57]
    assert sizes(files, batch_files=800, workers=1) == [800, 800, 400]


def test_what_fits_into_one_batch_is_not_parted() -> None:
    assert sizes([found(str(n)) for n in range(800)], batch_files=800, workers=2) == [800]
    assert sizes([found(str(n)) for n in range(801)], batch_files=800, workers=2)[0] == 200


def test_no_files_make_no_batch() -> None:
    assert sizes([]) == []


def test_batches_are_numbered_from_one_and_made_as_they_are_asked_for() -> None:
    def endless() -> Iterator[FoundFile]:
        while True:
            yield found("a")

    plans = plan_batches(endless(), "run", replace(load_settings(workers=1), batch_files=2))
    assert [next(plans).batch_no for _ in range(3)] == [1, 2, 3]


def new_files(mill: Mill) -> list[str]:
    with writing(mill.warehouse) as (_, ledger):
        return [file.path for file in find_new_files(ledger, mill.input, input_number(ledger, mill.input))]


def test_a_file_is_new_until_it_was_dealt_with_and_when_it_changes(mill: Mill) -> None:
    file = mill.put("folder/a.txt", block("Eins", words(1)))
    assert new_files(mill) == ["folder/a.txt"]
    mill.ingest()
    assert new_files(mill) == []
    os.utime(file, (0, 0))
    assert new_files(mill) == ["folder/a.txt"]
    mill.ingest()
    mill.put("folder/a.txt", block("Zwei", words(2)))
    assert new_files(mill) == ["folder/a.txt"]


def test_names_of_any_bytes_are_remembered(mill: Mill) -> None:
    for name in (b"caf\xe9.txt", "café.txt".encode(), b"new\nline.txt", b"back\\xe9.txt"):
        with open(os.path.join(os.fsencode(mill.input), name), "w", encoding="utf-8") as file:
            file.write(block(f"Datei {name!r}", words(len(name))))
    assert len(new_files(mill)) == 4
    mill.ingest()
    assert new_files(mill) == []
    assert mill.column("SELECT count(DISTINCT path) FROM files") == [4]


def test_the_same_name_below_another_input_is_another_file(mill: Mill, tmp_path: Path) -> None:
    mill.put("a.txt", block("Eins", words(1)))
    mill.ingest()
    other = Mill(settings=replace(mill.settings, input_folder=tmp_path / "other"))
    other.put("a.txt", block("Zwei", words(2)))
    other.ingest()
    assert mill.column("SELECT headline FROM articles ORDER BY headline") == ["Eins", "Zwei"]
    assert new_files(mill) == new_files(other) == []


@pytest.mark.parametrize("inside", ["", "data", "a/b"])
def test_a_warehouse_inside_the_input_is_wrong_use(tmp_path: Path, inside: str) -> None:
    with pytest.raises(WrongUse, match="lies inside the input"):
        checked_input(tmp_path, tmp_path / inside)


def test_an_input_inside_the_warehouse_folder_or_beside_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "data-in").mkdir()
    assert checked_input(tmp_path / "data-in", tmp_path / "data") == tmp_path / "data-in"


def test_a_file_is_stable_when_it_has_looked_the_same_for_long_enough() -> None:
    watch = Watch(quiet_seconds=2)
    a, b = found("a", 11), found("b", 5, modified_ns=1)
    assert watch.settle([found("a", 10)], now_s=0) == set()
    assert watch.settle([found("a", 10)], now_s=1) == set()
    assert watch.settle([a, found("b", 5)], now_s=2) == set()
    assert watch.settle([a, b], now_s=4) == {a}
    assert watch.settle([b], now_s=6) == {b}


def test_what_was_handed_over_in_vain_is_tried_again_a_minute_later_or_when_it_changes() -> None:
    watch = Watch(quiet_seconds=2)
    looks = [(now, watch.settle([found("a")], now_s=now)) for now in range(100)]
    assert [now for now, stable in looks if stable] == [2, 62]
    assert watch.settle([found("a", 11)], now_s=100) == set()
    assert watch.settle([found("a", 11)], now_s=102) == {found("a", 11)}


def test_a_file_that_is_old_when_it_is_first_seen_waits_no_longer_than_another() -> None:
    watch = Watch(quiet_seconds=2)
    old, young = found("old", modified_ns=1), found("young", modified_ns=2**62)
    watch.settle([old, young], now_s=0)
    assert watch.settle([old, young], now_s=2) == {old, young}


def test_a_file_that_went_and_came_back_waits_anew() -> None:
    watch = Watch(quiet_seconds=2)
    watch.settle([found("a")], now_s=0)
    watch.settle([], now_s=1)
    assert watch.settle([found("a")], now_s=2) == set()


def test_only_files_that_were_not_dealt_with_wait(mill: Mill) -> None:
    mill.put("a.txt", block("Eins", words(1)))
    mill.ingest()
    mill.put("b.txt", block("Zwei", words(2)))
    assert [file.path for file in find_waiting(mill.input, mill.warehouse)] == ["b.txt"]
