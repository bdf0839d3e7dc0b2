"""What changed between two versions of an article, paragraph by paragraph."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

from schemas.errors import WrongUse
from tasks.storage.opening import open_warehouse
from warehouse import load_query


class Edit(StrEnum):
    """What became of a line."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEdit:
    """One line of the text in two versions; None where a version lacks it."""

    edit: Edit
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two versions of one article; the first line of `lines` is the headline."""

    article_id: str
    before_version_no: int
    after_version_no: int
    before_arrived_at: datetime
    after_arrived_at: datetime
    lines: tuple[LineEdit, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        times = {"before_arrived_at": str(self.before_arrived_at), "after_arrived_at": str(self.after_arrived_at)}
        return asdict(self) | times


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version, as far as a difference looks at it."""

    article_id: str
    version_no: int
    text: str
    arrived_at: datetime


def find_differences(root: Path, article: str) -> list[Difference]:
    """What each version of an article changed in the one before, oldest first; empty for an article of one version.

    `article` is its article_id or the beginning of it; raises WrongUse when none or several articles begin so.
    """
    with open_warehouse(root) as connection:
        rows = connection.execute(load_query("versions_of_article").sql, [article]).fetchall()
    versions = [Version(*row) for row in rows]
    found = {version.article_id for version in versions}
    if not found:
        raise WrongUse(f"No article's id begins with {article!r}.")
    if len(found) > 1:
        raise WrongUse(f"{len(found)} articles have an id that begins with {article!r}; give more of it.")
    return [difference(*pair) for pair in pairwise(versions)]


def difference(before: Version, after: Version) -> Difference:
    """The difference of two versions of one article."""
    return Difference(
        article_id=after.article_id,
        before_version_no=before.version_no,
        after_version_no=after.version_no,
        before_arrived_at=before.arrived_at,
        after_arrived_at=after.arrived_at,
        lines=tuple(compare_lines(before.text.split("\n"), after.text.split("\n"))),
    )


def compare_lines(before: list[str], after: list[str]) -> Iterator[LineEdit]:
    """Every line of both texts once, in order; lines that were replaced stand beside each other."""
    # What makes up over 1 % of 200 or more is no anchor for `difflib` unless told otherwise (`autojunk=False`): 2,000
    # words that repeat took it 20 s, they grow with the cube, and now take 10 ms.
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after).get_opcodes():
        for old, new in zip_longest(before[start:end], after[new_start:new_end]):
            yield LineEdit(edit=edit_of(tag, old, new), before=old, after=new)


def edit_of(tag: str, before: str | None, after: str | None) -> Edit:
    """What became of a line, when it stands in a stretch that `difflib` tags so."""
    if tag == "equal":
        return Edit.SAME
    if before is None:
        return Edit.ADDED
    return Edit.REMOVED if after is None else Edit.CHANGED


def compare_words(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Stretches of words that were replaced, equal ones on both sides, in order."""
    old, new = before.split(), after.split()
    for _, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        yield " ".join(old[start:end]), " ".join(new[new_start:new_end])
