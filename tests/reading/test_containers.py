"""Archives of every kind, whole and damaged and hostile: what becomes of them and of each member."""

import bz2
import io
import os
import stat
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.reasons import FileOutcome, Reason
from tasks.reading.containers import Archive
from tasks.reading.contents import FileContent, FileRefusal
from tasks.reading.tars import SPARSE, parse_records
from tests.reading.archives import ARCHIVES, PACKERS, THREE, Item, fates, gz, limits, tar_of, unpack, zip_of, zst

MIB = 1 << 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty input folder; the temporary files lie beside it."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.mark.parametrize("kind", ARCHIVES)
def test_the_members_of_an_archive_of_any_kind_are_read(folder: Path, kind: str) -> None:
    items = unpack(folder, f"news.{kind}", ARCHIVES[kind](THREE))
    texts = {f"news.{kind}!{name}": data.decode() for name, data in THREE.items()}
    assert fates(items) == {**texts, f"news.{kind}": "read"}
    assert items[-1].path == f"news.{kind}"
    assert {item.modified_at for item in items[:-1]} == {datetime(2025, 12, 1, 10, tzinfo=UTC)}


@pytest.mark.parametrize("codec", PACKERS)
def test_a_compressed_file_has_one_member_named_without_the_ending(folder: Path, codec: str) -> None:
    items = unpack(folder, f"dump.txt.{codec}", PACKERS[codec](b"text"))
    assert fates(items) == {f"dump.txt.{codec}!dump.txt": "text", f"dump.txt.{codec}": "read"}


def test_an_ending_counts_in_any_case(folder: Path) -> None:
    assert fates(unpack(folder, "NEWS.ZIP", zip_of({"A.TXT": b"text"})))["NEWS.ZIP!A.TXT"] == "text"


@pytest.mark.parametrize("codec", PACKERS)
def test_frames_behind_one_another_are_one_text(folder: Path, codec: str) -> None:
    pack = PACKERS[codec]
    items = unpack(folder, f"a.{codec}", pack(b"one ") + pack(b"") + pack(b"two"))
    assert fates(items)[f"a.{codec}!a"] == "one two"


@pytest.mark.parametrize("codec", ["gz", "bz2", "xz"])
def test_zeros_may_pad_the_end(folder: Path, codec: str) -> None:
    assert fates(unpack(folder, f"a.{codec}", PACKERS[codec](b"text") + bytes(40_000)))[f"a.{codec}"] == "read"


@pytest.mark.parametrize("codec", PACKERS)
@pytest.mark.parametrize("damage", ["cut", "one byte short", "garbage behind", "flipped"])
def test_a_damaged_compressed_file_is_refused_as_one_file(folder: Path, codec: str, damage: str) -> None:
    data = PACKERS[codec](os.urandom(50_000))
    damaged = {
        "cut": data[: len(data) // 2],
        "one byte short": data[:-1],
        "garbage behind": data + b"garbage that is no frame",
        "flipped": data[:-6] + bytes([data[-6] ^ 1]) + data[-5:],
    }[damage]
    if codec == "zst" and damage == "flipped":
        damaged = data[:3] + b"\x00" + data[4:]  # pyarrow writes no checksum, so a flipped letter is one
    assert fates(unpack(folder, f"a.{codec}", damaged)) == {f"a.{codec}": "damaged_archive"}


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.zst", "tar.bz2", "tar.xz"])
def test_members_before_a_cut_are_kept(folder: Path, kind: str) -> None:
    plain = tar_of({"a.txt": b"first", "b.txt": os.urandom(MIB), "c.txt": b"third"})
    cut = plain[: MIB // 2]
    items = unpack(folder, f"a.{kind}", cut if kind == "tar" else PACKERS[kind[4:]](cut))
    name = f"a.{kind}"
    assert fates(items) == {f"{name}!a.txt": "first", f"{name}!b.txt": "damaged_archive", name: "damaged_archive"}
    assert isinstance(items[-1], Archive)
    assert items[-1].refusal
    assert "cut short" in (items[-1].refusal.detail or "")


def test_a_tar_cut_between_two_members_is_damaged_although_all_it_has_is_whole(folder: Path) -> None:
    items = unpack(folder, "a.tar", tar_of({"a.txt": b"first", "b.txt": b"second"}, tarfile.USTAR_FORMAT)[:1024])
    assert fates(items) == {"a.tar!a.txt": "first", "a.tar": "damaged_archive"}


def test_data_behind_the_end_of_a_tar_is_not_lost_in_silence(folder: Path) -> None:
    items = unpack(folder, "a.tar", tar_of({"a.txt": b"first"}) + tar_of({"b.txt": b"second"}))
    assert fates(items) == {"a.tar!a.txt": "first", "a.tar": "damaged_archive"}


def test_one_damaged_member_of_a_zip_does_not_take_its_neighbours_along(folder: Path) -> None:
    data = zip_of({"a.txt": b"first", "b.txt": b"second", "c.txt": b"third"}, zipfile.ZIP_STORED)
    items = unpack(folder, "a.zip", data.replace(b"second", b"secund"))
    assert fates(items) == {
        "a.zip!a.txt": "first",
        "a.zip!b.txt": "damaged_archive",
        "a.zip!c.txt": "third",
        "a.zip": "damaged_archive",
    }


def test_the_members_of_a_cut_zip_are_read_as_far_as_it_goes(folder: Path) -> None:
    data = zip_of({"a.txt": b"first", "b.txt": os.urandom(5000)})
    assert fates(unpack(folder, "a.zip", data[:3000])) == {"a.zip!a.txt": "first", "a.zip": "damaged_archive"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.zip", zip_of({}), id="zip"),
        pytest.param("a.tar", tar_of({}), id="tar"),
        pytest.param("a.tgz", gz(tar_of({})), id="tar.gz"),
        pytest.param("a.zip", zip_of({"folder/": b""}), id="a zip of a folder"),
        pytest.param("a.gz", b"", id="no bytes"),
    ],
)
def test_an_archive_without_a_member_is_empty_as_a_file_without_text_is(folder: Path, name: str, data: bytes) -> None:
    assert fates(unpack(folder, name, data)) == {name: "empty"}


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        pytest.param("a.gz", zip_of({"x.txt": b"text"}), {"a.gz!x.txt": "text", "a.gz": "read"}, id="a zip named gz"),
        pytest.param("a.zip", gz(b"text"), {"a.zip!a": "text", "a.zip": "read"}, id="a gzip named zip"),
        pytest.param("a.gz", gz(tar_of({"x": b"text"})), {"a.gz!x": "text", "a.gz": "read"}, id="a tar in a gz"),
        pytest.param(
            "a.tar", gz(tar_of({"x": b"text"})), {"a.tar!x": "text", "a.tar": "read"}, id="a tar.gz named tar"
        ),
        pytest.param("a.txt.gz", b"date 2025-12-01 Text", {"a.txt.gz": "damaged_archive"}, id="a text named gz"),
        pytest.param("a.tar.gz", gz(b"text"), {"a.tar.gz": "damaged_archive"}, id="a text in a tar.gz"),
        pytest.param("a.7z", b"7z\xbc\xaf\x27\x1c", {"a.7z": "unsupported_type"}, id="7z"),
        pytest.param("a.rar", b"Rar!\x1a\x07", {"a.rar": "unsupported_type"}, id="rar"),
    ],
)
def test_the_first_bytes_say_which_archive_it_is(
    folder: Path, name: str, data: bytes, expected: dict[str, str]
) -> None:
    assert fates(unpack(folder, name, data)) == expected


def test_archives_in_an_archive_are_walked_too(folder: Path) -> None:
    inner = gz(tar_of({"d/c.txt": b"text", "e.txt.bz2": bz2.compress(b"more")}))
    assert fates(unpack(folder, "a.zip", zip_of({"sub/b.tar.gz": inner}))) == {
        "a.zip!sub/b.tar.gz!d/c.txt": "text",
        "a.zip!sub/b.tar.gz!e.txt.bz2!e.txt": "more",
        "a.zip!sub/b.tar.gz!e.txt.bz2": "read",
        "a.zip!sub/b.tar.gz": "read",
        "a.zip": "read",
    }


def test_archives_deeper_than_the_limit_are_refused_and_their_neighbours_read(folder: Path) -> None:
    deep = zip_of({"c.zip": zip_of({"d.zip": zip_of({"x.txt": b"too deep"})}), "y.txt": b"text"})
    items = unpack(folder, "a.zip", zip_of({"b.zip": deep}), limits(max_depth=3))
    assert fates(items)["a.zip!b.zip!c.zip!d.zip"] == "unsafe_archive"
    assert fates(items)["a.zip!b.zip!y.txt"] == "text"


HOSTILE_NAMES = [
    "../escape.txt",
    "sub/../../escape.txt",
    "/etc/cron.txt",
    "C:\\windows\\a.txt",
    "..\\escape.txt",
    "\\\\host\\a.txt",
    "../x!y.txt",
    "../b.zip!y.txt",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_leads_out_is_refused_with_its_bytes_and_written_nowhere(
    folder: Path, kind: str, name: str
) -> None:
    before = {str(path) for path in folder.parent.rglob("*")} | {str(folder / f"a.{kind}")}
    items = unpack(folder, f"a.{kind}", ARCHIVES[kind]({name: b"text", "good.txt": b"good"}))
    assert {str(path) for path in folder.parent.rglob("*")} == before
    (bad, good, archive) = items
    assert isinstance(bad, FileRefusal)
    assert (bad.outcome, bad.reason, bad.data) == (FileOutcome.REFUSED, Reason.UNSAFE_ARCHIVE, b"text")
    assert fates([good, archive]) == {f"a.{kind}!good.txt": "good", f"a.{kind}": "read"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".hidden.txt", Reason.HIDDEN),
        (".git/config.txt", Reason.HIDDEN),
        ("__MACOSX/._a.txt", Reason.HIDDEN),
        ("a.txt.part", Reason.TEMPORARY),
        ("~$a.txt", Reason.TEMPORARY),
        ("picture.jpg", Reason.UNSUPPORTED_TYPE),
    ],
)
def test_a_member_is_passed_over_for_its_name_as_a_file_would_be(folder: Path, name: str, reason: Reason) -> None:
    items = unpack(folder, "a.zip", zip_of({name: b"text", "good.txt": b"good"}))
    (skipped, _, archive) = items
    assert isinstance(skipped, FileRefusal)
    assert (skipped.outcome, skipped.reason) == (FileOutcome.SKIPPED, reason)
    assert isinstance(archive, Archive)
    assert not archive.has_unread


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        (tarfile.SYMTYPE, "link to /etc/passwd"),
        (tarfile.LNKTYPE, "link to /etc/passwd"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "pipe"),
        (b"Z", "kind b'Z'"),
    ],
)
def test_what_is_no_file_in_a_tar_has_its_own_row_and_is_never_followed(folder: Path, kind: bytes, detail: str) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        header = tarfile.TarInfo("odd")
        header.type, header.linkname = kind, "/etc/passwd"
        archive.addfile(header)
        header = tarfile.TarInfo("good.txt")
        header.size = 4
        archive.addfile(header, io.BytesIO(b"good"))
    odd, good, _ = unpack(folder, "a.tar", packed.getvalue())
    assert isinstance(odd, FileRefusal)
    assert (odd.outcome, odd.reason, odd.detail) == (FileOutcome.SKIPPED, Reason.NOT_REGULAR_FILE, detail)
    assert fates([good]) == {"a.tar!good.txt": "good"}


def test_a_link_in_a_zip_is_not_followed(folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good.txt", "good")
    assert fates(unpack(folder, "a.zip", packed.getvalue())) == {
        "a.zip!link.txt": "not_regular_file",
        "a.zip!good.txt": "good",
        "a.zip": "read",
    }


def flagged(data: bytes, at_local: int, at_directory: int, value: bytes) -> bytes:
    """A zip with some bytes of the first member's two headers changed."""
    directory = data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[at_local : at_local + len(value)] = value
    changed[directory + at_directory : directory + at_directory + len(value)] = value
    return bytes(changed)


def test_an_encrypted_member_is_refused_and_its_neighbours_are_read(folder: Path) -> None:
    data = flagged(zip_of({"a.txt": b"first", "b.txt": b"second"}), 6, 8, b"\x01\x00")
    items = unpack(folder, "a.zip", data)
    assert fates(items) == {"a.zip!a.txt": "encrypted", "a.zip!b.txt": "second", "a.zip": "read"}
    assert isinstance(items[-1], Archive)
    assert items[-1].has_unread


def test_a_member_packed_by_a_method_that_is_not_read_is_refused(folder: Path) -> None:
    data = flagged(zip_of({"a.txt": b"first", "b.txt": b"second"}), 8, 10, b"\x09\x00")
    fate = fates(unpack(folder, "a.zip", data))
    assert (fate["a.zip!a.txt"], fate["a.zip!b.txt"]) == ("unsupported_type", "second")


def test_a_member_of_a_zip_may_be_packed_with_bzip2(folder: Path) -> None:
    items = unpack(folder, "a.zip", zip_of(THREE, zipfile.ZIP_BZIP2))
    assert fates(items)["a.zip!sub/b.txt"] == "second"


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("name", ["x" * 250 + ".txt", "grüße/" * 30 + "ä.txt", "a\nb.txt", "b\udcff.txt", "-rf"])
def test_any_name_is_kept_as_it_is(folder: Path, form: int, name: str) -> None:
    assert f"a.tar!{name}" in fates(unpack(folder, "a.tar", tar_of({name: b"text"}, form)))


def test_names_that_do_not_say_their_encoding_are_utf8_where_they_can_be(folder: Path) -> None:
    # Finder writes UTF-8 without saying so; others write the code page of their time.
    data = zip_of({"Gr..e.txt": b"text", "Gr.e2.txt": b"more"}, zipfile.ZIP_STORED)
    data = data.replace(b"Gr..e.txt", "Grße.txt".encode()).replace(b"Gr.e2.txt", b"Gr\xe1e2.txt")
    assert fates(unpack(folder, "a.zip", data)) == {
        "a.zip!Grße.txt": "text",
        "a.zip!Gr\udce1e2.txt": "more",
        "a.zip": "read",
    }


def test_steps_that_mean_nothing_are_left_out_of_a_name(folder: Path) -> None:
    assert "a.tar!sub/b.txt" in fates(unpack(folder, "a.tar", tar_of({"./sub//./b.txt": b"text"})))


@pytest.mark.parametrize("mtime", [0, 1, -5, 2**33, 2**60, 1e300])
def test_a_time_that_cannot_be_is_the_archives(folder: Path, mtime: float) -> None:
    member, archive = unpack(folder, "a.tar", tar_of({"a.txt": b"text"}, tarfile.PAX_FORMAT, mtime=mtime))
    assert member.modified_at == archive.modified_at


# Hostile sizes.

SPACES = b" " * (16 * MIB)


def bomb(kind: str, size: int) -> bytes:
    """So many spaces, packed."""
    if kind in PACKERS:
        return PACKERS[kind](b" " * size)
    return ARCHIVES[kind]({"a.txt": b" " * size})


@pytest.mark.parametrize("kind", [*PACKERS, "zip", "tar.gz", "tar.zst", "tar.bz2", "tar.xz"])
def test_a_bomb_is_refused_in_every_format_before_it_is_unpacked(folder: Path, kind: str) -> None:
    data = bomb(kind, 64 * MIB)
    few = limits(ratio_from_bytes=MIB, max_file_bytes=64 * MIB)
    tracemalloc.start()
    items = unpack(folder, f"a.{kind}", data, few)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fates(items) == {f"a.{kind}": "too_large"}
    assert peak < 24 * MIB


@pytest.mark.parametrize("kind", PACKERS)
def test_a_compressed_file_above_the_limit_of_a_file_is_too_large(folder: Path, kind: str) -> None:
    items = unpack(folder, f"a.{kind}", PACKERS[kind](b"x" * 2000), limits(max_file_bytes=1999))
    assert fates(items) == {f"a.{kind}": "too_large"}
    assert fates(unpack(folder, f"a.{kind}", PACKERS[kind](b"x" * 2000), limits(max_file_bytes=2000)))[f"a.{kind}"] == (
        "read"
    )


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.xz"])
def test_a_member_above_the_limit_does_not_take_its_neighbours_along(folder: Path, kind: str) -> None:
    data = ARCHIVES[kind]({"a.txt": b"first", "big.txt": b"x" * 2000, "c.txt": b"third"})
    assert fates(unpack(folder, f"a.{kind}", data, limits(max_file_bytes=100))) == {
        f"a.{kind}!a.txt": "first",
        f"a.{kind}!big.txt": "too_large",
        f"a.{kind}!c.txt": "third",
        f"a.{kind}": "read",
    }


def test_a_size_that_the_directory_lies_about_is_found_out(folder: Path) -> None:
    data = flagged(zip_of({"a.txt": b"x" * 2000}), 22, 24, (5).to_bytes(4, "little"))
    assert fates(unpack(folder, "a.zip", data, limits(max_file_bytes=1000)))["a.zip!a.txt"] == "too_large"
    assert fates(unpack(folder, "a.zip", data))["a.zip!a.txt"] == "damaged_archive"


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.zst"])
def test_too_many_members_are_refused(folder: Path, kind: str) -> None:
    data = ARCHIVES[kind]({f"{number}.txt": b"text" for number in range(30)})
    fate = fates(unpack(folder, f"a.{kind}", data, limits(max_members=20)))
    assert fate[f"a.{kind}"] == "too_large"


def test_a_directory_of_a_million_members_is_not_held_in_memory(folder: Path) -> None:
    entry = zip_of({"a": b""})
    directory = entry[entry.index(b"PK\x01\x02") : entry.index(b"PK\x05\x06")]
    count = 1_000_000
    end = bytearray(entry[entry.index(b"PK\x05\x06") :])
    end[12:16] = (len(directory) * count).to_bytes(4, "little")
    data = entry[: entry.index(b"PK\x01\x02")] + directory * count + bytes(end)
    tracemalloc.start()
    items = unpack(folder, "a.zip", data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fates(items) == {"a.zip": "too_large"}
    assert peak < len(data) * 3


def test_members_that_share_their_bytes_are_unsafe(folder: Path) -> None:
    data = zip_of({"a.txt": b"first" * 100, "b.txt": b"second"})
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    overlapping = data[: second + 42] + bytes(4) + data[second + 46 :]
    assert fates(unpack(folder, "a.zip", overlapping)) == {"a.zip": "unsafe_archive"}


def test_a_bomb_of_nested_archives_comes_to_an_end(folder: Path) -> None:
    data = zip_of({"0.txt": SPACES})
    for level in range(2):
        data = zip_of({f"{level}{number}.zip": data for number in range(16)})
    started = time.process_time()
    items = unpack(folder, "a.zip", data, limits(ratio_from_bytes=MIB))
    assert fates(items)["a.zip"] == "too_large"
    assert time.process_time() - started < 5


def test_an_endless_number_of_empty_frames_comes_to_an_end(folder: Path) -> None:
    data = gz(b"") * 100_000
    started = time.process_time()
    assert fates(unpack(folder, "a.gz", data, limits(max_unpacked_bytes=20 * MIB))) == {"a.gz": "too_large"}
    assert time.process_time() - started < 5


def test_a_header_of_any_size_is_not_held_in_memory(folder: Path) -> None:
    packed = tarfile.TarInfo("././@LongLink")
    packed.type, packed.size = tarfile.GNUTYPE_LONGNAME, 8 << 30
    data = packed.tobuf(tarfile.GNU_FORMAT) + bytes(MIB)
    assert fates(unpack(folder, "a.tar", data)) == {"a.tar": "damaged_archive"}


def test_a_header_of_many_records_is_not_copied_for_each_member() -> None:
    assert parse_records(b"".join(b"19 GNU.sparse%03d=x\n" % number for number in range(999))) == {SPARSE: "x"}


def test_a_detail_that_quotes_a_name_is_short(folder: Path) -> None:
    archive = unpack(folder, "a.zip", zip_of({"n" * 60_000: b"text"})[:60_020])[-1]
    assert isinstance(archive, Archive)
    assert archive.refusal is not None
    assert len(archive.refusal.detail or "") == 200


def test_a_name_or_size_beyond_all_reason_is_refused(folder: Path) -> None:
    long = "x" * 200_000
    assert fates(unpack(folder, "a.tar", tar_of({long: b"text", "good.txt": b"good"}))) == {
        f"a.tar!{'x' * 4096}": "unsafe_archive",
        "a.tar!good.txt": "good",
        "a.tar": "read",
    }
    huge = tarfile.TarInfo("huge.txt")
    huge.size = 2**70
    member, archive = unpack(folder, "b.tar", huge.tobuf(tarfile.GNU_FORMAT) + b"text")
    assert fates([member, archive]) == {"b.tar!huge.txt": "damaged_archive", "b.tar": "damaged_archive"}
    assert member.size_bytes == 2**63 - 1


def test_a_description_that_cannot_be_read_damages_its_member_alone(folder: Path) -> None:
    data = tar_of({"ä.txt": b"first", "b.txt": b"second"}).replace(b" path=", b" path:")
    items = unpack(folder, "a.tar", data)
    assert list(fates(items).values()) == ["damaged_archive", "second", "damaged_archive"]


def test_a_frame_that_asks_for_gigabytes_of_memory_is_too_large(folder: Path) -> None:
    # A zstd frame header: magic, no checksum, then a window of 2 to the power of 31 bytes.
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([(31 - 10) << 3]) + b"\x01\x00\x00"
    assert fates(unpack(folder, "a.zst", frame)) == {"a.zst": "too_large"}


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_memory_is_that_of_one_member_whatever_their_number(folder: Path, kind: str) -> None:
    def peak(count: int) -> int:
        (folder / f"a.{kind}").unlink(missing_ok=True)
        data = ARCHIVES[kind]({f"{number}.txt": os.urandom(4096) for number in range(count)})
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        for item in walked(folder, f"a.{kind}", data):
            assert isinstance(item, FileContent | Archive)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - before

    # The directory of a zip is held, 1 KiB a member; 8 MiB of contents would show.
    assert peak(4000) < peak(2000) + 2000 * (1200 if kind == "zip" else 20)


def walked(folder: Path, name: str, data: bytes) -> list[Item]:
    """The kinds of what is met; nothing of the members is held."""
    from tasks.reading.contents import read_contents
    from tasks.reading.discovery import find_files
    from tests.reading.archives import walk

    (folder / name).write_bytes(data)
    (found,) = find_files(folder)
    archive = None
    for item in walk(read_contents(folder, found, limits(), folder.parent)):
        archive = item
    assert archive is not None
    return [archive]


# Any damage.

SMALL = {kind: make({"a.txt": b"first" * 50, "sub/b.txt": b"second" * 50}) for kind, make in ARCHIVES.items()}
SMALL |= {codec: pack(b"text" * 100) for codec, pack in PACKERS.items()}
SMALL["nested.zip"] = zip_of({"b.tar.gz": gz(tar_of({"c.txt": b"text"})), "d.zst": zst(b"more")})


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(SMALL)),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=0, max_size=4)), max_size=4),
    kept=st.floats(0, 1),
    cut=st.booleans(),
)
def test_no_damage_raises_and_every_member_met_has_one_fate(
    folder: Path, kind: str, edits: list[tuple[float, bytes]], kept: float, cut: bool
) -> None:
    data = bytearray(SMALL[kind])
    for at, change in edits:
        start = int(at * (len(data) - 1))
        data[start : start + len(change)] = change
    damaged = bytes(data[: int(kept * len(data))] if cut else data)
    items = unpack(folder, f"x.{kind}", damaged)
    assert items[-1].path == f"x.{kind}"
    for item in items:
        assert item.path == f"x.{kind}" or item.path.startswith(f"x.{kind}!")
        if isinstance(item, FileRefusal):
            assert (item.file_id is None) == (item.data is None)
    archive = items[-1]
    whole: Callable[[Item], bool] = lambda item: isinstance(item, FileContent)  # noqa: E731
    if isinstance(archive, Archive) and archive.refusal is None:
        assert any(map(whole, items)) or len(items) > 1
