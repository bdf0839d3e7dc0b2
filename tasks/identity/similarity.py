"""How alike two articles are, by their shingles, and when that makes one a copy of the other."""

import numpy as np

from tasks.identity.fingerprints import SHINGLE_WORDS, Hashes

# From here on a pair is a near-duplicate. Between 0.4 and 0.5 rewrites and mere relatives mix.
JACCARD_THRESHOLD = 0.5

# A cut copy shares few of the longer text's shingles but most of its own.
CONTAINMENT_THRESHOLD = 0.8

# A contained text shorter than this is a common phrase, not a copy.
CONTAINED_SHINGLES = 30

# Weather, prices and results repeat a template and differ in their numbers: such items stay apart. Read by eye, of what
# was flagged in 18,828 agency stories beyond their known pairs, 17 in 56 were such items with the first of these rules
# alone and 5 in 43 with all; it cost 8 of 267 known rewrites, 6 of them such items too (docs/quality.md).
TEMPLATE_NUMBERS = 4
SHINGLES_PER_NUMBER = 30
REPLACED_SHARE = 0.2

# Other words that an item may differ in beside its numbers: the town it comes from.
OTHER_SHINGLES = 2


def jaccard(a: Hashes, b: Hashes) -> float:
    """Shared hashes over all hashes; 0 for two empty sets."""
    shared = shared_count(a, b)
    union = len(a) + len(b) - shared
    return shared / union if union else 0.0


def containment(a: Hashes, b: Hashes) -> float:
    """Shared hashes over those of the smaller set."""
    smaller = min(len(a), len(b))
    return shared_count(a, b) / smaller if smaller else 0.0


def shared_count(a: Hashes, b: Hashes) -> int:
    """How many hashes are in both: they are sorted and without repeats, so equal ones are neighbours once merged."""
    both = np.concatenate((a, b))
    both.sort(kind="stable")  # merges two runs in one go
    return int(np.count_nonzero(both[1:] == both[:-1]))


def copy_similarity(a: Hashes, b: Hashes, numbers_a: Hashes, numbers_b: Hashes) -> float | None:
    """The similarity of two near-duplicates, 0 to 1; None when they are not."""
    shared = shared_count(a, b)
    fewer = min(len(a), len(b))
    union = len(a) + len(b) - shared
    similarity = shared / union if union else 0.0
    if similarity < JACCARD_THRESHOLD:
        share = shared / fewer if fewer else 0.0
        if share < CONTAINMENT_THRESHOLD or fewer < CONTAINED_SHINGLES:
            return None
        similarity = share
    return None if is_template(numbers_a, numbers_b, fewer, fewer - shared) else similarity


def is_template(numbers_a: Hashes, numbers_b: Hashes, shingles: int, different: int) -> bool:
    """Whether two texts disagree in their numbers as items of one template do.

    `shingles` are those of the shorter text, `different` the ones of these that the other text does not have.
    """
    numbers = min(len(numbers_a), len(numbers_b))
    replaced = numbers - shared_count(numbers_a, numbers_b)
    is_dense = replaced > 0 and shingles <= SHINGLES_PER_NUMBER * replaced
    if replaced > numbers / 2:
        return is_dense or numbers >= TEMPLATE_NUMBERS
    # Fewer are replaced: an item, unless more was rewritten than the shingles that the numbers stand in.
    return is_dense and replaced >= REPLACED_SHARE * numbers and different <= SHINGLE_WORDS * replaced + OTHER_SHINGLES
