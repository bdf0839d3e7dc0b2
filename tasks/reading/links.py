"""Symbolic links in the input: where they lead, and whether that may be read."""

import errno
import os
import stat
from dataclasses import dataclass

from schemas.reasons import Reason
from tasks.reading.names import file_reason, name_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTarget:
    """The file a link leads to: its own path below the input, free of links, and its standing."""

    path: str
    standing: os.stat_result


def follow_link(root: str, path: str) -> LinkTarget | Reason:
    """The regular file inside `root` that the link at `path` leads to, or why it is not read.

    `root` has no links in it itself. A link to a folder is not followed: what lies in a folder of the input is found
    under its own name, and links between folders can multiply without end.
    """
    try:
        target = os.path.realpath(os.path.join(root, path), strict=True)
        standing = os.stat(target)
    except OSError as error:
        return BROKEN.get(error.errno or 0, Reason.UNREADABLE)
    if target != root and not target.startswith(root.rstrip("/") + "/"):
        return Reason.OUTSIDE_INPUT
    below = target[len(root.rstrip("/")) + 1 :]
    if stat.S_ISDIR(standing.st_mode):
        holds_the_link = f"{path}/".startswith(f"{below}/") or not below
        return Reason.SYMLINK_LOOP if holds_the_link else Reason.LINK_TO_FOLDER
    if not stat.S_ISREG(standing.st_mode):
        return Reason.NOT_REGULAR_FILE
    return target_reason(below) or LinkTarget(path=below, standing=standing)


BROKEN = {errno.ELOOP: Reason.SYMLINK_LOOP, errno.ENOENT: Reason.MISSING_TARGET, errno.ENOTDIR: Reason.MISSING_TARGET}


def target_reason(target: str) -> Reason | None:
    """A link must not bring in what would be passed over under its own name."""
    *folders, name = target.split("/")
    reasons = (*map(name_reason, folders), file_reason(name))
    return next((reason for reason in reasons if reason), None)
