"""From a probability to the share of such answers that are right."""

import math

from tasks.enrichment import weights

LEAST_PROBABILITY = 1e-4


def confidence_of(probability: float, runner_up: float, candidate_count: int) -> float:
    """How likely the answer is right: by its probability, that of the best place elsewhere, and how many there are."""
    odds = (
        weights.CONFIDENCE_ALONE
        + weights.CONFIDENCE_OWN * log_odds(probability)
        + weights.CONFIDENCE_MARGIN * (probability - runner_up)
        + weights.CONFIDENCE_CANDIDATES * math.log(candidate_count)
    )
    return 1 / (1 + math.exp(-odds))


def log_odds(probability: float) -> float:
    """The logarithm of the odds, kept off infinity."""
    kept = min(max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
    return math.log(kept / (1 - kept))
