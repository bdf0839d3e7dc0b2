"""Clusters of copies: which article of one is the canonical copy, and how like it the others are."""

from collections.abc import Collection

from schemas.reasons import DuplicateKind
from tasks.identity.index import Index, StoredVersion, Text
from tasks.identity.similarity import containment, copy_similarity, jaccard

# Day of publication, content_hash, article_id.
Order = tuple[int, str, str]


def order(version: StoredVersion) -> Order:
    """Sorts the versions of a cluster; the first belongs to the canonical copy."""
    return (version.published_day, version.content_hash, version.article_id)


def cluster(article_ids: Collection[str], index: Index) -> list[StoredVersion]:
    """All versions of these articles and of every article in their clusters."""
    members = {*article_ids} | {index.root_of(article_id) for article_id in article_ids}
    members |= {copy.article_id for root in sorted(members) for copy in index.by_root(root)}
    return [version for article_id in sorted(members) for version in index.by_article(article_id)]


def settle(members: Collection[StoredVersion], index: Index) -> set[str]:
    """Name the canonical copy of a cluster in every member; gives the article_ids that changed."""
    root = min(members, key=order).article_id
    originals = [version for version in members if version.article_id == root]
    changed = set()
    for version in members:
        link = (None, None, None) if version.article_id == root else (root, *likeness(version, originals))
        if link != version.link:
            index.set_duplicate(version, *link)
            changed.add(version.article_id)
    return changed


def likeness(version: StoredVersion, originals: Collection[StoredVersion]) -> tuple[DuplicateKind, float]:
    """How a version repeats its canonical copy: the nearest of the copy's versions counts."""
    if any(version.text_hash == original.text_hash for original in originals):
        return DuplicateKind.EXACT, 1.0
    shingles = [(version.shingles, original.shingles) for original in originals]
    return DuplicateKind.NEAR, max(max(jaccard(*pair), containment(*pair)) for pair in shingles)


def is_copy(text: Text, other: Text) -> bool:
    """Whether one repeats the other, whatever lies between their days."""
    if text.text_hash == other.text_hash:
        return True
    return copy_similarity(text.shingles, other.shingles, text.numbers, other.numbers) is not None
