"""The gazetteer, made when it is not there yet: `python -m tasks.enrichment.gazetteer.build [PATH]`."""

import fcntl
import logging
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import NewsmillError
from tasks.enrichment.gazetteer.files import (
    chosen_path,
    delete_unused,
    gazetteer_folder,
    note_use,
    source_fingerprint,
)
from tasks.enrichment.settings import EnrichmentSettings

logger = logging.getLogger("newsmill")


def gazetteer_path(settings: EnrichmentSettings) -> Path:
    """The gazetteer to open; built first when there is none yet for the installed sources.

    A path in `settings` or NEWSMILL_GAZETTEER is taken as it is; NewsmillError when no file is there.
    """
    chosen = chosen_path(settings)
    if chosen is None:
        return built_gazetteer()
    if not chosen.is_file():
        raise NewsmillError(f"There is no gazetteer at '{chosen}'; unset NEWSMILL_GAZETTEER to have one built.")
    return chosen


def built_gazetteer(target: Path | None = None) -> Path:
    """The gazetteer of the installed sources, built now if need be: one process builds, the others wait.

    Raises NewsmillError when it cannot be written or is incomplete.
    """
    path = target or gazetteer_folder() / f"gazetteer-{source_fingerprint()}.sqlite"
    if path.is_file():
        note_use(path)
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent / "gazetteer.lock"):
            if not path.is_file():
                build_at(path)
                if target is None:
                    delete_unused(path.parent)
    except OSError as error:
        raise NewsmillError(
            f"The gazetteer cannot be written to '{path.parent}' ({error.strerror}); "
            "NEWSMILL_GAZETTEER may name one built elsewhere."
        ) from error
    return path


def build_at(path: Path) -> None:
    """Builds beside `path` and renames, so that a reader finds the whole gazetteer or none."""
    from tasks.enrichment.gazetteer.compiler import build_gazetteer

    # Machines may share the folder, and containers have processes of the same number.
    unfinished = path.with_suffix(f".{uuid.uuid4().hex[:16]}.tmp")
    say(f"building the gazetteer, once: {path.name}")
    try:
        build_gazetteer(unfinished, source_fingerprint(), say)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock on the file as long as the block runs; a dead process holds none."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(line: str) -> None:
    """One line of progress, on stderr: stdout belongs to results."""
    if logger.isEnabledFor(logging.INFO):  # stderr is for machines
        logger.info("%s", line)
        return
    sys.stderr.write(f"newsmill: {line}\n")
    sys.stderr.flush()


def main() -> None:
    """Builds the gazetteer at the path given, or where newsmill looks for it, and says where it is."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    sys.stdout.write(f"{built_gazetteer(target)}\n")


if __name__ == "__main__":
    main()
