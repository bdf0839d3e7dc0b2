"""What the name of a file or folder tells before anything is opened."""

import re

from schemas.reasons import Reason

TEMPORARY_ENDINGS = (
    ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".swp", ".swo",
    ".swx", ".lock", ".lck", ".inprogress", ".incomplete", ".uploading", "~", ".!ut", ".aria2", "._copying_",
)  # fmt: skip
TEMPORARY_BEGINNINGS = ("~$", "#", "._")

# Plain text under any of these endings, or under none, is read.
TEXT_ENDINGS = frozenset({"", "txt", "text", "dump", "raw", "news", "article", "story", "asc"})

TAR_ENDINGS = frozenset({"tar", "tgz", "tzst", "tbz", "tbz2", "txz"})
UNPACKED_ENDINGS = TAR_ENDINGS | {"gz", "zst", "zstd", "bz2", "xz", "zip"}
ARCHIVE_ENDINGS = UNPACKED_ENDINGS | {"lzma", "7z", "rar", "lz4"}

# "Storm in the U.S. today" and "dump.2025-12-01" have a dot but no ending.
ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,7}|7z)$", re.IGNORECASE)

# "archive!" in the path of a member.
ARCHIVE_STEP = re.compile(rf"[^/]*\.(?:{'|'.join(sorted(UNPACKED_ENDINGS))})!", re.IGNORECASE)
DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def ending(name: str) -> str:
    """The ending of a file name in lower case, without its dot; empty when there is none."""
    found = ENDING.search(name)
    return found[1].lower() if found else ""


def is_archive(name: str) -> bool:
    """Whether the ending is that of an archive or a compressed file."""
    return ending(name) in ARCHIVE_ENDINGS


def is_unpacked(name: str) -> bool:
    """Whether the ending is that of an archive whose members are read."""
    return ending(name) in UNPACKED_ENDINGS


def says_tar(name: str) -> bool:
    """Whether the ending promises a tar archive, compressed or not."""
    return ending(name) in TAR_ENDINGS or ending(name.rpartition(".")[0]) == "tar"


def without_ending(name: str) -> str:
    """The name of what one compressed file unpacks to."""
    return name.rpartition(".")[0]


def member_path(archive_path: str, name: str) -> str:
    """The path of a member, without the `.` and empty steps that mean nothing."""
    steps = [step for step in name.split("/") if step not in ("", ".")]
    return f"{archive_path}!{'/' if name.startswith('/') else ''}{'/'.join(steps)}"


def is_unsafe_member(path: str) -> bool:
    """Whether a member's path has a step out of its archive's folder."""
    return any(leaves_folder(name) for name in ARCHIVE_STEP.split(path)[1:])


def unpacked_path(path: str) -> str:
    """Where a member would lie, had its archives been unpacked in their folders; any other path as it is."""
    return ARCHIVE_STEP.sub("", path)


def leaves_folder(name: str) -> bool:
    """Whether a member's name would lead out of the folder in which its archive is unpacked, on any system."""
    return ".." in re.split(r"[/\\]", name) or name.startswith(("/", "\\")) or DRIVE.match(name) is not None


def member_reason(name: str) -> Reason | None:
    """Why a member of an archive is passed over for its name: its folders count as those of the input do."""
    if leaves_folder(name) or not name:
        return Reason.UNSAFE_ARCHIVE
    *folders, own = name.split("/")
    return next((reason for folder in folders if (reason := name_reason(folder))), None) or file_reason(own)


def name_reason(name: str) -> Reason | None:
    """Why a file or folder is passed over for its name alone: hidden or temporary."""
    if name.startswith("."):
        return Reason.HIDDEN
    lowered = name.lower()
    if lowered.endswith(TEMPORARY_ENDINGS) or lowered.startswith(TEMPORARY_BEGINNINGS):
        return Reason.TEMPORARY
    return None


def file_reason(name: str) -> Reason | None:
    """Why a file is passed over for its name alone: hidden, temporary, or of a type that is not read."""
    known = TEXT_ENDINGS | ARCHIVE_ENDINGS
    return name_reason(name) or (None if ending(name) in known else Reason.UNSUPPORTED_TYPE)
