"""The system calls of a command, and what of its files would be left if the power failed between two of them.

The worst disk that a file system may be: bytes are there once the file was synced after they were written, a name is
there once its folder was synced after it was given, and nothing before.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

WRITES = {"write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "copy_file_range", "sendfile"}
SYNCS = {"fsync", "fdatasync"}
NAMES = {"open", "openat", "creat", "rename", "renameat", "renameat2", "link", "linkat", "mkdir", "mkdirat"}
REMOVALS = {"unlink", "unlinkat"}
TRACED = sorted(WRITES | SYNCS | NAMES | REMOVALS)

WHOLE = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<given>.*)\) += (?P<result>-?\d+)(?:<(?P<opened>.*)>)?")
BEGUN = re.compile(r"^(?P<pid>\d+) +(?P<call>\w+\(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^(?P<pid>\d+) +<\.\.\. \w+ resumed>(?P<rest>.*)$")
DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A system call that succeeded; `paths` are those it names, the last one the name that it gives."""

    name: str
    paths: tuple[str, ...]
    creates: bool = False


def traced(command: Sequence[str], log: Path, *, strace: str, folder: Path) -> list[Call]:
    """Run a command to a good end and give its calls, those of all its processes in the order of their ends."""
    options = ["-f", "-y", "-qq", "-s", "0", "-e", f"trace={','.join(TRACED)}", "-e", "signal=none", "-o", str(log)]
    subprocess.run([strace, *options, *command], cwd=folder, check=True, capture_output=True)
    return list(parse_trace(log.read_text(encoding="utf-8", errors="surrogateescape").splitlines()))


def parse_trace(lines: Iterable[str]) -> Iterator[Call]:
    """The calls that succeeded. A sync counts from its end, a write too: what one thread writes while another syncs
    the same file would be taken for synced, which newsmill does not do.
    """
    begun: dict[str, str] = {}
    for line in lines:
        if cut := BEGUN.match(line):
            begun[cut["pid"]] = cut["call"]
            continue
        resumed = RESUMED.match(line)
        whole = WHOLE.match(f"{resumed['pid']} {begun.pop(resumed['pid'])}{resumed['rest']}" if resumed else line)
        if whole and int(whole["result"]) >= 0:
            yield call_of(whole["name"], whole["given"], whole["opened"])


def call_of(name: str, given: str, opened: str | None) -> Call:
    """One call with its paths: of a descriptor the file behind it, of an opening the file opened."""
    if name in WRITES | SYNCS:
        behind = DESCRIPTOR.match(given)
        return Call(name=name, paths=(behind[1],) if behind else ())
    if name in {"open", "openat", "creat"}:
        return Call(name=name, paths=(opened,) if opened else (), creates="O_CREAT" in given or name == "creat")
    return Call(name=name, paths=tuple(QUOTED.findall(given)))


@dataclass(slots=True)
class Disk:
    """What is named and written, and what of it is there for good. Files that stood before the trace are."""

    unsynced_bytes: set[str] = field(default_factory=set)
    unsynced_names: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    def take(self, call: Call) -> None:
        """Let one call happen."""
        if not call.paths:
            return
        path = call.paths[-1]
        if call.name in WRITES:
            self.unsynced_bytes.add(path)
        elif call.name in SYNCS:
            self.unsynced_bytes.discard(path)
            self.unsynced_names -= {name for name in self.unsynced_names if str(Path(name).parent) == path}
        elif call.name in REMOVALS:
            self.forget(path)
        elif call.name in NAMES and (call.name not in {"open", "openat", "creat"} or self.is_new(call)):
            self.give_name(call, path)

    def is_new(self, call: Call) -> bool:
        return call.creates and call.paths[-1] not in self.known

    def give_name(self, call: Call, path: str) -> None:
        """A name is new, by opening, renaming, linking or making a folder; bytes come along with a name."""
        if call.name.startswith(("rename", "link")):
            before = call.paths[0]
            self.unsynced_bytes.discard(path)
            if before in self.unsynced_bytes:
                self.unsynced_bytes.add(path)
            if call.name.startswith("rename"):
                self.forget(before)
        self.known.add(path)
        self.unsynced_names.add(path)

    def forget(self, path: str) -> None:
        self.unsynced_bytes.discard(path)
        self.unsynced_names.discard(path)
        self.known.discard(path)

    def would_lose(self, path: str) -> bool:
        """Whether a power cut now takes the file, or bytes of it."""
        above = {path, *map(str, Path(path).parents)}
        return path in self.unsynced_bytes or bool(above & self.unsynced_names)


def find_losses(calls: Iterable[Call], root: Path, before: Iterable[Path] = ()) -> list[str]:
    """A sentence for each moment at which a power cut would break what the warehouse at `root` has promised.

    `before` are the files that stood there when the trace began.
    """
    disk = Disk(known={str(path) for path in before})
    log, found = str(root / "ledger.sqlite-wal"), []
    derived = {str(root / "catalog.duckdb"), str(root / "manifest.json")}
    for call in calls:
        path = call.paths[-1] if call.paths else ""
        if call.name in SYNCS and path == log:
            found += [f"committed before {lost} was on the disk" for lost in promised(disk, root)]
        if path in derived and call.name.startswith("rename") and call.paths[0] in disk.unsynced_bytes:
            found.append(f"{path} was renamed into place before its bytes were on the disk")
        if call.name in REMOVALS and path.startswith(f"{root}/store/") and log in disk.unsynced_bytes:
            found.append(f"{path} was deleted before the commit was on the disk that lets it go")
        disk.take(call)
    # The last sync of all is not followed by another.
    return [line.replace(f"{root}/", "") for line in dict.fromkeys(found)]


def promised(disk: Disk, root: Path) -> list[str]:
    """Files which a commit relies on, and which a power cut now would take."""
    folders = tuple(f"{root}/{name}/" for name in ("store", "raw", "tables"))
    files = {str(root / "catalog.duckdb"), str(root / "manifest.json"), str(root / "ledger.sqlite")}
    relied_on = [path for path in disk.known if path in files or path.startswith(folders)]
    return sorted(path for path in relied_on if disk.would_lose(path))
