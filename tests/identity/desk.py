"""A news desk for tests: blocks arrive one by one and are judged as a commit judges them, with a ledger in memory."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.resources import files

from tasks.identity.duplicates import Linking
from tasks.identity.fingerprints import Fingerprints, fingerprints
from tasks.identity.index import Index, StoredVersion
from tasks.identity.versions import Arrival, Verdict, find_delivery, identify

DAY = date(2025, 12, 1)
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
WINDOW_DAYS = 45


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Item:
    """One article as a dump tells it."""

    headline: str = "Bridge in Leeds closed"
    body: str
    day: date = DAY
    at: datetime | None = None

    def __repr__(self) -> str:
        return f"{self.day:%d %b} {self.headline}: {self.body[:12]} … ({len(self.body)})"

    @property
    def prints(self) -> Fingerprints:
        return fingerprints(self.day, self.headline, f"{self.headline}\n{self.body}")


@dataclass(frozen=True, slots=True)
class Desk:
    """Judges arriving files; remembers which item each content hash was."""

    index: Index
    items: dict[str, Item] = field(default_factory=dict)

    def deliver(self, path: str, *items: Item, modified_at: datetime = NOON) -> list[Verdict]:
        """One file arrives with these blocks; the verdict on each."""
        hashes = {item.prints.content_hash for item in items}
        file_id = sha256(f"{path} {sorted(hashes)} {modified_at}".encode()).hexdigest()
        execute = self.index.ledger.execute
        execute("INSERT INTO files VALUES (?, ?, 'read', NULL, 0, 0)", (path, file_id))
        delivery = find_delivery(file_id, path, hashes, self.index)
        linking = Linking(self.index, WINDOW_DAYS)
        verdicts = []
        for position, item in enumerate(items, start=1):
            self.items[item.prints.content_hash] = item
            arrival = Arrival(
                file_id=file_id,
                position_in_file=position,
                path=path,
                source=None,
                published_date=item.day,
                published_at=item.at,
                modified_at=modified_at,
                fingerprints=item.prints,
            )
            verdict = identify(arrival, delivery, self.index, now_us=0)
            if verdict.outcome in {"new", "new_version"}:
                linking.add((verdict.article_id, verdict.version_no), item.prints.bands)
            key = (file_id, position, verdict.outcome, verdict.article_id, verdict.version_no, 0)
            execute("INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?)", key)
            verdicts.append(verdict)
        linking.settle()
        return verdicts

    def outcomes(self, path: str, *items: Item, modified_at: datetime = NOON) -> list[str]:
        """The outcome of each block of a file."""
        return [str(verdict.outcome) for verdict in self.deliver(path, *items, modified_at=modified_at)]

    @property
    def versions(self) -> list[StoredVersion]:
        """Everything stored."""
        return self.index.select("1 = 1")

    def current(self) -> set[Item]:
        """The items that readers take for the articles' newest state."""
        return {self.items[version.content_hash] for version in self.versions if version.is_current}

    def canonical(self, item: Item) -> Item:
        """The earliest stored item of the copy that stands for a stored item."""
        version = self.index.by_content(item.prints.content_hash)
        assert version is not None
        copies = self.index.by_article(version.duplicate_of or version.article_id)
        first = min(copies, key=lambda copy: (copy.published_day, copy.content_hash))
        return self.items[first.content_hash]

    def clusters(self) -> dict[Item, frozenset[Item]]:
        """Every cluster of the stored items under its canonical item."""
        found: dict[Item, set[Item]] = {}
        for version in self.versions:
            item = self.items[version.content_hash]
            found.setdefault(self.canonical(item), set()).add(item)
        return {first: frozenset(members) for first, members in found.items()}


def new_desk() -> Desk:
    """A desk that has seen nothing."""
    ledger = sqlite3.connect(":memory:", isolation_level=None)
    ledger.executescript((files("tasks.storage") / "ledger.sql").read_text())
    return Desk(Index(ledger))


Bundle = tuple[str, Sequence[Item], datetime]


def clusters_after(deliveries: Sequence[Bundle]) -> dict[Item, frozenset[Item]]:
    """The clusters of everything stored after some deliveries."""
    desk = new_desk()
    with closing(desk.index.ledger):
        for path, items, modified_at in deliveries:
            desk.deliver(path, *items, modified_at=modified_at)
        return desk.clusters()
