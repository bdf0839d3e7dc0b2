"""From a probability to the share of such answers that are right."""

import math
from functools import lru_cache

from tasks.enrichment.resolution import weights

LEAST_PROBABILITY = 1e-4
PROBABILITIES_KEPT = 1_000


# The mentions of one name in an article are equally likely.
@lru_cache(PROBABILITIES_KEPT)
def confidence_of(probability: float, *, is_embedded: bool) -> float:
    """How likely an answer is right, from its probability and whether it stands inside an organisation's name.

    A logistic regression on the logarithms of the probability and of what is missing to 1.
    """
    odds = (
        weights.CONFIDENCE_BASE
        + weights.CONFIDENCE_OF_PROBABILITY * math.log(max(probability, LEAST_PROBABILITY))
        - weights.CONFIDENCE_OF_REST * math.log(max(1 - probability, LEAST_PROBABILITY))
        + weights.CONFIDENCE_EMBEDDED * is_embedded
    )
    return 1 / (1 + math.exp(-odds))
