"""Near-duplicates: which stored articles an arriving one copies, and which copy of a cluster is the canonical one.

Two articles are linked when their texts are the same (whenever they were published) or near-duplicates published
within the window. A cluster is everything linked, directly or by way of others; its canonical copy is the article of
the version that was published first, by day, then by content_hash: an article_id depends on which of its versions came
first. Both follow from the set of articles alone, not from the order in which they arrived.
"""

from collections.abc import Iterable

from schemas.reasons import DuplicateKind
from tasks.identity.fingerprints import Fingerprints
from tasks.identity.index import Index, StoredVersion
from tasks.identity.similarity import containment, copy_similarity, jaccard


def find_roots(version: StoredVersion, prints: Fingerprints, index: Index, window_days: int) -> set[str]:
    """Canonical copies of the clusters that this version copies or is copied by.

    What is printed ten thousand times would be compared fifty million times: a cluster is looked at only until one of
    its versions matches, and not at all for a text that is stored with this day, since that one has found the same.
    """
    day = version.published_day
    found, searched = index.roots_by_text(version.text_hash, version.article_id, day)
    if searched:
        return found
    keys = index.keys_by_bands(prints.bands, day - window_days, day + window_days)
    for key, root in index.roots_of(keys):
        if key[0] != version.article_id and root not in found:
            (stored,) = index.select("article_id = ? AND version_no = ?", *key)
            if copy_similarity(version.shingles, stored.shingles, version.numbers, stored.numbers) is not None:
                found.add(root)
    return found


def link_duplicates(article_id: str, version_no: int, prints: Fingerprints, index: Index, window_days: int) -> set[str]:
    """Join the clusters that a new version connects; gives the article_ids whose canonical copy changed."""
    versions = index.by_article(article_id)
    (version,) = (v for v in versions if v.version_no == version_no)
    roots = find_roots(version, prints, index, window_days) - {article_id}
    if len(versions) > 1 or len(roots) > 1 or index.by_root(article_id):
        return settle(cluster({article_id, *roots}, index), index)
    if not roots:
        return set()
    originals = index.by_article(*roots)
    if order(version) < min(map(order, originals)):
        return settle(cluster({article_id, *roots}, index), index)
    # By far the most common case, one more copy of what is known, need not look at the other copies.
    index.set_duplicate(version, originals[0].article_id, *likeness(version, originals))
    return {article_id}


def order(version: StoredVersion) -> tuple[int, str, str]:
    """Sorts the versions of a cluster; the first belongs to the canonical copy."""
    return (version.published_day, version.content_hash, version.article_id)


def cluster(article_ids: Iterable[str], index: Index) -> list[StoredVersion]:
    """All versions of these articles and of every article in their clusters."""
    roots = {v.duplicate_of or v.article_id for article_id in article_ids for v in index.by_article(article_id)}
    members = roots | {v.article_id for root in roots for v in index.by_root(root)}
    return [version for article_id in sorted(members) for version in index.by_article(article_id)]


def settle(members: list[StoredVersion], index: Index) -> set[str]:
    """Name the canonical copy of a cluster in every member; gives the article_ids that changed."""
    root = min(members, key=order).article_id
    originals = [version for version in members if version.article_id == root]
    changed = set()
    for version in members:
        link = (None, None, None) if version.article_id == root else (root, *likeness(version, originals))
        if link != (version.duplicate_of, version.duplicate_kind, version.similarity):
            index.set_duplicate(version, *link)
            changed.add(version.article_id)
    return changed


def likeness(version: StoredVersion, originals: list[StoredVersion]) -> tuple[DuplicateKind, float]:
    """How a version repeats its canonical copy: the nearest of the copy's versions counts."""
    if any(version.text_hash == original.text_hash for original in originals):
        return DuplicateKind.EXACT, 1.0
    shingles = [(version.shingles, original.shingles) for original in originals]
    return DuplicateKind.NEAR, max(max(jaccard(*pair), containment(*pair)) for pair in shingles)
