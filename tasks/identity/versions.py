"""The rule that tells a new article from a new version and from a repetition.

An arriving block is, in this order:
1. a repetition, when its date, headline and text are stored already: `unchanged` when it was stored from the same
   path (a file that changed elsewhere repeats it), else `exact_duplicate`;
2. a new version of the stored article it corrects: one read from the same path before, which the arriving file does
   not itself repeat and has not corrected already, with
   a. the same date and headline: the file was delivered again with another text; or
   b. a nearly equal text: the headline or the date was corrected;
   The version whose file has the latest time is current: a text that comes back to its path, later, is that again.
3. a new article. What resembles it under another path is another copy, and near-duplicates are linked, not merged:
   two different items that share a date and a headline ("BRIEFS") stay two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from schemas.reasons import ArticleOutcome
from tasks.identity.fingerprints import Fingerprints, band_keys, digest
from tasks.identity.index import Index, Key, StoredVersion
from tasks.identity.similarity import copy_similarity, jaccard

DAY_ZERO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One parsed block on its way in."""

    file_id: str
    position_in_file: int
    path: str
    source: str | None
    published_date: date
    published_at: datetime | None
    modified_at: datetime
    fingerprints: Fingerprints


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the blocks of one file may correct: versions read from its path before, in other files.

    `by_item` holds them by day and headline; `taken` are the articles that the file repeats or has corrected already;
    `by_band` and `by_article` are filled when they are first asked.
    """

    before: dict[Key, StoredVersion]
    by_item: dict[tuple[int, str], list[StoredVersion]]
    taken: set[str]
    by_band: dict[int, set[Key]] = field(default_factory=dict)
    by_article: dict[str, set[int]] = field(default_factory=dict)

    def versions_of(self, article_id: str) -> set[int]:
        """The numbers of an article's versions that were read from the path before."""
        if not self.by_article:
            for before_id, version_no in self.before:
                self.by_article.setdefault(before_id, set()).add(version_no)
        return self.by_article.get(article_id, set())

    def alike(self, bands: Sequence[int]) -> set[Key]:
        """The keys of what came before and shares a signature band."""
        if not self.by_band:
            for stored in self.before.values():
                for band in band_keys(stored.shingles):
                    self.by_band.setdefault(band, set()).add(stored.key)
        return set().union(*(self.by_band.get(band, ()) for band in bands))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an arrival is, and which stored version it became or repeats."""

    outcome: ArticleOutcome
    article_id: str
    version_no: int


def published_day(published_date: date) -> int:
    """Days since 1970-01-01."""
    return (published_date - DAY_ZERO).days


def currency(arrival: Arrival) -> str:
    """Sorts the versions of an article; the greatest is current. Does not depend on the order of arrival."""
    published = arrival.published_at.isoformat() if arrival.published_at else ""
    return f"{published:>32}|{arrival.modified_at.isoformat()}|{arrival.fingerprints.content_hash}"


def confirm(stored: StoredVersion, modified_at: datetime, versions_here: Collection[int], index: Index) -> set[str]:
    """Note that a version was delivered to its path again; gives the article_ids whose current version is another now.

    A file's time counts when it is later than all before: what was put back is current again. `versions_here` are the
    numbers of the article's versions that were read from the path. Where no other one was, an old copy is no news.
    """
    modified_us = microseconds(modified_at)
    if modified_us <= stored.modified_us or not {*versions_here} - {stored.version_no}:
        return set()
    published, _, content_hash = stored.currency.split("|")
    index.set_modified(stored, modified_us, f"{published}|{modified_at.isoformat()}|{content_hash}")
    newest = max(index.by_article(stored.article_id), key=lambda version: version.currency)
    index.set_current(stored.article_id, newest.version_no)
    return set() if newest.is_current else {stored.article_id}


def microseconds(moment: datetime) -> int:
    """An instant as a number, from 1970-01-01 UTC."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def find_delivery(file_id: str, path: str, content_hashes: Collection[str], index: Index) -> Delivery:
    """What a file with blocks of this content finds in its place."""
    before = {stored.key: stored for stored in index.by_path(path, but_file=file_id)}
    by_item: dict[tuple[int, str], list[StoredVersion]] = defaultdict(list)
    for stored in before.values():
        by_item[stored.published_day, stored.headline_key].append(stored)
    repeated = {stored.article_id for stored in before.values() if stored.content_hash in content_hashes}
    return Delivery(before, by_item, repeated | index.articles_in(file_id))


def find_repetition(arrival: Arrival, delivery: Delivery, index: Index) -> Verdict | None:
    """The verdict on a block whose date, headline and text are stored already."""
    stored = index.by_content(arrival.fingerprints.content_hash)
    if stored is None:
        return None
    outcome = ArticleOutcome.UNCHANGED if stored.key in delivery.before else ArticleOutcome.EXACT_DUPLICATE
    return Verdict(outcome=outcome, article_id=stored.article_id, version_no=stored.version_no)


def find_predecessor(arrival: Arrival, delivery: Delivery) -> str | None:
    """The article_id of the stored article that this block corrects; the most similar one, then the smallest id."""
    scored = [
        (-similarity, stored.article_id)
        for stored, similarity in predecessors(arrival, delivery)
        if stored.article_id not in delivery.taken
    ]
    return min(scored)[1] if scored else None


def predecessors(arrival: Arrival, delivery: Delivery) -> Iterator[tuple[StoredVersion, float]]:
    """Stored versions that the rule lets this block correct, with their similarity."""
    if not delivery.before:
        return
    prints = arrival.fingerprints
    same_item = delivery.by_item.get((published_day(arrival.published_date), prints.headline_key), [])
    for stored in same_item:
        yield stored, jaccard(prints.shingles, stored.shingles)
    # By bands, since a large file compared with all that a large file held would take hours.
    for key in delivery.alike(prints.bands):
        stored = delivery.before[key]
        similarity = copy_similarity(prints.shingles, stored.shingles, prints.numbers, stored.numbers)
        if similarity is not None:
            yield stored, similarity


def identify(arrival: Arrival, delivery: Delivery, index: Index, now_us: int) -> Verdict:
    """Decide what a block is and enter it in the index; duplicates of other articles are linked afterwards."""
    repetition = find_repetition(arrival, delivery, index)
    if repetition is not None:
        return repetition
    predecessor = find_predecessor(arrival, delivery)
    earlier = index.by_article(predecessor) if predecessor else []
    article_id = predecessor or digest("article", arrival.fingerprints.content_hash)
    delivery.taken.add(article_id)
    version = new_version(arrival, article_id, earlier, now_us)
    index.remember(version, arrival.fingerprints.bands)
    if earlier:
        newest = max([*earlier, version], key=lambda stored: stored.currency)
        index.set_current(article_id, newest.version_no)
    outcome = ArticleOutcome.NEW_VERSION if earlier else ArticleOutcome.NEW
    return Verdict(outcome=outcome, article_id=article_id, version_no=version.version_no)


def new_version(arrival: Arrival, article_id: str, earlier: list[StoredVersion], now_us: int) -> StoredVersion:
    """The row of the index for a block that is stored."""
    prints = arrival.fingerprints
    return StoredVersion(
        article_id=article_id,
        version_no=max((stored.version_no for stored in earlier), default=0) + 1,
        file_id=arrival.file_id,
        position_in_file=arrival.position_in_file,
        path=arrival.path,
        source=arrival.source,
        modified_us=microseconds(arrival.modified_at),
        published_day=published_day(arrival.published_date),
        headline_key=prints.headline_key,
        content_hash=prints.content_hash,
        text_hash=prints.text_hash,
        currency=currency(arrival),
        is_current=not earlier,
        first_seen_us=min((stored.first_seen_us for stored in earlier), default=now_us),
        duplicate_of=None,
        duplicate_kind=None,
        similarity=None,
        shingles=prints.shingles,
        numbers=prints.numbers,
    )
