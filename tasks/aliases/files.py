"""The alias files: newsmill's own in seeds/reference, and the one a warehouse may have, whose rows go before."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

import seeds
from schemas.errors import NewsmillError
from tasks.aliases.resolving import Aliases, resolve_rows
from tasks.aliases.rows import parse_rows

FILE_NAME = "name_aliases.csv"
SHIPPED = Path(seeds.__file__ or "seeds/__init__.py").parent / "reference" / FILE_NAME


def own_file(warehouse: Path) -> Path:
    """The alias file of a warehouse, whether or not there is one."""
    return warehouse / FILE_NAME


@cache
def load_shipped() -> Aliases:
    """What newsmill's own file says."""
    return resolve_rows(parse_rows(SHIPPED.read_text("utf-8"), SHIPPED.name))


def load_aliases(warehouse: Path) -> Aliases:
    """What the warehouse's file and newsmill's say; raises NewsmillError with file and line of a bad one."""
    own = read_own(warehouse)
    if own is None:
        return load_shipped()
    shipped = parse_rows(SHIPPED.read_text("utf-8"), SHIPPED.name)
    return resolve_rows(parse_rows(own, str(own_file(warehouse))), shipped)


def read_own(warehouse: Path) -> str | None:
    """The text of the warehouse's file, None without one; raises NewsmillError when it cannot be read."""
    file = own_file(warehouse)
    try:
        return file.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise NewsmillError(f"{file} cannot be read as UTF-8 text: {error}.") from error


def alias_mark(warehouse: Path) -> str:
    """Differs when one of the files does; reads neither's rows."""
    own = read_own(warehouse)
    return blake2b(SHIPPED.read_bytes() + b"\0" + (own or "").encode(), digest_size=8).hexdigest()
