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

ARCHIVE_ENDINGS = frozenset(
    {"gz", "tgz", "zst", "zstd", "tzst", "bz2", "tbz", "tbz2", "xz", "txz", "lzma", "zip", "tar", "7z", "rar", "lz4"}
)

# "Storm in the U.S. today" and "dump.2025-12-01" have a dot but no ending.
ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,7})$")


def ending(name: str) -> str:
    """The ending of a file name in lower case, without its dot; empty when there is none."""
    found = ENDING.search(name)
    return found[1].lower() if found else ""


def is_archive(name: str) -> bool:
    """Whether the ending is that of an archive or a compressed file."""
    return ending(name) in ARCHIVE_ENDINGS


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
