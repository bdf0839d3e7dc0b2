"""The bytes of found files, and why some are not taken in."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.reasons import FileOutcome, Reason
from tasks.reading.contents import Archive, FileContent, FileRefusal, instant, read_contents
from tasks.reading.discovery import FoundFile, find_files
from tasks.reading.settings import ReadingSettings
from tests.reading.dumps import SETTINGS

OLD = 1_764_583_200_000_000_000  # 2025-12-01 10:00 UTC, in nanoseconds


def only_file(folder: Path) -> FoundFile:
    """The one file of a folder."""
    (file,) = find_files(folder)
    return file


def only_item(folder: Path, file: FoundFile, settings: ReadingSettings = SETTINGS) -> FileContent | FileRefusal:
    """What reading gives for one found file."""
    item = read_contents(folder, file, settings)
    assert not isinstance(item, Archive)
    return item


def test_a_file_is_read_whole_with_its_hash_and_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    os.utime(tmp_path / "a.txt", ns=(0, OLD))
    assert only_item(tmp_path, only_file(tmp_path)) == FileContent(
        path="a.txt",
        file_id=hashlib.sha256(b"text").hexdigest(),
        data=b"text",
        size_bytes=4,
        modified_at=datetime(2025, 12, 1, 10, tzinfo=UTC),
    )


def test_a_link_inside_the_input_is_read_as_its_target(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "real.txt").write_bytes(b"text")
    (tmp_path / "link.txt").symlink_to("sub/real.txt")
    (item,) = (only_item(tmp_path, file) for file in find_files(tmp_path) if file.path == "link.txt")
    assert isinstance(item, FileContent)
    assert item.data == b"text"


def test_a_skipped_file_stays_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.tmp").touch()
    item = only_item(tmp_path, only_file(tmp_path))
    assert isinstance(item, FileRefusal)
    assert (item.outcome, item.reason, item.file_id) == (FileOutcome.SKIPPED, Reason.TEMPORARY, None)


def test_a_file_that_grew_since_the_listing_is_deferred(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    file = only_file(tmp_path)
    path.write_bytes(b"text and more")
    assert refused(tmp_path, file) == (FileOutcome.DEFERRED, Reason.CHANGED_WHILE_READING)


def test_a_file_rewritten_in_the_same_size_is_deferred(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    os.utime(path, ns=(0, OLD))
    file = only_file(tmp_path)
    path.write_bytes(b"next")
    assert refused(tmp_path, file) == (FileOutcome.DEFERRED, Reason.CHANGED_WHILE_READING)


def test_a_file_of_today_is_not_deferred_for_its_age(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    assert isinstance(only_item(tmp_path, only_file(tmp_path)), FileContent)


def test_a_file_gone_since_the_listing_is_deferred(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    file = only_file(tmp_path)
    (tmp_path / "a.txt").unlink()
    assert refused(tmp_path, file) == (FileOutcome.DEFERRED, Reason.VANISHED)


def test_a_link_put_in_the_place_of_a_file_is_not_followed_out(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.txt").write_bytes(b"text")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.txt").write_bytes(b"text")
    file = only_file(folder)
    (folder / "sub").rename(folder / "gone")
    (folder / "sub").symlink_to("../secret")
    assert refused(folder, file)[0] is FileOutcome.DEFERRED


def test_a_pipe_put_in_the_place_of_a_file_does_not_hang_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    file = only_file(tmp_path)
    path.unlink()
    os.mkfifo(path)
    assert refused(tmp_path, file) == (FileOutcome.SKIPPED, Reason.NOT_REGULAR_FILE)


def test_a_file_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 11)
    item = only_item(tmp_path, only_file(tmp_path), ReadingSettings(max_file_bytes=10))
    assert isinstance(item, FileRefusal)
    assert (item.reason, item.detail, item.data) == (Reason.TOO_LARGE, "11 bytes; the limit is 10", None)


def test_an_archive_of_a_kind_that_is_not_unpacked_is_refused_by_name_with_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "news.7z").write_bytes(b"7z\xbc\xaf")
    item = only_item(tmp_path, only_file(tmp_path))
    assert isinstance(item, FileRefusal)
    assert (item.outcome, item.reason, item.data) == (FileOutcome.REFUSED, Reason.UNSUPPORTED_TYPE, b"7z\xbc\xaf")
    assert item.file_id == hashlib.sha256(b"7z\xbc\xaf").hexdigest()


@pytest.mark.usefixtures("without_root_powers")
def test_an_unreadable_file_is_refused_with_the_systems_words(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    (tmp_path / "a.txt").chmod(0)
    item = only_item(tmp_path, only_file(tmp_path))
    assert isinstance(item, FileRefusal)
    assert (item.outcome, item.reason, item.detail) == (FileOutcome.REFUSED, Reason.UNREADABLE, "Permission denied")


def refused(folder: Path, file: FoundFile) -> tuple[FileOutcome, Reason]:
    """Outcome and reason of a file that is not read."""
    item = only_item(folder, file)
    assert isinstance(item, FileRefusal)
    return item.outcome, item.reason


@pytest.mark.parametrize(("modified_ns", "year"), [(0, 1970), (-(10**18), 1938), (10**22, 9999), (-(10**22), 1)])
def test_a_clock_gone_mad_still_gives_a_time(modified_ns: int, year: int) -> None:
    assert instant(modified_ns).year == year
