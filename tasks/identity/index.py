"""What identity asks of the ledger: stored versions by content, path, headline, text and signature band.

The tables `versions` and `bands` are described in the ledger's own SQL; everything here runs inside the caller's
transaction, so the index is always in step with the tables.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tasks.identity.fingerprints import Hashes, band_keys

Key = tuple[str, int]

# Bands are filed by so many days. In a trial 1,000 articles wrote 28 MB of log beside 100,000 and 24 beside 10,000;
# with the bands filed by themselves 110 and 34, and twice the time.
SPAN_DAYS = 90
DAYS_BEFORE_1970 = 719_162


def span_of(published_day: int) -> int:
    """The span of days, from the year 1 on, under which a signature is filed."""
    return (published_day + DAYS_BEFORE_1970) // SPAN_DAYS


class Text(NamedTuple):
    """What tells whether a text is another's copy; a tuple, since thousands are made for an item of a template."""

    text_hash: str
    shingles: Hashes
    numbers: Hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One version of an article as identity knows it; days count from 1970-01-01."""

    article_id: str
    version_no: int
    file_id: str
    position_in_file: int
    path: str
    source: str | None
    modified_us: int
    published_day: int
    headline_key: str
    content_hash: str
    text_hash: str
    currency: str
    is_current: bool
    first_seen_us: int
    duplicate_of: str | None
    duplicate_kind: str | None
    similarity: float | None
    shingles: Hashes
    numbers: Hashes

    @property
    def key(self) -> Key:
        return (self.article_id, self.version_no)

    @property
    def body(self) -> Text:
        """What tells whether it is another's copy."""
        return Text(self.text_hash, self.shingles, self.numbers)

    @property
    def link(self) -> tuple[str | None, str | None, float | None]:
        """Its canonical copy, and how it repeats that."""
        return (self.duplicate_of, self.duplicate_kind, self.similarity)


# Names that stand in the ledger's SQL and nowhere in the input: they may be put into a statement.
COLUMNS = (
    "article_id, version_no, file_id, position_in_file, path, source, modified_us, published_day, headline_key,"
    " content_hash, text_hash, currency, is_current, first_seen_us, duplicate_of, duplicate_kind, similarity,"
    " shingles, numbers"
)
NAMES = COLUMNS.split(", ")


@dataclass(frozen=True, slots=True)
class Index:
    """The stored versions, by every key that identity looks them up by."""

    ledger: sqlite3.Connection

    def select(self, where: str, *values: object) -> list[StoredVersion]:
        """Stored versions that meet a condition, in a fixed order."""
        query = f"SELECT {COLUMNS} FROM versions WHERE {where} ORDER BY article_id, version_no"  # noqa: S608
        return [stored_version(row) for row in self.ledger.execute(query, values)]

    def outlines(self, where: str, *values: object) -> list[StoredVersion]:
        """Stored versions that meet a condition, without the hashes of their texts: those are most of the ledger."""
        columns = COLUMNS.replace("shingles, numbers", "x'' AS shingles, x'' AS numbers")
        query = f"SELECT {columns} FROM versions WHERE {where} ORDER BY article_id, version_no"  # noqa: S608
        return [stored_version(row) for row in self.ledger.execute(query, values)]

    def outlines_of(self, article_ids: Collection[str]) -> list[StoredVersion]:
        """All versions of these articles, without the hashes of their texts."""
        return self.outlines("article_id IN (SELECT value FROM json_each(?))", json.dumps(list(article_ids)))

    def version(self, key: Key) -> StoredVersion:
        """The version with this key; raises ValueError when there is none."""
        (found,) = self.select("article_id = ? AND version_no = ?", *key)
        return found

    def by_content(self, content_hash: str) -> StoredVersion | None:
        """The version with exactly this date, headline and text."""
        found = self.select("content_hash = ?", content_hash)
        return found[0] if found else None

    def by_path(self, path: str, but_file: str) -> list[StoredVersion]:
        """Versions read from this path, for the first time or again, in any file but one."""
        read_there = (
            "SELECT o.article_id, o.version_no FROM files f JOIN outcomes o ON o.file_id = f.file_id"
            " WHERE f.path = ? AND f.file_id <> ? AND o.article_id IS NOT NULL"
        )
        return self.select(f"(article_id, version_no) IN ({read_there})", path, but_file)

    def versions_at(self, path: str) -> dict[str, set[int]]:
        """The numbers of the versions read from this path, for the first time or again, by article_id."""
        rows = self.ledger.execute(
            "SELECT o.article_id, o.version_no FROM files f JOIN outcomes o ON o.file_id = f.file_id"
            " WHERE f.path = ? AND o.article_id IS NOT NULL",
            (path,),
        )
        found: dict[str, set[int]] = defaultdict(set)
        for article_id, version_no in rows:
            found[article_id].add(version_no)
        return found

    def articles_in(self, file_id: str) -> set[str]:
        """article_ids that were found in a file."""
        rows = self.ledger.execute("SELECT article_id FROM outcomes WHERE file_id = ?", (file_id,))
        return {article_id for (article_id,) in rows if article_id is not None}

    def root_of(self, article_id: str) -> str:
        """The canonical copy of an article's cluster, itself when it copies none."""
        query = "SELECT max(duplicate_of) FROM versions WHERE article_id = ?"
        return self.ledger.execute(query, (article_id,)).fetchone()[0] or article_id

    def root_of_text(self, version: StoredVersion) -> str | None:
        """The canonical copy of the first stored other article with exactly this text below the headline.

        One is enough: articles of one text are in one cluster. The first, so that versions changed in one commit find
        one that is in its cluster already, where there is one.
        """
        row = self.ledger.execute(
            "SELECT coalesce(duplicate_of, article_id) FROM versions WHERE text_hash = ? AND article_id <> ?"
            " ORDER BY version_id LIMIT 1",
            (version.text_hash, version.article_id),
        ).fetchone()
        return row[0] if row else None

    def is_searched(self, version: StoredVersion) -> bool:
        """Whether the same text was stored with the same day before this version."""
        row = self.ledger.execute(
            "SELECT 1 FROM versions WHERE text_hash = ?1 AND published_day = ?2 AND article_id <> ?3 AND version_id <"
            " (SELECT version_id FROM versions WHERE article_id = ?3 AND version_no = ?4) LIMIT 1",
            (version.text_hash, version.published_day, *version.key),
        ).fetchone()
        return row is not None

    def versions_in(self, file_id: str) -> list[StoredVersion]:
        """The versions that the blocks of a file are or repeat."""
        read_there = "SELECT article_id, version_no FROM outcomes WHERE file_id = ? AND article_id IS NOT NULL"
        return self.select(f"(article_id, version_no) IN ({read_there})", file_id)

    def find_similar(self, bands: Sequence[int], first_day: int, last_day: int) -> dict[str, list[int]]:
        """The version_ids that share a signature band, of these days, by the canonical copy of their cluster."""
        spans = range(span_of(first_day), span_of(last_day) + 1)
        # One question for all bands: one each took four times as long.
        shared = self.ledger.execute(
            "SELECT DISTINCT version_id FROM bands WHERE span IN (SELECT value FROM json_each(?1))"
            " AND band IN (SELECT value FROM json_each(?2))",
            (json.dumps(list(spans)), json.dumps(list(bands))),
        )
        rows = self.ledger.execute(
            "SELECT version_id, coalesce(duplicate_of, article_id) FROM versions"
            " WHERE version_id IN (SELECT value FROM json_each(?)) AND published_day BETWEEN ? AND ?"
            " ORDER BY version_id",
            (json.dumps([version_id for (version_id,) in shared]), first_day, last_day),
        )
        found: dict[str, list[int]] = defaultdict(list)
        for version_id, root in rows:
            found[root].append(version_id)
        return found

    def texts(self, version_ids: Sequence[int]) -> Iterator[tuple[str, Text]]:
        """The texts of the versions with these numbers, each with the canonical copy of its cluster."""
        rows = self.ledger.execute(
            "SELECT coalesce(duplicate_of, article_id), text_hash, shingles, numbers FROM versions"
            " WHERE version_id IN (SELECT value FROM json_each(?)) ORDER BY version_id",
            (json.dumps(version_ids),),
        )
        for root, text_hash, shingles, numbers in rows:
            yield root, Text(text_hash, np.frombuffer(shingles, np.uint32), np.frombuffer(numbers, np.uint32))

    def by_article(self, article_id: str) -> list[StoredVersion]:
        """All versions of one article."""
        return self.select("article_id = ?", article_id)

    def by_root(self, article_id: str) -> list[StoredVersion]:
        """Versions of the duplicates that name this article as their canonical copy."""
        return self.select("duplicate_of = ?", article_id)

    def remember(self, version: StoredVersion, bands: Sequence[int]) -> None:
        """Add a version and its signature; the ledger refuses one that is stored already."""
        values = [getattr(version, name) for name in NAMES]
        values[-2:] = [version.shingles.tobytes(), version.numbers.tobytes()]
        marks = ", ".join("?" * len(values))
        added = self.ledger.execute(f"INSERT INTO versions ({COLUMNS}) VALUES ({marks})", values)  # noqa: S608
        span = span_of(version.published_day)
        rows = [(span, band, added.lastrowid) for band in bands]
        self.ledger.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?, ?)", rows)

    def renew(self, version: StoredVersion, bands: Sequence[int]) -> None:
        """Put a version with a new text in the place of the stored one."""
        self.drop(self.version(version.key))
        self.remember(version, bands)

    def drop(self, version: StoredVersion) -> None:
        """Take a version and its signature out of the index."""
        (version_id,) = self.ledger.execute(
            "DELETE FROM versions WHERE article_id = ? AND version_no = ? RETURNING version_id", version.key
        ).fetchone()
        span = span_of(version.published_day)
        rows = [(span, band, version_id) for band in band_keys(version.shingles)]
        self.ledger.executemany("DELETE FROM bands WHERE span = ? AND band = ? AND version_id = ?", rows)

    def set_current(self, article_id: str, version_no: int) -> None:
        """Make one version the article's current one."""
        self.ledger.execute(
            "UPDATE versions SET is_current = (version_no = ?) WHERE article_id = ?", (version_no, article_id)
        )

    def set_modified(self, version: StoredVersion, modified_us: int, currency: str) -> None:
        """Note that a version was delivered again, later than before."""
        self.ledger.execute(
            "UPDATE versions SET modified_us = ?, currency = ? WHERE article_id = ? AND version_no = ?",
            (modified_us, currency, *version.key),
        )

    def set_duplicate(
        self, version: StoredVersion, root: str | None, kind: str | None, similarity: float | None
    ) -> None:
        """Name a version's canonical copy, or none."""
        self.ledger.execute(
            "UPDATE versions SET duplicate_of = ?, duplicate_kind = ?, similarity = ?"
            " WHERE article_id = ? AND version_no = ?",
            (root, kind, similarity, version.article_id, version.version_no),
        )

    def forget(self, article_id: str) -> None:
        """Take an article out of the index."""
        for version in self.by_article(article_id):
            self.drop(version)
        self.ledger.execute("DELETE FROM edge_lines WHERE article_id = ?", (article_id,))


def stored_version(row: tuple[object, ...]) -> StoredVersion:
    values: dict[str, object] = dict(zip(NAMES, row, strict=True))
    values["is_current"] = bool(values["is_current"])
    for name in ("shingles", "numbers"):
        values[name] = np.frombuffer(values[name], np.uint32)  # type: ignore[call-overload]
    return StoredVersion(**values)  # type: ignore[arg-type]
