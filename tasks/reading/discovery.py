"""Which files lie in the input folder, and which of them are passed over unread."""

import os
import re
import stat
from collections.abc import Iterator
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


def find_files(input_folder: Path) -> Iterator[FoundFile]:
    """Every file below the folder in a fixed order, and every folder, link or device that is passed over.

    Opens no file and holds the listings of one folder and of those above it. Raises `WrongUse` at once when the input
    is missing, no folder, or cannot be listed.
    """
    shown = display_path(str(input_folder))
    if not input_folder.exists():
        raise WrongUse(f"There is no input folder '{shown}'.")
    if not input_folder.is_dir():
        raise WrongUse(f"The input '{shown}' is a file; give the folder it lies in.")
    root = os.path.realpath(input_folder)
    try:
        top = list_folder(root, "")
    except OSError as error:
        raise WrongUse(f"The input folder '{shown}' cannot be listed: {error.strerror}.") from error
    return find_below(root, top)


Listing = list[tuple[str, os.stat_result]]


def list_folder(root: str, path: str) -> Listing:
    """Names and standings in one folder, sorted by name; what vanishes meanwhile is left out. Raises `OSError`."""
    listing = []
    with opened_below(root, path, READ_FOLDER) as folder, os.scandir(folder) as entries:
        for entry in entries:
            try:
                listing.append((entry.name, entry.stat(follow_symlinks=False)))
            except FileNotFoundError:
                continue
    return sorted(listing, key=lambda named: named[0])


def find_below(root: str, top: Listing) -> Iterator[FoundFile]:
    """Depth first without recursion: folders may be nested deeper than Python may recurse."""
    stack = [("", iter(top))]
    while stack:
        above, entries = stack[-1]
        name, standing = next(entries, (None, None))
        if name is None or standing is None:
            stack.pop()
            continue
        path = f"{above}{name}"
        if not stat.S_ISDIR(standing.st_mode):
            yield look_at(root, path, name, standing)
        elif reason := name_reason(name):
            yield passed_over(path, standing, reason)
        else:
            try:
                stack.append((f"{path}/", iter(list_folder(root, path))))
            except OSError as error:
                yield passed_over(path, standing, Reason.UNREADABLE, f"the folder: {error.strerror}")


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
