"""Near-duplicates: which stored articles an arriving one copies, and which copy of a cluster is the canonical one.

Two articles are linked when their texts are the same (whenever they were published) or near-duplicates published
within the window. A cluster is everything linked, directly or by way of others; its canonical copy is the article of
the version that was published first, by day, then by content_hash: an article_id depends on which of its versions came
first. Both follow from the set of articles alone, not from the order in which they arrived.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tasks.identity.clusters import Order, cluster, is_copy, likeness, order, settle
from tasks.identity.fingerprints import band_keys
from tasks.identity.index import Index, Key, StoredVersion


@dataclass(slots=True)
class Linking:
    """Links found for the versions of one slice; they are entered together, by `settle`.

    A cluster is settled once a slice and not once a copy: 10,000 copies of one text that arrive newest first would
    otherwise change the canonical copy of all of them 10,000 times.
    """

    index: Index
    window_days: int
    added: list[Key] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    earliest: dict[str, Order] = field(default_factory=dict)

    def add(self, key: Key, bands: Sequence[int]) -> bool:
        """Look for what a version that is in the index, and not linked yet, copies or is copied by.

        Gives whether its article copies an earlier one, of all that have arrived so far.
        """
        version = self.index.version(key)
        self.added.append(key)
        if version.version_no == 1:  # need not be asked for
            self.earliest.setdefault(version.article_id, order(version))
        self.join(version.article_id, self.index.root_of(version.article_id))
        copied = self.index.root_of_text(version)
        if copied:
            self.join(version.article_id, copied)
        # A text that was stored with this day before has found the same.
        if not self.index.is_searched(version):
            self.join_similar(version, bands)
        top = self.top(version.article_id)
        self.earliest[top] = min(self.first_of(top), order(version))
        return self.earliest[top][-1] != version.article_id

    def join_similar(self, version: StoredVersion, bands: Sequence[int]) -> None:
        """Join the clusters of near-duplicates within the window; of each, one that matches is enough.

        Asked are one candidate of each cluster, then two more, then four: one question for each would cost more than
        the comparison, and all at once would read 10,000 copies for one.
        """
        day = version.published_day
        waiting = self.index.find_similar(bands, day - self.window_days, day + self.window_days)
        asked = 1
        while waiting:
            waiting = {root: ids for root, ids in waiting.items() if self.top(root) != self.top(version.article_id)}
            for root, text in self.index.texts([number for ids in waiting.values() for number in ids[:asked]]):
                if is_copy(version.body, text):
                    self.join(version.article_id, root)
            waiting = {root: ids[asked:] for root, ids in waiting.items() if ids[asked:]}
            asked *= 2

    def join(self, article_id: str, other_id: str) -> None:
        """Note that two articles belong to one cluster."""
        tops = sorted((self.top(article_id), self.top(other_id)))
        self.earliest[tops[0]] = min(map(self.first_of, tops))
        self.parents[tops[1]] = self.parents[tops[0]] = tops[0]

    def first_of(self, top: str) -> Order:
        """The order of the earliest version of a cluster: of one that is stored, it belongs to its canonical copy."""
        if top not in self.earliest:
            self.earliest[top] = min(map(order, self.index.by_article(top)))
        return self.earliest[top]

    def top(self, article_id: str) -> str:
        """The article that stands for everything joined with this one so far."""
        above = self.parents.get(article_id, article_id)
        while above != article_id:
            grand = self.parents.get(above, above)
            self.parents[article_id], article_id, above = grand, above, grand
        return article_id

    def settle(self) -> set[str]:
        """Enter the links; gives the article_ids whose links changed."""
        groups: dict[str, set[str]] = defaultdict(set)
        added: dict[str, list[Key]] = defaultdict(list)
        for article_id in list(self.parents):
            groups[self.top(article_id)].add(article_id)
        for key in self.added:
            added[self.top(key[0])].append(key)
        changed: set[str] = set()
        for top, article_ids in groups.items():
            changed |= self.settle_group(article_ids, added[top])
        self.added.clear()
        self.parents.clear()
        self.earliest.clear()
        return changed

    def settle_group(self, article_ids: set[str], added: Collection[Key]) -> set[str]:
        """Enter the links of one cluster."""
        new = {article_id for article_id, version_no in added if version_no == 1}
        new -= {article_id for article_id, version_no in added if version_no > 1}
        if article_ids == new and len(new) == 1:
            return set()
        known = article_ids - new
        if len(known) == 1 and (changed := self.append(known.pop(), sorted(new))):
            return changed
        return settle(cluster(article_ids, self.index), self.index)

    def append(self, root: str, new: Collection[str]) -> set[str]:
        """Link new articles to the canonical copy of a known cluster, unless one of them comes before it.

        By far the most common case, more copies of what is known, need not look at the other copies.
        """
        originals = self.index.by_article(root)
        copies = [self.index.version((article_id, 1)) for article_id in new]
        if not copies or min(map(order, copies)) < min(map(order, originals)):
            return set()
        for copy in copies:
            self.index.set_duplicate(copy, root, *likeness(copy, originals))
        return {*new}


def relink(article_ids: Collection[str], changed: Collection[Key], index: Index, window_days: int) -> set[str]:
    """Cut the links of whole clusters and find them again; gives the article_ids whose links are others now.

    For articles whose texts changed (`changed`), or whose clusters lost one: what it connected may fall apart.
    """
    members = sorted((v for article_id in sorted(article_ids) for v in index.by_article(article_id)), key=order)
    for version in members:
        index.set_duplicate(version, None, None, None)
    linking = Linking(index, window_days)
    for version in join_known(linking, members, {*changed}):
        linking.add(version.key, band_keys(version.shingles))
    others = linking.settle() - {*article_ids}
    return others | {version.article_id for version in members if index.version(version.key).link != version.link}


def join_known(linking: Linking, members: Sequence[StoredVersion], changed: set[Key]) -> Iterable[StoredVersion]:
    """Join what repeats the earliest member or has another's very text; gives the versions still to be searched for.

    Most of a large cluster repeats its canonical copy, and a search among 10,000 copies takes a tenth of a second.
    """
    by_text: dict[str, str] = {}
    for version in members:
        linking.join(version.article_id, by_text.setdefault(version.text_hash, version.article_id))
    first = next((version for version in members if version.key not in changed), None)
    for version in members:
        if version.key in changed or first is None:
            yield version
            continue
        near_in_time = abs(version.published_day - first.published_day) <= linking.window_days
        if near_in_time and is_copy(version.body, first.body):
            linking.join(version.article_id, first.article_id)
            linking.added.append(version.key)
        else:
            yield version
