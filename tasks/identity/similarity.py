"""How alike two articles are, by their shingles, and when that makes one a copy of the other."""

import numpy as np

from tasks.identity.fingerprints import Hashes

# From here on a pair is a near-duplicate. Between 0.4 and 0.5 rewrites and mere relatives mix.
JACCARD_THRESHOLD = 0.5

# A cut copy shares few of the longer text's shingles but most of its own.
CONTAINMENT_THRESHOLD = 0.8

# A contained text shorter than this is a common phrase, not a copy.
CONTAINED_SHINGLES = 30

# Weather, prices and results repeat a template and differ in their numbers: such items stay apart.
TEMPLATE_NUMBERS = 4
TEMPLATE_AGREEMENT = 0.5


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
    return len(np.intersect1d(a, b, assume_unique=True))


def copy_similarity(a: Hashes, b: Hashes, numbers_a: Hashes, numbers_b: Hashes) -> float | None:
    """The similarity of two near-duplicates, 0 to 1; None when they are not."""
    similarity = jaccard(a, b)
    if similarity < JACCARD_THRESHOLD:
        share = containment(a, b)
        if share < CONTAINMENT_THRESHOLD or min(len(a), len(b)) < CONTAINED_SHINGLES:
            return None
        similarity = share
    return None if is_template(numbers_a, numbers_b) else similarity


def is_template(numbers_a: Hashes, numbers_b: Hashes) -> bool:
    """Whether two texts disagree in their numbers as items of one template do."""
    enough = min(len(numbers_a), len(numbers_b)) >= TEMPLATE_NUMBERS
    return enough and containment(numbers_a, numbers_b) < TEMPLATE_AGREEMENT
