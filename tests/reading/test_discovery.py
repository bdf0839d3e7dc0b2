"""Which files of a folder are found, and which are passed over."""

import os
import socket
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import WrongUse
from schemas.reasons import FileOutcome, Reason
from tasks.reading.discovery import display_path, find_files, path_shown_as
from tasks.reading.links import LinkTarget, follow_link


def found(folder: Path) -> dict[str, str]:
    """Each path with the reason why it is passed over, or `read`."""
    return {file.path: file.skip.reason.value if file.skip else "read" for file in find_files(folder)}


def test_files_of_subfolders_come_in_a_fixed_order(tmp_path: Path) -> None:
    for path in ("b.txt", "2025/12/01/z.txt", "2025/12/01/a.txt", "a.txt", "folder.txt/inside.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert [file.path for file in find_files(tmp_path)] == [
        "2025/12/01/a.txt",
        "2025/12/01/z.txt",
        "a.txt",
        "b.txt",
        "folder.txt/inside.txt",
    ]


def test_size_and_time_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"12345")
    os.utime(tmp_path / "a.txt", ns=(0, 1_764_583_200_123_456_789))
    (file,) = find_files(tmp_path)
    assert (file.size_bytes, file.modified_ns) == (5, 1_764_583_200_123_456_789)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("article.txt", "read"),
        ("ARTICLE.TXT", "read"),
        ("article", "read"),
        ("morning.dump", "read"),
        ("dump.2025-12-01", "read"),
        ("Storm in the U.S. today", "read"),
        ("-rf.txt", "read"),
        ("two\nlines.txt", "read"),
        ("e\u0301.txt", "read"),
        ("x" * 246 + ".txt", "read"),
        ("news.txt.gz", "read"),  # opened, so that its refusal keeps its bytes
        (".DS_Store", "hidden"),
        (".article.txt.swp", "hidden"),
        ("incoming_2.tmp", "temporary"),
        ("article.txt.part", "temporary"),
        ("article.txt~", "temporary"),
        ("~$article.txt", "temporary"),
        ("article.md", "unsupported_type"),
        ("picture.JPG", "unsupported_type"),
        ("table.csv", "unsupported_type"),
    ],
)
def test_the_name_of_a_file_tells_whether_it_is_read(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / name).touch()
    assert found(tmp_path) == {name: reason}


def test_a_hidden_folder_is_one_row_and_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.txt").touch()
    assert found(tmp_path) == {".git": "hidden"}


def test_a_name_that_is_not_utf_8_is_found_and_shown(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xe4me.txt"))).touch()
    (file,) = find_files(tmp_path)
    assert display_path(file.path) == "n\\xe4me.txt"


def test_links_are_never_followed_out_of_the_input(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "real.txt").write_text("text")
    (folder / ".hidden.txt").write_text("text")
    links = {
        "same.txt": "real.txt",
        "hides.txt": ".hidden.txt",
        "self.txt": "self.txt",
        "up": "..",
        "here": ".",
        "sub/above": "../sub",
        "other": "sub",
        "out.txt": "../outside.txt",
        "absolute.txt": str(outside),
        "nowhere.txt": "missing.txt",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    assert found(folder) == {
        ".hidden.txt": "hidden",
        "absolute.txt": "outside_input",
        "here": "symlink_loop",
        "hides.txt": "hidden",
        "nowhere.txt": "missing_target",
        "other": "link_to_folder",
        "out.txt": "outside_input",
        "real.txt": "read",
        "same.txt": "read",
        "self.txt": "symlink_loop",
        "sub/above": "symlink_loop",
        "up": "outside_input",
    }


def test_the_input_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").touch()
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path / "link") == {"a.txt": "read"}


def test_pipes_and_sockets_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)  # the name of a socket may have 107 bytes only
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert found(tmp_path) == {"pipe.txt": "not_regular_file", "socket.txt": "not_regular_file"}


@pytest.mark.usefixtures("without_root_powers")
@pytest.mark.parametrize("mode", [0o000, 0o600, 0o300])
def test_a_folder_that_cannot_be_entered_is_one_refused_row(tmp_path: Path, mode: int) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (locked / "a.txt").touch()
    (tmp_path / "open.txt").touch()
    locked.chmod(mode)
    files = list(find_files(tmp_path))
    locked.chmod(0o700)
    assert [(file.path, file.skip and (file.skip.outcome, file.skip.reason)) for file in files] == [
        ("locked", (FileOutcome.REFUSED, Reason.UNREADABLE)),
        ("open.txt", None),
    ]


def test_a_missing_input_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="There is no input folder"):
        find_files(tmp_path / "missing")


def test_a_file_as_input_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(WrongUse, match=r"a\.txt' is a file"):
        find_files(tmp_path / "a.txt")


def test_folders_nested_deeper_than_a_path_may_be_long_are_read(tmp_path: Path) -> None:
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(40):
        os.mkdir("d" * 200, dir_fd=at)
        at, above = os.open("d" * 200, os.O_RDONLY, dir_fd=at), at
        os.close(above)
    os.close(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)
    (file,) = find_files(tmp_path)
    assert file.path.endswith("/a.txt")
    assert file.skip is None
    assert len(file.path) > 8000


def test_what_looks_as_it_is_known_to_is_left_out_and_nothing_else(tmp_path: Path) -> None:
    for path in ("a.txt", ".hidden", "folder/a.txt", "folder/b.txt", "grown.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    os.symlink("a.txt", tmp_path / "link.txt")
    (tmp_path / ".folder").mkdir()
    known = {file.path: (os.fsencode(file.path), file.size_bytes, file.modified_ns) for file in find_files(tmp_path)}
    (tmp_path / "grown.txt").write_text("one more line")
    os.unlink(tmp_path / "link.txt")
    os.symlink("grown.txt", tmp_path / "link.txt")

    def known_in(folder: str) -> set[tuple[bytes, int, int]]:
        return {*known.values()} if folder == "" else {(b"b.txt", 0, known["folder/b.txt"][2])}

    assert [file.path for file in find_files(tmp_path, known_in)] == ["folder/a.txt", "grown.txt", "link.txt"]


def test_a_link_in_the_place_of_a_known_file_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"longer than its name")
    os.symlink("a.txt", tmp_path / "b.txt")
    looks = os.lstat(tmp_path / "b.txt")
    known = {(b"b.txt", looks.st_size, looks.st_mtime_ns)}
    assert [file.path for file in find_files(tmp_path, lambda _: known)] == ["a.txt", "b.txt"]


def test_many_files_are_listed_in_a_moment(tmp_path: Path) -> None:
    for number in range(4000):
        (tmp_path / f"{number}.txt").touch()
    start = time.process_time()
    assert sum(1 for _ in find_files(tmp_path)) == 4000
    assert time.process_time() - start < 5  # 20,000 take about 0.15 s; the square of 4,000 would take minutes


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("2025/12/café (1).txt", "2025/12/café (1).txt"),
        ('it\'s "quoted" $HOME `x`.txt', 'it\'s "quoted" $HOME `x`.txt'),
        ("two\nlines\x1b[31m.txt", "two\\x0alines\\x1b[31m.txt"),
        ("latin1_n\udce4me.txt", "latin1_n\\xe4me.txt"),
        ("a\u202etxt.exe", "a\\xe2\\x80\\xaetxt.exe"),
        ("windows\\path.txt", "windows\\path.txt"),
        ("not really \\xe4.txt", "not really \\\\xe4.txt"),
    ],
)
def test_a_path_is_shown_on_one_line_without_tricks(path: str, shown: str) -> None:
    assert display_path(path) == shown


@given(
    st.lists(st.sampled_from([b"\\", b"x", b"0a", b"\n", b"\xff", b"a", b"\xe2\x80\x8b", "ß".encode()])).map(b"".join)
)
def test_the_path_that_is_shown_can_be_told(name: bytes) -> None:
    assert path_shown_as(display_path(os.fsdecode(name))) == os.fsdecode(name)


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_different_names_are_shown_differently(one: bytes, other: bytes) -> None:
    shown, shown_other = display_path(os.fsdecode(one)), display_path(os.fsdecode(other))
    assert (shown == shown_other) == (one == other)
    assert shown.isprintable() or not shown.isascii()
    assert shown.encode().decode() == shown


def test_a_link_into_what_is_passed_over_is_passed_over_too(tmp_path: Path) -> None:
    for path in (".git/a.txt", "half.part/a.txt", "a.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("text")
    (tmp_path / "git.txt").symlink_to(".git/a.txt")
    (tmp_path / "half.txt").symlink_to("half.part/a.txt")
    (tmp_path / "page.txt").symlink_to("a.md")
    assert found(tmp_path) == {
        ".git": "hidden",
        "a.md": "unsupported_type",
        "git.txt": "hidden",
        "half.part": "temporary",
        "half.txt": "temporary",
        "page.txt": "unsupported_type",
    }


def test_a_link_that_goes_out_and_comes_back_is_the_file_it_leads_to(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "real.txt").write_text("text")
    (tmp_path / "way").symlink_to("in")
    (folder / "round.txt").symlink_to("../way/real.txt")
    (folder / "back.txt").symlink_to("../in/real.txt")
    assert found(folder) == {"back.txt": "read", "real.txt": "read", "round.txt": "read"}
    targets = [follow_link(os.path.realpath(folder), name) for name in ("back.txt", "round.txt")]
    assert [target.path for target in targets if isinstance(target, LinkTarget)] == ["real.txt"] * 2


def test_links_that_lead_to_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("c.txt")
    (tmp_path / "c.txt").symlink_to("a.txt")
    for number in range(60):  # more than the system follows
        (tmp_path / f"{number:02d}.txt").symlink_to(f"{number + 1:02d}.txt")
    (tmp_path / "60.txt").write_text("text")
    reasons = found(tmp_path)
    assert {reasons[name] for name in ("a.txt", "b.txt", "c.txt")} == {"symlink_loop"}
    assert reasons["59.txt"] == reasons["60.txt"] == "read"


def test_a_link_to_a_device_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "terminal.txt").symlink_to("/proc/self/fd/0")
    assert found(tmp_path) == {"terminal.txt": "outside_input", "zero.txt": "outside_input"}


def test_a_device_is_not_opened(tmp_path: Path) -> None:
    try:
        os.mknod(tmp_path / "zero.txt", 0o644 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root may make a device")
    assert found(tmp_path) == {"zero.txt": "not_regular_file"}


@pytest.mark.usefixtures("without_root_powers")
def test_a_file_that_may_not_be_read_is_found_and_left_to_reading(tmp_path: Path) -> None:
    (tmp_path / "locked.txt").write_text("text")
    (tmp_path / "locked.txt").chmod(0o000)
    assert found(tmp_path) == {"locked.txt": "read"}
