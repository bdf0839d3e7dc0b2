"""Which files lie in the input folder, and which of them are passed over unread."""

import os
import re
import stat
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import WrongUse
from schemas.reasons import FileOutcome, Reason
from tasks.reading.links import LinkTarget, follow_link
from tasks.reading.names import ending, file_reason, name_reason
from tasks.reading.opening import READ_FOLDER, opened_below


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Why a path is not read; its outcome is SKIPPED, or REFUSED for what could not be entered."""

    outcome: FileOutcome
    reason: Reason
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """One path met in the input folder, as the listing saw it."""

    path: str  # relative to the input, `/`-separated, as os.fsdecode gives it
    size_bytes: int
    modified_ns: int
    skip: Skip | None = None


# How a file looks in its folder: the bytes of its name, its size, and its time in nanoseconds.
Looks = tuple[bytes, int, int]


def nothing_known(_: str) -> Container[Looks]:
    """What is known of the files in a folder when nothing is."""
    return ()


def find_files(input_folder: Path, known_in: Callable[[str], Container[Looks]] = nothing_known) -> Iterator[FoundFile]:
    """Every file below the folder in a fixed order, and every folder, link or device that is passed over.

    Leaves out what looks as `known_in` says for its folder, which is named as in a path and '' at the top. Opens no
    file and holds the listings of one folder and of those above it. Raises `WrongUse` at once when the input is
    missing, no folder, or cannot be listed.
    """
    shown = display_path(str(input_folder))
    if not input_folder.exists():
        raise WrongUse(f"There is no input folder '{shown}'.")
    if not input_folder.is_dir():
        raise WrongUse(f"The input '{shown}' is a file; give the folder it lies in.")
    root = os.path.realpath(input_folder)
    try:
        top = list_folder(root, "", known_in)
    except OSError as error:
        raise WrongUse(f"The input folder '{shown}' cannot be listed: {error.strerror}.") from error
    return find_below(root, top, known_in)


# Names in one folder, each with what is to be done about it; a folder that is to be entered has its standing.
Listing = list[tuple[str, FoundFile | os.stat_result]]


def list_folder(root: str, path: str, known_in: Callable[[str], Container[Looks]]) -> Listing:
    """What is new in one folder, sorted by name; what vanishes meanwhile is left out. Raises `OSError`."""
    listing: Listing = []
    known = known_in(path)
    above = f"{path}/" if path else ""
    encode, is_regular = os.fsencode, stat.S_ISREG
    with opened_below(root, path, READ_FOLDER) as folder, os.scandir(folder) as entries:
        # Nearly every file of a large folder ends at the first `continue`: a million of them are a few seconds.
        for entry in entries:
            name = entry.name
            try:
                standing = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            looks = (encode(name), standing.st_size, standing.st_mtime_ns)
            if looks in known and is_regular(standing.st_mode):
                continue
            if stat.S_ISDIR(standing.st_mode) and not name_reason(name):
                listing.append((name, standing))
                continue
            found = look_at(root, f"{above}{name}", name, standing)
            if (looks[0], found.size_bytes, kept_ns(found.modified_ns)) not in known:
                listing.append((name, found))
    return sorted(listing, key=lambda named: named[0])


LONGEST_NS = 2**63 - 1


def kept_ns(modified_ns: int) -> int:
    """A file's time as the ledger keeps it: some file systems have times beyond 64 bits of nanoseconds (year 2262)."""
    return max(-LONGEST_NS, min(modified_ns, LONGEST_NS))


def find_below(root: str, top: Listing, known_in: Callable[[str], Container[Looks]]) -> Iterator[FoundFile]:
    """Depth first without recursion: folders may be nested deeper than Python may recurse."""
    stack = [("", iter(top))]
    while stack:
        above, entries = stack[-1]
        name, found = next(entries, ("", None))
        if found is None:
            stack.pop()
        elif isinstance(found, FoundFile):
            yield found
        else:
            path = f"{above}{name}"
            try:
                stack.append((f"{path}/", iter(list_folder(root, path, known_in))))
            except OSError as error:
                yield passed_over(path, found, Reason.UNREADABLE, f"the folder: {error.strerror}")


def look_at(root: str, path: str, name: str, standing: os.stat_result) -> FoundFile:
    """What to do with one path that is not a folder."""
    if reason := name_reason(name):
        return passed_over(path, standing, reason)
    if stat.S_ISLNK(standing.st_mode):
        return look_at_link(root, path, name, standing)
    if not stat.S_ISREG(standing.st_mode):
        return passed_over(path, standing, Reason.NOT_REGULAR_FILE, kind_of(standing))
    if reason := file_reason(name):
        return passed_over(path, standing, reason, unsupported(name))
    return FoundFile(path=path, size_bytes=standing.st_size, modified_ns=standing.st_mtime_ns)


def look_at_link(root: str, path: str, name: str, standing: os.stat_result) -> FoundFile:
    """A link is read as the file it leads to, if that lies inside the input and would be read itself."""
    target = file_reason(name) or follow_link(root, path)
    if not isinstance(target, LinkTarget):
        return passed_over(path, standing, target, f"link to {display_path(os.readlink(os.path.join(root, path)))}")
    return FoundFile(path=path, size_bytes=target.standing.st_size, modified_ns=target.standing.st_mtime_ns)


def passed_over(path: str, standing: os.stat_result, reason: Reason, detail: str | None = None) -> FoundFile:
    """A path that is not read."""
    outcome = FileOutcome.REFUSED if reason is Reason.UNREADABLE else FileOutcome.SKIPPED
    skip = Skip(outcome=outcome, reason=reason, detail=detail)
    return FoundFile(path=path, size_bytes=standing.st_size, modified_ns=standing.st_mtime_ns, skip=skip)


def unsupported(name: str) -> str | None:
    """The ending, where that is the reason."""
    return f".{ending(name)}" if name_reason(name) is None else None


KINDS = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}


def kind_of(standing: os.stat_result) -> str:
    """What a path is that is neither file, folder nor link."""
    return KINDS.get(stat.S_IFMT(standing.st_mode), "unknown kind")


# Not UTF-8 (surrogates), control characters, and those that end a line, hide or reorder what is shown.
UNSAFE = "\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
TO_ESCAPE = re.compile(f"[{UNSAFE}]")
# A real backslash is doubled where it could be taken for one of ours, so different paths stay different.
MISTAKABLE_BACKSLASH = re.compile(rf"\\(?=[x\\{UNSAFE}])")


def display_path(path: str) -> str:
    r"""A path that is safe to print and store: bytes that are not UTF-8 and unsafe characters as `\xNN` per byte."""
    if path.isascii() and path.isprintable() and "\\" not in path:
        return path
    doubled = MISTAKABLE_BACKSLASH.sub(r"\\\\", path)
    return TO_ESCAPE.sub(lambda found: "".join(f"\\x{byte:02x}" for byte in name_bytes(found[0])), doubled)


SHOWN_BYTE = re.compile(rb"\\\\|\\x([0-9a-f]{2})")


def path_shown_as(shown: str) -> str:
    """The path, as os.fsdecode gives it, that `display_path` shows so."""
    if "\\" not in shown:
        return shown
    restored = SHOWN_BYTE.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else b"\\", os.fsencode(shown))
    return os.fsdecode(restored)


def name_bytes(character: str) -> bytes:
    """The bytes of one character of a file name; a lone surrogate outside Python's escape range keeps its code."""
    try:
        return os.fsencode(character)
    except UnicodeEncodeError:
        return character.encode("utf-8", "surrogatepass")
