"""Confidence as the share that is right."""

import pytest

from tasks.enrichment.resolution.calibration import confidence_of


def test_confidence_grows_with_probability_and_stays_between_0_and_1() -> None:
    shares = [confidence_of(probability, is_embedded=False) for probability in (0.0, 0.05, 0.3, 0.6, 0.9, 0.999, 1.0)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.05
    assert 0.99 < shares[-1] < 1


@pytest.mark.parametrize("probability", [0.2, 0.8, 1.0])
def test_a_place_inside_an_organisations_name_is_less_sure(probability: float) -> None:
    assert confidence_of(probability, is_embedded=True) < confidence_of(probability, is_embedded=False)
