"""The reference tables of seeds/reference: small files that a person can read, correct and extend."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import seeds
from schemas.errors import NewsmillError
from tasks.aliases.files import load_shipped

# News repeats its names: of 5,000 in 588 articles two thirds had come before. So many are kept of each thing known, the
# latest used, by some thirty rules: a long run stays as small as a short one. Over 6,000 agency stories 8,192 were not
# faster and took 17 MB more.
NAMES_KEPT = 4_096
FOLDER = Path(seeds.__file__ or "seeds/__init__.py").parent / "reference"


def load_rows(table: str) -> list[dict[str, str]]:
    """The rows of `seeds/reference/<table>.csv`; raises NewsmillError when the file is missing."""
    path = FOLDER / f"{table}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines)
            columns = next(rows)
            # Twice as fast as csv.DictReader, and every process reads the tables.
            return [dict(zip(columns, row, strict=True)) for row in rows if row]
    except FileNotFoundError:
        raise NewsmillError(f"The reference table '{table}.csv' is missing; install newsmill again.") from None


def reference_files() -> list[Path]:
    """Every reference table, in order of name."""
    return sorted(FOLDER.glob("*.csv"))


@cache
def load_aliases() -> Mapping[str, str]:
    """The keys of short or other names, and the name that each stands for in every article."""
    return MappingProxyType({key: name for (_, key), name in load_shipped().canonical.items()})


@cache
def load_words(role: str) -> frozenset[str]:
    """The words of `words.csv` that play this role, in lower case."""
    return load_roles().get(role, frozenset())


@cache
def load_roles() -> Mapping[str, frozenset[str]]:
    """The words of `words.csv` by the role they play."""
    words: dict[str, set[str]] = defaultdict(set)
    for row in load_rows("words"):
        words[row["role"]].add(row["word"])
    return {role: frozenset(members) for role, members in words.items()}


@cache
def load_overrides(action: str) -> Mapping[str, int | None]:
    """Names in lower case to which `overrides.csv` applies the action, with the GeoNames id that it names, if any."""
    rows = [row for row in load_rows("overrides") if row["action"] == action]
    return MappingProxyType({row["name"]: int(row["geonames_id"]) if row["geonames_id"] else None for row in rows})


@cache
def load_substitutes() -> Mapping[str, int | str]:
    """By-names in lower case and the GeoNames id or the other name that they stand for."""
    rows = [row for row in load_rows("overrides") if row["action"] == "substitute"]
    return MappingProxyType({row["name"]: int(row["geonames_id"] or 0) or row["stands_for"] for row in rows})
